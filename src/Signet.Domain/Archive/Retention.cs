using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Archive;

/// <summary>
/// Forgets in the background: contents after the retention time, histories after ten times that. It runs at start and then four
/// times per retention time, at least once an hour and at most once a minute, on one node for all. With a limit by size it runs every ten
/// minutes at least.
/// </summary>
/// <param name="archive">What forgets.</param>
/// <param name="retain">How long contents are kept.</param>
/// <param name="maxContent">Bytes of contents that are kept at most; null for no limit.</param>
/// <param name="duties">Which node does it.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it is logged.</param>
public sealed class Retention(
    IMessageArchive archive, TimeSpan retain, long? maxContent, Duties duties, TimeProvider time, ILogger<Retention> logger)
    : BackgroundService
{
    /// <summary>The history of a message (events, attempts, decision) is kept this many times as long as its content.</summary>
    public const int HistoryFactor = 10;

    private readonly TimeSpan interval = TimeSpan.FromTicks(
        Math.Clamp(retain.Ticks / 4, TimeSpan.TicksPerMinute, maxContent is null ? TimeSpan.TicksPerHour : 10 * TimeSpan.TicksPerMinute));

    /// <summary>Forgets once. Returns how many contents went.</summary>
    public async Task<int> PruneAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var count = await archive.PruneAsync(now - retain, now - (retain * HistoryFactor), cancel);
        if (maxContent is { } most)
        {
            count += await archive.PruneToAsync(most, cancel);
        }

        await archive.GiveBackRoomAsync(cancel);
        return count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            try
            {
                if (await duties.IsMineAsync(Duty.Retention, stoppingToken) && await PruneAsync(stoppingToken) is > 0 and var count)
                {
                    Log.Pruned(logger, count);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnavailableException exception)
            {
                Log.NotPruned(logger, interval, exception.Message);
            }
            catch (Exception exception)
            {
                // The loop must go on: what fails now may succeed at the next turn.
                Log.PruneFailed(logger, interval, exception);
            }
        }
        while (await NextAsync(timer, stoppingToken));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancel)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
