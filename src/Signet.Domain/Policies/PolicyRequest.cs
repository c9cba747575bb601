using System.Net;
using Signet.Addresses;
using Signet.Names;

namespace Signet.Policies;

/// <summary>
/// What a policy is asked about: who wants to do what with which resource, and the values its conditions may look at. A value
/// that the request does not have is null, which a condition sees as a missing key.
/// </summary>
public sealed record PolicyRequest
{
    public required Principal Principal { get; init; }

    /// <summary>With its prefix and in SES's spelling: <c>ses:SendEmail</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The ARN of the identity, or <c>*</c> for an action that concerns none.</summary>
    public required string Resource { get; init; }

    /// <summary><c>aws:CurrentTime</c> and <c>aws:EpochTime</c>.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary><c>aws:SecureTransport</c>.</summary>
    public bool? SecureTransport { get; init; }

    /// <summary><c>aws:SourceIp</c>.</summary>
    public IPAddress? SourceIp { get; init; }

    /// <summary><c>aws:UserAgent</c>.</summary>
    public string? UserAgent { get; init; }

    /// <summary><c>ses:ApiVersion</c>: <c>1</c> or <c>2</c>.</summary>
    public string? ApiVersion { get; init; }

    /// <summary><c>ses:FromAddress</c>.</summary>
    public EmailAddress? FromAddress { get; init; }

    /// <summary><c>ses:FromDisplayName</c>, decoded and unquoted.</summary>
    public string? FromDisplayName { get; init; }

    /// <summary><c>ses:FeedbackAddress</c>.</summary>
    public EmailAddress? FeedbackAddress { get; init; }

    /// <summary><c>ses:Recipients</c>; null where the action has none, which is not the same as an empty list.</summary>
    public IReadOnlyList<EmailAddress>? Recipients { get; init; }
}
