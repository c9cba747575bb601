using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Signet.Queue;

/// <summary>
/// Counts a long queue in the background, on one node for all. It rests nineteen times as long as it counts, so that it takes a twentieth of one
/// processor at most, and at least <see cref="Interval"/>.
/// </summary>
public sealed class TotalsLoop(IQueueTotals totals, Duties duties, TimeProvider time, ILogger<TotalsLoop> logger)
    : BackgroundService
{
    /// <summary>How old counts are at least before the queue is counted again.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int RestFactor = 19;

    /// <summary>Counts if that is this node's duty. Returns how long to rest.</summary>
    public async Task<TimeSpan> RefreshAsync(CancellationToken cancel)
    {
        var begin = time.GetTimestamp();
        try
        {
            if (await duties.IsMineAsync(Duty.QueueTotals, cancel))
            {
                await totals.RefreshAsync(cancel);
            }
        }
        catch (StoreUnavailableException exception)
        {
            Log.StoreAway(logger, Interval, exception.Message);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            // The loop must go on: what fails now may succeed at the next turn.
            Log.QueueNotCounted(logger, Interval, exception);
        }

        var rest = time.GetElapsedTime(begin) * RestFactor;
        return rest > Interval ? rest : Interval;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(await RefreshAsync(stoppingToken), time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
