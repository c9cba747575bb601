using Signet.Addresses;

namespace Signet.Messages;

/// <summary>The mailboxes in a message's header, groups resolved; fields of one name count together.</summary>
public sealed record MessageAddresses
{
    public IReadOnlyList<Mailbox> From { get; init; } = [];

    public IReadOnlyList<Mailbox> To { get; init; } = [];

    public IReadOnlyList<Mailbox> Cc { get; init; } = [];

    public IReadOnlyList<Mailbox> Bcc { get; init; } = [];

    public Mailbox? ReturnPath { get; init; }

    public IReadOnlyList<Mailbox> ReplyTo { get; init; } = [];

    public Mailbox? Sender { get; init; }
}
