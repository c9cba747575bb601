using Signet.Events;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;

namespace Signet.Archive;

/// <summary>
/// Reading what was accepted and what became of it, and forgetting it: the inbox of <c>signet dev</c> and the record of
/// <c>signet serve</c>. The content of a message whose deliveries have all ended is kept for the retention time, its history
/// (events, attempts, decision) ten times as long.
/// </summary>
public interface IMessageArchive
{
    /// <summary>Messages that match, newest first.</summary>
    Task<IReadOnlyList<ArchivedMessage>> FindAsync(MessageFilter filter, int limit, CancellationToken cancel);

    /// <summary>A page of what <see cref="FindAsync"/> finds, without decisions and deliveries: for lists of any length.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="offset">How many of the newest to pass over, for a list that is scrolled to any place.</param>
    /// <param name="limit">The size of a page.</param>
    /// <param name="cancel">Gives up.</param>
    Task<IReadOnlyList<MessageSummary>> ListAsync(MessageFilter filter, int offset, int limit, CancellationToken cancel);

    /// <summary>How many messages match.</summary>
    Task<long> CountAsync(MessageFilter filter, CancellationToken cancel);

    /// <summary>The message, <see cref="ServerMail"/> included: the caller checks who may see it.</summary>
    Task<ArchivedMessage?> GetAsync(MessageId id, CancellationToken cancel);

    /// <summary>
    /// The bytes as delivered; null when the message is unknown, or its content no longer kept or
    /// <see cref="ArchivedMessage.IsContentHidden">hidden</see>.
    /// </summary>
    Task<ReadOnlyMemory<byte>?> GetContentAsync(MessageId id, CancellationToken cancel);

    /// <summary>The attempts to deliver one message that ended, recipient by recipient, oldest first.</summary>
    Task<IReadOnlyList<ArchivedAttempt>> GetAttemptsAsync(MessageId id, CancellationToken cancel);

    /// <summary>What happened to one message, oldest first.</summary>
    Task<IReadOnlyList<MessageEvent>> GetEventsAsync(MessageId id, CancellationToken cancel);

    /// <summary>Events of all messages, newest first.</summary>
    Task<IReadOnlyList<MessageEvent>> ListEventsAsync(AccountRegion? owner, EventType? type, int limit, CancellationToken cancel);

    /// <summary>Removes messages that match with everything about them; deliveries still waiting are dropped. Returns how many.</summary>
    Task<int> DeleteAsync(MessageFilter filter, CancellationToken cancel);

    /// <summary>
    /// Forgets contents of messages finished before <paramref name="contentBefore"/>, and histories, refusals and counters older than
    /// <paramref name="historyBefore"/> (counters are kept two weeks at least). Returns how many contents went.
    /// </summary>
    Task<int> PruneAsync(DateTimeOffset contentBefore, DateTimeOffset historyBefore, CancellationToken cancel);

    /// <summary>
    /// Forgets contents until all together have at most so many bytes. Those of messages that finished first go first; a message with an open
    /// delivery keeps its content. Returns how many went.
    /// </summary>
    Task<int> PruneToAsync(long maxBytes, CancellationToken cancel);

    /// <summary>
    /// Gives room that deleted mail leaves back to the file system, in portions that hold up sending briefly. Does nothing where the engine does it by
    /// itself, as PostgreSQL does, and in an SQLite file that an earlier version made.
    /// </summary>
    Task GiveBackRoomAsync(CancellationToken cancel);

    /// <summary>Everything that came in by the API goes: messages, identities, policies, counters. Accounts, users and keys stay.</summary>
    /// <param name="account">Only what is this account's goes; null for all accounts, and the server's own mail.</param>
    /// <param name="cancel">Some of it may be gone when this is cancelled.</param>
    Task ResetAsync(AccountId? account, CancellationToken cancel);
}

/// <summary>
/// An accepted message without its content. Without an owner it is <see cref="ServerMail"/>. Of what policies said, its decision has what is
/// stored: the statements that decided.
/// </summary>
public sealed record ArchivedMessage(
    MessageId Id,
    AccountRegion? Owner,
    DateTimeOffset AcceptedAt,
    string Principal,
    string Operation,
    string Source,
    string? SourceArn,
    string BounceAddress,
    string EnvelopeFrom,
    string Subject,
    string? SourceIp,
    int Size,
    IReadOnlyList<MessageTag> Tags,
    SendDecision Decision,
    IReadOnlyList<ArchivedDelivery> Deliveries)
{
    /// <summary>The recipient of that delivery; a text that says so when its row cannot be read and so is not among <see cref="Deliveries"/>.</summary>
    public string RecipientOf(int ordinal) => Deliveries.FirstOrDefault(d => d.Ordinal == ordinal)?.Recipient ?? "[cannot be read]";

    /// <summary>True for <see cref="ServerMail"/> whose content this archive shows to nobody.</summary>
    public bool IsContentHidden { get; init; }
}

/// <summary>Where one recipient's delivery stands.</summary>
public sealed record ArchivedDelivery(
    int Ordinal,
    string Recipient,
    DeliveryState State,
    int Attempts,
    DateTimeOffset? NextAttemptAt,
    string? Result)
{
    /// <summary>The target that an operator gave it; null for the configured route, and once it has ended.</summary>
    public string? Route { get; init; }

    /// <summary>The number of the suspension that holds it, or will when its attempt is deferred; null for none.</summary>
    public long? Suspension { get; init; }
}

/// <summary>An attempt, and the ordinal of the recipient that it was for.</summary>
public sealed record ArchivedAttempt(int Ordinal, Attempt Attempt);
