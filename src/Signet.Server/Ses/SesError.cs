using Signet.Server.Aws;

namespace Signet.Server.Ses;

/// <summary>The errors of SES's own, with the code and status that the SES API Reference gives each action.</summary>
internal static class SesError
{
    /// <summary>An operation of SES that Signet does not have. The text is ours.</summary>
    public static AwsError NotSupported(string action, string missing) =>
        new("InvalidAction", 400, $"Signet does not support {action} yet: it has no {missing}.");

    /// <summary>A value of the right shape that the service rejects.</summary>
    public static AwsError InvalidParameterValue(string text) => new("InvalidParameterValue", 400, text);

    public static AwsError InvalidPolicy(string text) => new("InvalidPolicy", 400, text);

    public static AwsError LimitExceeded(string text) => new("LimitExceeded", 400, text);

    /// <summary>An identity whose confirmation mail a paused account asks for.</summary>
    public static AwsError AccountSendingPaused(string text) => new("AccountSendingPausedException", 400, text);
}
