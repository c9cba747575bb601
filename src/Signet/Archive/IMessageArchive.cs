using Signet.Events;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;

namespace Signet.Archive;

/// <summary>
/// Reading what was accepted and what became of it, and forgetting it: the inbox of <c>signet dev</c> and the record of
/// <c>signet serve</c>. The content of a message whose deliveries have all ended is kept for the retention time, its story
/// (events, attempts, decision) ten times as long.
/// </summary>
public interface IMessageArchive
{
    /// <summary>Messages that match, newest first.</summary>
    Task<IReadOnlyList<ArchivedMessage>> FindAsync(MessageFilter filter, int limit, CancellationToken cancel);

    Task<ArchivedMessage?> GetAsync(MessageId id, CancellationToken cancel);

    /// <summary>The bytes as delivered; null when the message is unknown or its content no longer kept.</summary>
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
    /// Forgets contents of messages finished before <paramref name="contentBefore"/>, and stories, refusals and counters older than
    /// <paramref name="storyBefore"/> (counters are kept two weeks at least). Returns how many contents went.
    /// </summary>
    Task<int> PruneAsync(DateTimeOffset contentBefore, DateTimeOffset storyBefore, CancellationToken cancel);

    /// <summary>Everything that came in by the API goes: messages, identities, policies, counters. Accounts, users and keys stay.</summary>
    Task ResetAsync(CancellationToken cancel);
}

/// <summary>All that is given must match; text compares without case and matches anywhere.</summary>
public sealed record MessageFilter
{
    public MessageId? Id { get; init; }

    public AccountId? Account { get; init; }

    /// <summary>Part of an envelope recipient.</summary>
    public string? To { get; init; }

    /// <summary>Part of the Source.</summary>
    public string? From { get; init; }

    public string? Subject { get; init; }

    /// <summary>Accepted at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only messages older (smaller by time, then id) than this one: the next page.</summary>
    public MessageId? Before { get; init; }
}

/// <summary>An accepted message without its content.</summary>
public sealed record ArchivedMessage(
    MessageId Id,
    AccountRegion Owner,
    DateTimeOffset AcceptedAt,
    string Principal,
    string Operation,
    string Source,
    string? SourceArn,
    string FeedbackAddress,
    string EnvelopeFrom,
    string Subject,
    string? SourceIp,
    int Size,
    IReadOnlyList<MessageTag> Tags,
    SendDecision Decision,
    IReadOnlyList<ArchivedDelivery> Deliveries);

/// <summary>Where one recipient's delivery stands.</summary>
public sealed record ArchivedDelivery(
    int Ordinal,
    string Recipient,
    DeliveryState State,
    int Attempts,
    DateTimeOffset? NextAttemptAt,
    string? Result);

/// <summary>An attempt, and the ordinal of the recipient that it was for.</summary>
public sealed record ArchivedAttempt(int Ordinal, Attempt Attempt);
