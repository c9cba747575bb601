using Signet.Archive;
using Signet.Events;
using Signet.Messages;
using Signet.Names;

namespace Signet.Tests.Fakes;

/// <summary>
/// An archive in a list. It keeps the contract of filters, order and pages (<c>MessageSearchContract</c>). What happened to a message is what a
/// test adds, and nothing is forgotten with time.
/// </summary>
internal sealed class FakeArchive : IMessageArchive
{
    /// <summary>By time, then by id.</summary>
    private static readonly Comparer<MessageId> ByPlace = Comparer<MessageId>.Create((one, other) =>
        one.AcceptedAtMilliseconds.CompareTo(other.AcceptedAtMilliseconds) is var order and not 0
            ? order
            : string.CompareOrdinal(one.Value, other.Value));

    private readonly Lock gate = new();
    private readonly List<(ArchivedMessage Message, byte[]? Content)> messages = [];
    private readonly List<MessageEvent> events = [];
    private readonly List<(MessageId Id, ArchivedAttempt Attempt)> attempts = [];

    /// <summary>Thrown by every call while it is set.</summary>
    public Exception? Failure { get; set; }

    public bool WasReset { get; private set; }

    /// <summary>Ends when somebody has looked and found nothing.</summary>
    public TaskCompletionSource FoundNothing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Add(ArchivedMessage message, string? content)
    {
        lock (gate)
        {
            messages.Add((message, content is null ? null : System.Text.Encoding.UTF8.GetBytes(content.ReplaceLineEndings("\r\n"))));
        }
    }

    public void Add(MessageEvent happened)
    {
        lock (gate)
        {
            events.Add(happened);
        }
    }

    public Task<IReadOnlyList<ArchivedMessage>> FindAsync(MessageFilter filter, int limit, CancellationToken cancel) =>
        Answer<IReadOnlyList<ArchivedMessage>>(() =>
        {
            List<ArchivedMessage> found = [.. Matching(filter).Take(limit)];
            if (found.Count == 0)
            {
                FoundNothing.TrySetResult();
            }

            return found;
        });

    public Task<IReadOnlyList<MessageSummary>> ListAsync(MessageFilter filter, int offset, int limit, CancellationToken cancel) =>
        Answer<IReadOnlyList<MessageSummary>>(() => [.. Matching(filter).Skip(offset).Take(limit).Select(m =>
            new MessageSummary(
                m.Id, m.Owner, m.AcceptedAt, m.Principal, m.Operation, m.Source, m.SourceArn, m.Subject, m.Size, m.Tags, true,
                [.. m.Deliveries.Take(MessageSummary.MaxRecipients).Select(d => d.Recipient)], m.Deliveries.Count,
                MessageSummary.Overall([.. m.Deliveries.Select(d => d.State)])))]);

    public Task<long> CountAsync(MessageFilter filter, CancellationToken cancel) => Answer(() => (long)Matching(filter).Count);

    public Task<ArchivedMessage?> GetAsync(MessageId id, CancellationToken cancel) =>
        Answer(() => messages.Select(m => m.Message).FirstOrDefault(m => m.Id == id));

    public Task<ReadOnlyMemory<byte>?> GetContentAsync(MessageId id, CancellationToken cancel) =>
        Answer(() => messages.Find(m => m.Message.Id == id) is { Message.IsContentHidden: false, Content: { } content }
            ? content
            : (ReadOnlyMemory<byte>?)null);

    public void Add(MessageId id, ArchivedAttempt attempt)
    {
        lock (gate)
        {
            attempts.Add((id, attempt));
        }
    }

    public Task<IReadOnlyList<ArchivedAttempt>> GetAttemptsAsync(MessageId id, CancellationToken cancel) =>
        Answer<IReadOnlyList<ArchivedAttempt>>(() => [.. attempts.Where(a => a.Id == id).Select(a => a.Attempt)]);

    public Task<IReadOnlyList<MessageEvent>> GetEventsAsync(MessageId id, CancellationToken cancel) =>
        Answer<IReadOnlyList<MessageEvent>>(() => [.. events.Where(e => e.MessageId == id)]);

    public Task<IReadOnlyList<MessageEvent>> ListEventsAsync(AccountRegion? owner, EventType? type, int limit, CancellationToken cancel) =>
        Answer<IReadOnlyList<MessageEvent>>(() =>
            [.. events.Where(e => (owner is null || e.Owner == owner) && (type is null || e.Type == type)).Reverse().Take(limit)]);

    public Task<int> DeleteAsync(MessageFilter filter, CancellationToken cancel) =>
        Answer(() =>
        {
            var gone = Matching(filter).ToHashSet();
            return messages.RemoveAll(m => gone.Contains(m.Message));
        });

    public Task<int> PruneAsync(DateTimeOffset contentBefore, DateTimeOffset historyBefore, CancellationToken cancel) => Answer(() => 0);

    public Task<int> PruneToAsync(long maxBytes, CancellationToken cancel) => Answer(() => 0);

    public Task GiveBackRoomAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task ResetAsync(AccountId? account, CancellationToken cancel) => Answer(() =>
    {
        messages.RemoveAll(m => account is null || m.Message.Owner?.Account == account);
        return WasReset = true;
    });

    private List<ArchivedMessage> Matching(MessageFilter filter) =>
        [.. messages.Select(m => m.Message).OrderByDescending(m => m.Id, ByPlace).Where(m =>
            (filter.Id is null || m.Id == filter.Id)
            && (filter.Before is not { } before || ByPlace.Compare(m.Id, before) < 0)
            && (filter.After is not { } after || ByPlace.Compare(m.Id, after) > 0)
            && (filter.UpTo is not { } last || ByPlace.Compare(m.Id, last) <= 0)
            && (filter.Account is null ? filter.WithServerMail || m.Owner is not null : m.Owner?.Account == filter.Account)
            && (filter.Since is null || m.AcceptedAt >= filter.Since)
            && (filter.Until is null || m.AcceptedAt < filter.Until)
            && (filter.State is null || m.Deliveries.Any(d => d.State == filter.State))
            && (filter.Tag is not { } tag || m.Tags.Any(t => t.Name == tag.Name && (tag.Value is null || t.Value == tag.Value)))
            && (filter.Text is null || SearchWords.Of(filter.Text).All(w => SearchWords.Of(m.Subject).Any(s => s.StartsWith(w, StringComparison.Ordinal))))
            && (Has(m.Source, filter.Address) || m.Deliveries.Any(d => Has(d.Recipient, filter.Address)))
            && Has(m.Source, filter.From)
            && Has(m.Subject, filter.Subject)
            && (filter.To is null || m.Deliveries.Any(d => Has(d.Recipient, filter.To))))];

    private static bool Has(string text, string? part) => part is null || text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private Task<T> Answer<T>(Func<T> answer)
    {
        if (Failure is { } failure)
        {
            return Task.FromException<T>(failure);
        }

        lock (gate)
        {
            return Task.FromResult(answer());
        }
    }
}
