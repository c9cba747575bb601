using Signet.Addresses;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;

namespace Signet.Queue;

/// <summary>A message as it enters the queue: everything that one transaction stores.</summary>
public sealed record NewMessage
{
    public required MessageId Id { get; init; }

    /// <summary>The account that sent it: whose quota it uses and whose statistics count it. Null for <see cref="ServerMail"/>.</summary>
    public required AccountRegion? Owner { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>ARN of the caller, or <see cref="ServerMail.Principal"/>.</summary>
    public required string Principal { get; init; }

    /// <summary>SES's name of the action: <c>SendEmail</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>The Source as written, display name included.</summary>
    public required string Source { get; init; }

    /// <summary>ARN of the identity that let it be sent; null for <see cref="ServerMail"/>.</summary>
    public required string? SourceArn { get; init; }

    /// <summary>Where bounces and complaints are to be reported.</summary>
    public required EmailAddress BounceAddress { get; init; }

    /// <summary>MAIL FROM of the deliveries.</summary>
    public required EmailAddress EnvelopeFrom { get; init; }

    /// <summary>The decoded Subject, of a long one the beginning; empty if there is none.</summary>
    public required string Subject { get; init; }

    public required string? SourceIp { get; init; }

    /// <summary>Message tags by name.</summary>
    public required IReadOnlyList<MessageTag> Tags { get; init; }

    public required SendDecision Decision { get; init; }

    /// <summary>The bytes that will be delivered, CRLF line ends, header first.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>The layout of the content; null where it has to be read from the content later.</summary>
    public MessageLayout? Layout { get; init; }

    /// <summary>One delivery each, in this order; no address twice.</summary>
    public required IReadOnlyList<EmailAddress> Recipients { get; init; }

    /// <summary>
    /// How deliveries ended that end with the acceptance, for they go no further than the archive: stored with the message, and
    /// claimed by nobody.
    /// </summary>
    public IReadOnlyList<DeliveryResult> Captured { get; init; } = [];

    /// <summary>Deliveries that wait for a suspension to end: stored as held, and claimed by nobody.</summary>
    public IReadOnlyList<HeldDelivery> Held { get; init; } = [];

    /// <summary>How many recipients count against the 24-hour quota: not the mailbox simulator's, none of <see cref="ServerMail"/>.</summary>
    public required int QuotaUse { get; init; }
}
