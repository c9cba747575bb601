using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Traffic;

/// <summary>
/// Counts in the background what happened, so that accepting and delivering need not. It looks every two seconds, and while much
/// waits it rests nine times as long as it works: then charts fall behind, not sending. One node does it for all.
/// </summary>
public sealed class TrafficCounting(ITrafficCounter counter, Duties duties, TimeProvider time, ILogger<TrafficCounting> logger) : RepeatedWork(time)
{
    // Reading is most of it and holds nobody up; the sums, which on SQLite hold up the writer, are few however large the portion is.
    private const int Portion = 2_000;
    private const int RestFactor = 9;

    /// <summary>How far the counts are behind while little happens.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ForgetsEvery = TimeSpan.FromMinutes(10);

    private DateTimeOffset nextForgetting = DateTimeOffset.MinValue;

    /// <summary>Counts a portion, and forgets what is old when it is time to. Returns how long to rest.</summary>
    public async Task<TimeSpan> CountAsync(CancellationToken cancel)
    {
        var begin = Time.GetTimestamp();
        var now = Time.GetUtcNow();
        if (now >= nextForgetting)
        {
            await counter.ForgetAsync(now, cancel);
            nextForgetting = now + ForgetsEvery;
        }

        var (looked, unreadable) = await counter.CountAsync(Portion, now, cancel);
        if (unreadable > 0)
        {
            Log.NotCounted(logger, unreadable);
        }

        var rest = Time.GetElapsedTime(begin) * RestFactor;
        return looked < Portion && rest < Interval ? Interval : rest;
    }

    protected override async Task<TimeSpan> TurnAsync(CancellationToken cancel) =>
        await duties.IsMineAsync(Duty.TrafficCounting, cancel) ? await CountAsync(cancel) : Interval;

    protected override TimeSpan Failed(Exception failure)
    {
        if (failure is StoreUnavailableException)
        {
            Log.StoreAway(logger, Retry, failure.Message);
        }
        else
        {
            Log.CountFailed(logger, Retry, failure);
        }

        return Retry;
    }
}
