using System.Net;
using Signet.Addresses;
using Signet.Messages;
using Signet.Names;

namespace Signet.Sending;

/// <summary>A message submitted for sending, from any entry point. Addresses are parsed; nothing else has been checked.</summary>
public sealed record SubmissionRequest
{
    public required Caller Caller { get; init; }

    /// <summary>The action as policies name it: <c>ses:SendEmail</c>, <c>ses:SendRawEmail</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The Source parameter. Null for a raw message without one, whose From header then takes its place.</summary>
    public Mailbox? Source { get; init; }

    /// <summary>The ReturnPath parameter: where feedback goes (SendEmail).</summary>
    public Mailbox? ReturnPath { get; init; }

    public ArnText? SourceArn { get; init; }

    public ArnText? FromArn { get; init; }

    public ArnText? ReturnPathArn { get; init; }

    public required SubmissionContent Content { get; init; }

    /// <summary>Message tags of the call; null when the call has none, so that those of a header count.</summary>
    public IReadOnlyList<MessageTag>? Tags { get; init; }

    public string? ConfigurationSet { get; init; }
}

/// <summary>An ARN as the caller wrote it. The domain parses it, as it does the ARNs of header fields.</summary>
public readonly record struct ArnText(string Value);

/// <summary>The sender of a request, and what is known of its connection.</summary>
/// <param name="Principal">Whose account pays and whose permissions count.</param>
/// <param name="Region">Where identities are looked for.</param>
/// <param name="SourceIp">Where the request came from; null where no request was made.</param>
/// <param name="UserAgent">As the client gave it.</param>
/// <param name="SecureTransport">Whether TLS protected the request; null where no request was made.</param>
/// <param name="ApiVersion"><c>1</c> or <c>2</c>; null where no API was used.</param>
public sealed record Caller(
    Principal Principal,
    Region Region,
    IPAddress? SourceIp,
    string? UserAgent,
    bool? SecureTransport,
    string? ApiVersion)
{
    public AccountRegion Scope => new(Principal.Account, Region);
}

/// <summary>The content to send: parts to compose a message from, or a message.</summary>
public abstract record SubmissionContent
{
    private SubmissionContent()
    {
    }

    /// <summary>The envelope as far as the caller names it, with repetitions; empty for a raw message without destinations.</summary>
    public abstract IEnumerable<Mailbox> Recipients { get; }

    /// <summary>Subject and bodies (SendEmail).</summary>
    /// <param name="To">To addresses; all three lists together are the envelope.</param>
    /// <param name="Cc">Cc addresses.</param>
    /// <param name="Bcc">Bcc addresses; never in the message.</param>
    /// <param name="ReplyTo">Reply-To addresses.</param>
    /// <param name="Subject">The subject.</param>
    /// <param name="Text">The text body, if any.</param>
    /// <param name="Html">The HTML body, if any.</param>
    public sealed record Parts(
        IReadOnlyList<Mailbox> To,
        IReadOnlyList<Mailbox> Cc,
        IReadOnlyList<Mailbox> Bcc,
        IReadOnlyList<Mailbox> ReplyTo,
        TextPart Subject,
        TextPart? Text,
        TextPart? Html) : SubmissionContent
    {
        public override IEnumerable<Mailbox> Recipients => To.Concat(Cc).Concat(Bcc);
    }

    /// <summary>A message as the caller made it (SendRawEmail).</summary>
    /// <param name="Data">The bytes.</param>
    /// <param name="Destinations">The envelope; empty means To, Cc and Bcc of the message.</param>
    public sealed record Raw(ReadOnlyMemory<byte> Data, IReadOnlyList<Mailbox> Destinations) : SubmissionContent
    {
        public override IEnumerable<Mailbox> Recipients => Destinations;
    }
}
