using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Archive;
using Signet.Queue;

namespace Signet.Tests.Archive;

public sealed class SearchIndexingTests
{
    private readonly RecordingIndex index = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_the_index_does_not_take_keeps_no_other_and_is_indexed_without_its_words()
    {
        index.Waiting.AddRange([Message("a"), Message("bad"), Message("c")]);
        index.Refuses = (message, words) => message.Id == "bad" && words.Count > 0;
        using var indexing = Indexing();

        Assert.Equal(3, await indexing.IndexAsync(Cancel));

        Assert.Equal(["a", "bad", "c"], index.Added.Select(a => a.Id));
        Assert.Equal([true, false, true], index.Added.Select(a => a.Words.Contains("subject")));
    }

    [Fact]
    public async Task A_store_that_is_away_is_not_asked_for_each_message()
    {
        index.Waiting.AddRange([Message("a"), Message("b")]);
        index.Failure = new StoreUnavailableException("the disk is full");
        using var indexing = Indexing();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => indexing.IndexAsync(Cancel));

        Assert.Equal(1, index.Calls);
    }

    private SearchIndexing Indexing() => new(index, new ArrivalSignal(), Duties.Alone, new FakeTimeProvider(), NullLogger<SearchIndexing>.Instance);

    private static UnindexedMessage Message(string id) =>
        new(id, "111122223333", DateTimeOffset.UnixEpoch, "sender@example.com", "a subject", "[]", ["to@example.com"], null);

    private sealed class RecordingIndex : ISearchIndex
    {
        public List<UnindexedMessage> Waiting { get; } = [];

        public List<(string Id, IReadOnlyList<string> Words)> Added { get; } = [];

        public Func<UnindexedMessage, IReadOnlyList<string>, bool> Refuses { get; set; } = (_, _) => false;

        public Exception? Failure { get; set; }

        public int Calls { get; private set; }

        public Task<IReadOnlyList<UnindexedMessage>> NextAsync(int limit, int maxContent, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<UnindexedMessage>>([.. Waiting.Take(limit)]);

        public Task<int> AddAsync(IReadOnlyList<(UnindexedMessage Message, IReadOnlyList<string> Words)> messages, CancellationToken cancel)
        {
            Calls++;
            if (Failure is { } failure)
            {
                throw failure;
            }

            if (messages.Any(m => Refuses(m.Message, m.Words)))
            {
                throw new InvalidOperationException("a constraint does not hold");
            }

            Added.AddRange(messages.Select(m => (m.Message.Id, m.Words)));
            return Task.FromResult(messages.Count);
        }
    }
}
