using Microsoft.Extensions.Time.Testing;
using Signet.Queue;

namespace Signet.Tests.Queue;

public sealed class RepeatedWorkTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_turn_that_fails_is_followed_by_another_after_its_own_pause()
    {
        using var work = new Work(_time) { Fails = true };
        await work.StartAsync(Cancel);
        await Eventually.TrueAsync(() => work.Turns == 1);
        Assert.Equal(["InvalidOperationException: as the test wants it"], work.Causes);

        work.Fails = false;
        await Eventually.TrueAsync(() => work.Turns == 2, () => _time.Advance(Work.AfterFailure));
        await Eventually.TrueAsync(() => work.Turns == 3, () => _time.Advance(Work.AfterTurn));

        await work.StopAsync(Cancel);
        Assert.Single(work.Causes);
        Assert.True(work.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task It_stops_in_the_middle_of_a_turn_without_calling_that_a_failure()
    {
        using var work = new Work(_time) { Hangs = true };
        await work.StartAsync(Cancel);
        await Eventually.TrueAsync(() => work.Turns == 1);

        await work.StopAsync(Cancel);

        Assert.Empty(work.Causes);
        Assert.True(work.ExecuteTask!.IsCompletedSuccessfully);
    }

    private sealed class Work(TimeProvider time) : RepeatedWork(time)
    {
        public static readonly TimeSpan AfterTurn = TimeSpan.FromSeconds(10);
        public static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

        private volatile int _turns;

        public volatile bool Fails;

        public bool Hangs { get; init; }

        public int Turns => _turns;

        public List<string> Causes { get; } = [];

        protected override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
        {
            var fails = Fails;
            Interlocked.Increment(ref _turns);
            await (Hangs ? new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromMinutes(1), cancel) : Task.CompletedTask);
            return fails ? throw new InvalidOperationException("as the test wants it") : AfterTurn;
        }

        protected override TimeSpan Failed(Exception failure)
        {
            Causes.Add(CauseOf(failure));
            return AfterFailure;
        }
    }
}
