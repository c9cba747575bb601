namespace Signet.Delivery.Destinations;

/// <summary>
/// Finds the hosts of domains before their batches are queued. One look-up serves all batches that wait for the domain; only so many look-ups
/// are made at a time.
/// </summary>
/// <param name="finder">Makes the look-ups.</param>
/// <param name="limits">How many.</param>
/// <param name="found">Takes what was found, and the batches.</param>
/// <param name="broke">Takes the batches of a look-up that failed by an error of this program.</param>
/// <param name="cancel">Nothing is found any more.</param>
internal sealed class HostLookups(
    HostFinder finder,
    DestinationLimits limits,
    Action<NextHop.Domain, MailHosts, List<DeliveryBatch>> found,
    Action<DeliveryBatch, Exception> broke,
    CancellationToken cancel)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NextHop.Domain, List<DeliveryBatch>> _waiting = [];
    private readonly Queue<NextHop.Domain> _later = [];
    private int _running;
    private int _batches;

    /// <summary>Lets a batch wait for the hosts of its domain; false when too many do.</summary>
    /// <returns>The look-up, when it was begun now.</returns>
    public bool TryAdd(NextHop.Domain hop, DeliveryBatch batch, out Task? lookup)
    {
        lookup = null;
        lock (_lock)
        {
            if (_batches >= limits.BatchesWithoutHosts)
            {
                return false;
            }

            _batches++;
            if (_waiting.TryGetValue(hop, out var others))
            {
                others.Add(batch);
                return true;
            }

            _waiting.Add(hop, [batch]);
            if (_running >= limits.Lookups)
            {
                _later.Enqueue(hop);
                return true;
            }

            _running++;
        }

        // Most answers are in the cache: then this is done by now.
        lookup = RunAsync(hop);
        return true;
    }

    private async Task RunAsync(NextHop.Domain first)
    {
        for (var hop = first; hop is not null; hop = Next())
        {
            try
            {
                var hosts = await finder.FindAsync(hop.Value, cancel);
                found(hop, hosts, Take(hop));
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                // They stay claimed until the node leaves.
                Take(hop);
            }
            catch (Exception e)
            {
                Take(hop).ForEach(s => broke(s, e));
            }
        }
    }

    private List<DeliveryBatch> Take(NextHop.Domain hop)
    {
        lock (_lock)
        {
            _waiting.Remove(hop, out var batches);
            _batches -= batches?.Count ?? 0;
            return batches ?? [];
        }
    }

    private NextHop.Domain? Next()
    {
        lock (_lock)
        {
            if (!cancel.IsCancellationRequested && _later.TryDequeue(out var next))
            {
                return next;
            }

            _running--;
            return null;
        }
    }
}
