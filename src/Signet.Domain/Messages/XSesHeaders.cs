namespace Signet.Messages;

/// <summary>
/// The header fields by which a raw message gives SES parameters. SES reads and removes them (SES Developer Guide, "Sending raw email": "Email
/// header fields"; "Using sending authorization with the SES API").
/// </summary>
public static class XSesHeaders
{
    public const string ConfigurationSet = "X-SES-CONFIGURATION-SET";

    public const string MessageTags = "X-SES-MESSAGE-TAGS";

    public const string SourceArn = "X-SES-SOURCE-ARN";

    public const string FromArn = "X-SES-FROM-ARN";

    public const string ReturnPathArn = "X-SES-RETURN-PATH-ARN";

    private const string ListManagement = "X-SES-LIST-MANAGEMENT-OPTIONS";

    private const string Tenant = "X-SES-TENANT";

    /// <summary>All that SES documents for sending. Other fields that begin with X-SES are the sender's own, or those of received mail.</summary>
    public static IReadOnlyList<string> All { get; } =
        [ConfigurationSet, MessageTags, SourceArn, FromArn, ReturnPathArn, ListManagement, Tenant];

    /// <summary>Those that ask for what Signet does not have. To remove them silently would look as if it had been done.</summary>
    public static IReadOnlyList<string> Unsupported { get; } = [ListManagement, Tenant];
}
