using Microsoft.Extensions.Logging;

namespace Signet.Queue;

/// <summary>
/// Counts a long queue in the background, on one node for all. It rests nineteen times as long as it counts, so that it takes a twentieth of one
/// processor at most, and at least <see cref="Interval"/>.
/// </summary>
public sealed class TotalsLoop(IQueueTotals totals, Duties duties, TimeProvider time, ILogger<TotalsLoop> logger) : RepeatedWork(time)
{
    /// <summary>How old counts are at least before the queue is counted again.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int RestFactor = 19;

    protected override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        var begin = Time.GetTimestamp();
        if (await duties.IsMineAsync(Duty.QueueTotals, cancel))
        {
            await totals.RefreshAsync(cancel);
        }

        var rest = Time.GetElapsedTime(begin) * RestFactor;
        return rest > Interval ? rest : Interval;
    }

    protected override TimeSpan Failed(Exception failure)
    {
        if (failure is StoreUnavailableException)
        {
            Log.StoreAway(logger, Interval, failure.Message);
        }
        else
        {
            Log.QueueNotCounted(logger, Interval, failure);
        }

        return Interval;
    }
}
