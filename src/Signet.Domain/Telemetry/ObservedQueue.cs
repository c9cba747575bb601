using Signet.Archive;
using Signet.Messages;
using Signet.Queue;

namespace Signet.Telemetry;

/// <summary>A queue that counts what it stores and wakes those who wait for a message, each time after the commit.</summary>
public sealed class ObservedQueue(IMessageQueue queue, ArrivalSignal arrivals, SignetMetrics metrics) : IMessageQueue
{
    public async Task<EnqueueResult> EnqueueAsync(NewMessage message, double? quota, string? node, CancellationToken cancel)
    {
        var result = await queue.EnqueueAsync(message, quota, node, cancel);
        if (result == EnqueueResult.Stored)
        {
            metrics.MessageAccepted();
            Count(message.Captured);
            arrivals.Raise();
        }

        return result;
    }

    public Task<ClaimedMessages> ClaimAsync(string node, ClaimRequest request, CancellationToken cancel) => queue.ClaimAsync(node, request, cancel);

    public Task<IReadOnlyList<string>> ListOverdueAsync(DateTimeOffset acceptedBy, CancellationToken cancel) => queue.ListOverdueAsync(acceptedBy, cancel);

    public Task<ClaimedMessages> ClaimOverdueAsync(string node, string domain, DateTimeOffset acceptedBy, int limit, CancellationToken cancel) =>
        queue.ClaimOverdueAsync(node, domain, acceptedBy, limit, cancel);

    public Task<bool> ReadContentAsync(MessageId id, Memory<byte> into, CancellationToken cancel) => queue.ReadContentAsync(id, into, cancel);

    public async Task<int> StoreResultsAsync(string node, IReadOnlyList<DeliveryResult> results, CancellationToken cancel)
    {
        var stored = await queue.StoreResultsAsync(node, results, cancel);

        // Attempts that ended are counted, also one whose claim was lost meanwhile: it was made all the same.
        Count(results);
        return stored;
    }

    public Task<int> PostponeAsync(string node, IReadOnlyList<DeliveryKey> deliveries, DateTimeOffset until, CancellationToken cancel) =>
        queue.PostponeAsync(node, deliveries, until, cancel);

    public Task<IReadOnlyDictionary<DeliveryState, long>> CountAsync(CancellationToken cancel) => queue.CountAsync(cancel);

    private void Count(IReadOnlyList<DeliveryResult> results)
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
