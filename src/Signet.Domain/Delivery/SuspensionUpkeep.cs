using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>Releases what suspensions hold that have ended, when resuming was broken off. One node does it for all.</summary>
public sealed class SuspensionUpkeep(ISuspensions suspensions, Duties duties, TimeProvider time, ILogger<SuspensionUpkeep> logger) : RepeatedWork(time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override TimeSpan FirstPause => Interval;

    protected override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        if (await duties.IsMineAsync(Duty.Suspensions, cancel))
        {
            await suspensions.ReleaseLeftoversAsync(cancel);
        }

        return Interval;
    }

    protected override TimeSpan Failed(Exception failure)
    {
        Log.LeftoversNotReleased(logger, Interval, CauseOf(failure));
        return Interval;
    }
}
