namespace Signet.Archive;

/// <summary>
/// The search index. Every stored message waits here, by its id only, until <see cref="SearchIndexing"/> has split it into words. Several
/// nodes may do so at once.
/// </summary>
public interface ISearchIndex
{
    /// <summary>Messages that wait to be indexed, oldest first.</summary>
    /// <param name="limit">How many.</param>
    /// <param name="maxContent">How many bytes of each content.</param>
    /// <param name="cancel">Gives up.</param>
    Task<IReadOnlyList<UnindexedMessage>> NextAsync(int limit, int maxContent, CancellationToken cancel);

    /// <summary>
    /// Stores in one transaction what is to be found of messages, which then wait no longer. Those that do not wait any more are left
    /// out: another node was quicker, or they are gone. Returns how many were stored.
    /// </summary>
    Task<int> AddAsync(IReadOnlyList<(UnindexedMessage Message, IReadOnlyList<string> Words)> messages, CancellationToken cancel);
}

/// <summary>What is read of a message to index it.</summary>
/// <param name="Id">The message, as it is stored.</param>
/// <param name="Account">Who sent it; empty for <see cref="Queue.ServerMail"/>.</param>
/// <param name="AcceptedAt">When.</param>
/// <param name="Source">As written.</param>
/// <param name="Subject">Decoded.</param>
/// <param name="Tags">As stored.</param>
/// <param name="Recipients">The envelope.</param>
/// <param name="Content">The beginning of its bytes; null once they are forgotten, and for <see cref="Queue.ServerMail"/>.</param>
public sealed record UnindexedMessage(
    string Id,
    string Account,
    DateTimeOffset AcceptedAt,
    string Source,
    string Subject,
    string Tags,
    IReadOnlyList<string> Recipients,
    ReadOnlyMemory<byte>? Content);
