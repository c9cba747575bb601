using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Archive;
using Signet.Events;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;

namespace Signet.Tests.Archive;

public sealed class RetentionTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider time = new(Start);
    private readonly PruneRecorder archive = new();

    [Fact]
    public async Task Stories_are_kept_ten_times_as_long_as_contents()
    {
        using var retention = Of(TimeSpan.FromDays(3));

        await retention.PruneAsync(TestContext.Current.CancellationToken);

        Assert.Equal((Start - TimeSpan.FromDays(3), Start - TimeSpan.FromDays(30)), await archive.NextAsync());
    }

    [Fact]
    public async Task It_forgets_at_start_and_again_every_hour()
    {
        using var retention = Of(TimeSpan.FromDays(7));
        await retention.StartAsync(TestContext.Current.CancellationToken);
        await archive.NextAsync();

        time.Advance(TimeSpan.FromHours(1));

        var (content, _) = await archive.NextAsync();
        Assert.Equal(Start + TimeSpan.FromHours(1) - TimeSpan.FromDays(7), content);
        await retention.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task It_keeps_to_a_size_and_gives_room_back()
    {
        using var retention = Of(TimeSpan.FromDays(3), maxContent: 5_000);

        Assert.Equal(3, await retention.PruneAsync(TestContext.Current.CancellationToken));

        Assert.Equal([5_000], archive.Sizes);
        Assert.Equal(1, archive.GaveBack);
    }

    [Fact]
    public async Task It_forgets_every_ten_minutes_when_the_size_is_limited()
    {
        using var retention = Of(TimeSpan.FromDays(7), maxContent: 5_000);
        await retention.StartAsync(TestContext.Current.CancellationToken);
        await archive.NextAsync();

        time.Advance(TimeSpan.FromMinutes(10));

        await archive.NextAsync();
        await retention.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task It_goes_on_after_a_failure()
    {
        archive.Fails = true;
        using var retention = Of(TimeSpan.FromDays(7));
        await retention.StartAsync(TestContext.Current.CancellationToken);
        await archive.NextAsync();
        archive.Fails = false;

        time.Advance(TimeSpan.FromHours(1));

        await archive.NextAsync();
        await retention.StopAsync(TestContext.Current.CancellationToken);
    }

    private Retention Of(TimeSpan retain, long? maxContent = null) => new(archive, retain, maxContent, Duties.Alone, time, NullLogger<Retention>.Instance);

    /// <summary>Knows nothing but when it was asked to forget.</summary>
    private sealed class PruneRecorder : IMessageArchive
    {
        private readonly System.Threading.Channels.Channel<(DateTimeOffset, DateTimeOffset)> asked =
            System.Threading.Channels.Channel.CreateUnbounded<(DateTimeOffset, DateTimeOffset)>();

        public volatile bool Fails;

        public List<long> Sizes { get; } = [];

        public int GaveBack { get; private set; }

        public Task<(DateTimeOffset Content, DateTimeOffset History)> NextAsync() =>
            asked.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync("that it is asked to forget");

        public Task<int> PruneAsync(DateTimeOffset contentBefore, DateTimeOffset historyBefore, CancellationToken cancel)
        {
            asked.Writer.TryWrite((contentBefore, historyBefore));
            return Fails ? Task.FromException<int>(new InvalidOperationException("as the test wants it")) : Task.FromResult(1);
        }

        public Task<int> PruneToAsync(long maxBytes, CancellationToken cancel)
        {
            Sizes.Add(maxBytes);
            return Task.FromResult(2);
        }

        public Task GiveBackRoomAsync(CancellationToken cancel)
        {
            GaveBack++;
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<ArchivedMessage>> FindAsync(MessageFilter filter, int limit, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<MessageSummary>> ListAsync(MessageFilter filter, int offset, int limit, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<long> CountAsync(MessageFilter filter, CancellationToken cancel) => throw new NotSupportedException();

        public Task<ArchivedMessage?> GetAsync(MessageId id, CancellationToken cancel) => throw new NotSupportedException();

        public Task<ReadOnlyMemory<byte>?> GetContentAsync(MessageId id, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlyList<ArchivedAttempt>> GetAttemptsAsync(MessageId id, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlyList<MessageEvent>> GetEventsAsync(MessageId id, CancellationToken cancel) => throw new NotSupportedException();

        public Task<IReadOnlyList<MessageEvent>> ListEventsAsync(AccountRegion? owner, EventType? type, int limit, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<int> DeleteAsync(MessageFilter filter, CancellationToken cancel) => throw new NotSupportedException();

        public Task ResetAsync(AccountId? account, CancellationToken cancel) => throw new NotSupportedException();
    }
}
