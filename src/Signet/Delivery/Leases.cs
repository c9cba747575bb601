using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// The leases of what is in memory: renewed while it is there, given back for what does not fit. Where the store fails at that, they
/// run out by themselves.
/// </summary>
public sealed class Leases(IMessageQueue queue, Node node, TimeProvider time, ILogger<Leases> logger)
{
    /// <summary>Early enough that one renewal may fail.</summary>
    public TimeSpan RenewAfter => node.LeaseTime / 3;

    /// <summary>Gives deliveries back to the store until a time; ends before that is written.</summary>
    public void GiveBack(IEnumerable<DeliveryKey> deliveries, DateTimeOffset until) => _ = GiveBackAsync([.. deliveries], until);

    /// <summary>Renews the leases of shipments that are older than <see cref="RenewAfter"/>; false when the store cannot just now.</summary>
    internal async Task<bool> TryRenewAsync(IEnumerable<Shipment> shipments, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        Shipment[] old = [.. shipments.Where(s => now - s.LeasedAt >= RenewAfter)];
        try
        {
            await queue.RenewAsync(node.LeaseFrom(now), [.. old.SelectMany(s => s.Keys)], cancel);
            foreach (var shipment in old)
            {
                shipment.LeasedAt = now;
            }

            return true;
        }
        catch (StoreUnavailableException e)
        {
            Log.LeasesNotRenewed(logger, node.LeaseTime, e.Message);
            return false;
        }
    }

    private async Task GiveBackAsync(DeliveryKey[] deliveries, DateTimeOffset until)
    {
        try
        {
            await queue.PostponeAsync(node.Name, deliveries, until, CancellationToken.None);
        }
        catch (StoreUnavailableException e)
        {
            Log.LeasesNotReleased(logger, node.LeaseTime, e.Message);
        }
    }
}
