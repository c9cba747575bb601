using Signet.Addresses;
using Signet.Names;
using Signet.Policies;

namespace Signet.Sending;

/// <summary>What authorization needs to know of a send: who, which action, which addresses and ARNs. No content.</summary>
public sealed record SendAttempt
{
    public required Caller Caller { get; init; }

    /// <summary>For instance <c>ses:SendEmail</c>.</summary>
    public required string Action { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>The Source parameter; null when a raw message's From header takes its place.</summary>
    public Mailbox? Source { get; init; }

    /// <summary>The mailboxes of the From header; one at least unless there is a Source.</summary>
    public IReadOnlyList<Mailbox> From { get; init; } = [];

    /// <summary>The Sender header.</summary>
    public Mailbox? Sender { get; init; }

    /// <summary>The ReturnPath parameter or the Return-Path header.</summary>
    public Mailbox? ReturnPath { get; init; }

    /// <summary>Where bounces and complaints would go; null means <see cref="ReturnPath"/>, else the Source.</summary>
    public EmailAddress? Feedback { get; init; }

    public IReadOnlyList<Mailbox> Recipients { get; init; } = [];

    /// <summary>The parameter or header, and the identity it names.</summary>
    public NamedArn? SourceArn { get; init; }

    /// <inheritdoc cref="SourceArn"/>
    public NamedArn? FromArn { get; init; }

    /// <inheritdoc cref="SourceArn"/>
    public NamedArn? ReturnPathArn { get; init; }

    /// <summary>What the policies are asked about one address of the message and the identity that covers it.</summary>
    internal PolicyRequest PolicyRequestFor(SenderCheck check, IdentityArn identity)
    {
        // From, Sender and Source are each evaluated with their own display name; a return path with that of the first author.
        var from = check.Role != AddressRole.ReturnPath ? check.Mailbox : From.Count > 0 ? From[0] : Source;
        return new PolicyRequest
        {
            Principal = Caller.Principal,
            Action = Action,
            Resource = identity.ToString(),
            Time = Time,
            SecureTransport = Caller.SecureTransport,
            SourceIp = Caller.SourceIp,
            UserAgent = Caller.UserAgent,
            ApiVersion = Caller.ApiVersion,
            FromAddress = from?.Address,
            FromDisplayName = from?.DisplayName,
            FeedbackAddress = Feedback ?? (ReturnPath ?? Source ?? from)?.Address,
            Recipients = [.. Recipients.Select(r => r.Address)],
        };
    }
}
