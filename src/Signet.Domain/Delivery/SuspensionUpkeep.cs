using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>Releases what suspensions hold that have ended, when resuming was broken off. One node does it for all.</summary>
public sealed class SuspensionUpkeep(ISuspensions suspensions, Duties duties, TimeProvider time, ILogger<SuspensionUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, time, stoppingToken);
                if (await duties.IsMineAsync(Duty.Suspensions, stoppingToken))
                {
                    await suspensions.ReleaseLeftoversAsync(stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop must go on: what waits now is released by the next turn.
                Log.LeftoversNotReleased(logger, Interval, e is StoreUnavailableException ? e.Message : $"{e.GetType().Name}: {e.Message}");
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
