using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// The leases of what is in memory: renewed while it is there, given back for what does not fit. Where the store fails at that, they
/// run out by themselves.
/// </summary>
public sealed class Leases(IMessageQueue queue, Node node, TimeProvider time, ILogger<Leases> logger)
{
    /// <summary>Shipments whose leases are renewed in one unit: bounds how long accepting waits for it.</summary>
    private const int Portion = 500;

    private static readonly TimeSpan LogsEvery = TimeSpan.FromSeconds(1);

    private long _logged = long.MinValue;

    /// <summary>Early enough that one renewal may fail.</summary>
    public TimeSpan RenewAfter => node.LeaseTime / 3;

    /// <summary>Gives deliveries back to the store until a time, unattempted; ends before that is written.</summary>
    /// <param name="deliveries">Which.</param>
    /// <param name="until">When they may be leased again.</param>
    /// <param name="cause">Why, for the log; null when there is nothing to say.</param>
    public void GiveBack(IEnumerable<DeliveryKey> deliveries, DateTimeOffset until, string? cause = null)
    {
        if (cause is not null && MayLog())
        {
            Log.GivenBack(logger, cause);
        }

        _ = GiveBackAsync([.. deliveries], until);
    }

    /// <summary>
    /// Renews the leases of shipments that are older than <see cref="RenewAfter"/>, and takes out of them what is leased to another
    /// node by now. False when the store cannot just now.
    /// </summary>
    internal async Task<bool> TryRenewAsync(IEnumerable<Shipment> shipments, CancellationToken cancel)
    {
        try
        {
            var now = time.GetUtcNow();
            foreach (var old in shipments.Where(s => now - s.LeasedAt >= RenewAfter).Chunk(Portion))
            {
                var lost = await queue.RenewAsync(node.LeaseFrom(now), [.. old.SelectMany(s => s.Keys)], cancel);
                HashSet<DeliveryKey> lostKeys = [.. lost];
                foreach (var shipment in old)
                {
                    shipment.LeasedAt = now;
                    if (lostKeys.Count > 0)
                    {
                        shipment.Withdraw(lostKeys);
                    }
                }
            }

            return true;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            // Whatever it is, renewing must go on: without leases, others would deliver the same once more.
            Log.LeasesNotRenewed(logger, node.LeaseTime, OneLine(e));
            return false;
        }
    }

    private async Task GiveBackAsync(DeliveryKey[] deliveries, DateTimeOffset until)
    {
        try
        {
            await queue.PostponeAsync(node.Name, deliveries, until, CancellationToken.None);
        }
        catch (Exception e)
        {
            // Nobody waits for it, and there is nothing to mend: the leases run out.
            if (MayLog())
            {
                Log.LeasesNotReleased(logger, node.LeaseTime, OneLine(e));
            }
        }
    }

    private static string OneLine(Exception e) => e is StoreUnavailableException ? e.Message : $"{e.GetType().Name}: {e.Message}";

    // A store that is away fails thousands of deliveries at once: one line a second says it.
    private bool MayLog()
    {
        var (now, last) = (time.GetTimestamp(), Interlocked.Read(ref _logged));
        return (last == long.MinValue || time.GetElapsedTime(last, now) >= LogsEvery)
            && Interlocked.CompareExchange(ref _logged, now, last) == last;
    }
}
