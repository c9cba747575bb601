using Signet.Messages;
using Signet.Names;
using Signet.Queue;

namespace Signet.Archive;

/// <summary>All that is given must match; parts compare without case and match anywhere.</summary>
public sealed record MessageFilter
{
    /// <summary>
    /// Beginnings of words, all of which must be in the message: in its subject, addresses, MessageId, tags, text or names of attachments
    /// (<see cref="SearchWords"/>). A message is found so once it has been indexed, a moment after it was accepted.
    /// </summary>
    public string? Text { get; init; }

    public MessageId? Id { get; init; }

    public AccountId? Account { get; init; }

    /// <summary>
    /// Whether <see cref="ServerMail"/> matches too. Off unless set, because only administrators of the whole server may see it.
    /// </summary>
    public bool WithServerMail { get; init; }

    /// <summary>Part of an envelope recipient.</summary>
    public string? To { get; init; }

    /// <summary>Part of the Source.</summary>
    public string? From { get; init; }

    /// <summary>Part of the Source or of an envelope recipient.</summary>
    public string? Address { get; init; }

    public string? Subject { get; init; }

    /// <summary>One of its deliveries stands so.</summary>
    public DeliveryState? State { get; init; }

    public TagFilter? Tag { get; init; }

    /// <summary>Accepted at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Accepted before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only messages older (smaller by time, then id) than this one, which may be gone: the next page.</summary>
    public MessageId? Before { get; init; }

    /// <summary>Only messages newer than this one, which may be gone: what came since.</summary>
    public MessageId? After { get; init; }

    /// <summary>Only this message and older ones: a list that stays as it is while mail comes in. It may be gone.</summary>
    public MessageId? UpTo { get; init; }
}

/// <summary>A message tag to look for.</summary>
/// <param name="Name">The whole name.</param>
/// <param name="Value">The whole value; null is any.</param>
public readonly record struct TagFilter(string Name, string? Value);
