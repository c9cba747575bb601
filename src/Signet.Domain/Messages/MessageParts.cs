using Signet.Addresses;

namespace Signet.Messages;

/// <summary>What a message is composed from. At least one of <see cref="Text"/> and <see cref="Html"/> is given.</summary>
public sealed record MessageParts
{
    public required Mailbox From { get; init; }

    public IReadOnlyList<Mailbox> ReplyTo { get; init; } = [];

    public IReadOnlyList<Mailbox> To { get; init; } = [];

    public IReadOnlyList<Mailbox> Cc { get; init; } = [];

    public required TextPart Subject { get; init; }

    public TextPart? Text { get; init; }

    public TextPart? Html { get; init; }
}
