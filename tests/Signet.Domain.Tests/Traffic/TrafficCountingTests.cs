using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Queue;
using Signet.Traffic;

namespace Signet.Tests.Traffic;

public sealed class TrafficCountingTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordingCounter counter;

    public TrafficCountingTests() => counter = new RecordingCounter(time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_rests_two_seconds_when_little_waits()
    {
        counter.Waiting = 3;
        using var counting = Counting();

        Assert.Equal(TimeSpan.FromSeconds(2), await counting.CountAsync(Cancel));
    }

    [Theory]
    [InlineData(2000, 10, 90)]
    [InlineData(3, 1000, 9000)]
    public async Task It_rests_nine_times_as_long_as_it_works(int waiting, int works, int rests)
    {
        counter.Waiting = waiting;
        counter.Works = TimeSpan.FromMilliseconds(works);
        using var counting = Counting();

        Assert.Equal(TimeSpan.FromMilliseconds(rests), await counting.CountAsync(Cancel));
    }

    [Fact]
    public async Task It_forgets_at_first_and_then_every_ten_minutes()
    {
        using var counting = Counting();
        for (var minute = 0; minute < 20; minute++)
        {
            await counting.CountAsync(Cancel);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(2, counter.Forgotten);
    }

    [Fact]
    public async Task It_goes_on_when_the_store_is_back()
    {
        counter.Fails = true;
        using var counting = Counting();
        await counting.StartAsync(Cancel);
        await counter.Asked.Reader.ReadAsync(Cancel).AsTask().InTimeAsync();
        counter.Fails = false;

        // The rest begins a moment after the failure: time passes until it has been waited for.
        await Eventually.TrueAsync(() => counter.Asked.Reader.TryRead(out _), () => time.Advance(TimeSpan.FromSeconds(5)));

        await counting.StopAsync(Cancel);
    }

    private TrafficCounting Counting() => new(counter, Duties.Alone, time, NullLogger<TrafficCounting>.Instance);

    private sealed class RecordingCounter(FakeTimeProvider time) : ITrafficCounter
    {
        public Channel<int> Asked { get; } = Channel.CreateUnbounded<int>();

        public int Waiting { get; set; }

        public TimeSpan Works { get; set; }

        public int Forgotten { get; private set; }

        public volatile bool Fails;

        public Task<CountedPortion> CountAsync(int limit, DateTimeOffset now, CancellationToken cancel)
        {
            Asked.Writer.TryWrite(limit);
            time.Advance(Works);
            return Fails ? throw new StoreUnavailableException("the store is away") : Task.FromResult(new CountedPortion(Math.Min(limit, Waiting), 0));
        }

        public Task ForgetAsync(DateTimeOffset now, CancellationToken cancel)
        {
            Forgotten++;
            return Task.CompletedTask;
        }
    }
}
