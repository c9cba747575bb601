using Signet.Archive;
using Signet.Messages;
using Signet.Queue;

namespace Signet.Telemetry;

/// <summary>A queue that counts what it stores and wakes those who wait for a message, each time after the commit.</summary>
public sealed class ObservedQueue(IMessageQueue queue, ArrivalSignal arrivals, SignetMetrics metrics) : IMessageQueue
{
    public async Task<EnqueueResult> EnqueueAsync(NewMessage message, double? quota, Lease? lease, CancellationToken cancel)
    {
        var result = await queue.EnqueueAsync(message, quota, lease, cancel);
        if (result == EnqueueResult.Stored)
        {
            metrics.MessageAccepted();
            Count(message.Captured);
            arrivals.Raise();
        }

        return result;
    }

    public Task<LeasedMessages> LeaseAsync(Lease lease, DateTimeOffset now, int limit, CancellationToken cancel) =>
        queue.LeaseAsync(lease, now, limit, cancel);

    public Task<bool> ReadContentAsync(MessageId id, Memory<byte> into, CancellationToken cancel) => queue.ReadContentAsync(id, into, cancel);

    public async Task<int> SettleAsync(string node, IReadOnlyList<Settlement> results, CancellationToken cancel)
    {
        var stored = await queue.SettleAsync(node, results, cancel);

        // Attempts that ended are counted, also one whose lease was lost meanwhile: it was made all the same.
        Count(results);
        return stored;
    }

    public Task<IReadOnlyList<DeliveryKey>> RenewAsync(Lease lease, IReadOnlyList<DeliveryKey> deliveries, CancellationToken cancel) =>
        queue.RenewAsync(lease, deliveries, cancel);

    public Task<int> PostponeAsync(string node, IReadOnlyList<DeliveryKey> deliveries, DateTimeOffset until, CancellationToken cancel) =>
        queue.PostponeAsync(node, deliveries, until, cancel);

    public Task<int> ReleaseAllAsync(DateTimeOffset now, DateTimeOffset until, CancellationToken cancel) =>
        queue.ReleaseAllAsync(now, until, cancel);

    public Task<int> ReleaseAsync(string node, CancellationToken cancel) => queue.ReleaseAsync(node, cancel);

    public Task<IReadOnlyDictionary<DeliveryState, long>> CountAsync(CancellationToken cancel) => queue.CountAsync(cancel);

    private void Count(IReadOnlyList<Settlement> results)
    {
        foreach (var result in results)
        {
            metrics.AttemptEnded(result.State);
            if (result.State == DeliveryState.Delivered && result.SinceAccepted is { } sinceAccepted)
            {
                metrics.Delivered(sinceAccepted);
            }
        }
    }
}
