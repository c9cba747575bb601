using Signet.Messages;
using Signet.Queue;

namespace Signet.Tests.Fakes;

/// <summary>
/// A stub, for what delivering asks of the queue and what it does when the store fails: it hands out what a test put in, once, and remembers
/// what was stored. Claims and states are tested over the real stores (<c>MessageQueueContract</c>).
/// </summary>
internal sealed class RecordingQueue : IMessageQueue
{
    private readonly Lock _lock = new();

    public List<(NewMessage Message, double? Quota, string? Node)> Stored { get; } = [];

    public List<DeliveryResult> Results { get; } = [];

    public List<ClaimedMessage> Waiting { get; } = [];

    /// <summary>When something was asked for, and how much.</summary>
    public List<(DateTimeOffset At, int Limit)> ClaimCalls { get; } = [];

    /// <summary>Contents of messages that wait without them.</summary>
    public Dictionary<MessageId, ReadOnlyMemory<byte>> Contents { get; } = [];

    /// <summary>Deliveries that are due and cannot be read.</summary>
    public List<UnreadableDelivery> Unreadable { get; } = [];

    /// <summary>Which results the store does not take, whenever it is asked to.</summary>
    public Func<DeliveryResult, bool> Refuses { get; set; } = _ => false;

    /// <summary>How often results were not taken.</summary>
    public int Refused { get; private set; }

    /// <summary>Thrown by the next claim, once.</summary>
    public Exception? Breaks { get; set; }

    public List<(DeliveryKey Delivery, DateTimeOffset Until)> Postponed { get; } = [];

    public EnqueueResult Answer { get; set; } = EnqueueResult.Stored;

    /// <summary>How many of the next writes fail.</summary>
    public int Failures { get; set; }

    /// <summary>Ends with every write that succeeded.</summary>
    public SemaphoreSlim Writes { get; } = new(0);

    public Task<EnqueueResult> EnqueueAsync(NewMessage message, double? quota, string? node, CancellationToken cancel)
    {
        lock (_lock)
        {
            FailIfTold();
            if (Answer == EnqueueResult.Stored)
            {
                Stored.Add((message, quota, node));
            }

            return Task.FromResult(Answer);
        }
    }

    /// <summary>Limits deliveries, as the real one does; a message is not divided here.</summary>
    public Task<ClaimedMessages> ClaimAsync(string node, ClaimRequest request, CancellationToken cancel)
    {
        lock (_lock)
        {
            ClaimCalls.Add((request.Now, request.Deliveries));
            FailIfTold();
            if (Breaks is { } failure)
            {
                Breaks = null;
                throw failure;
            }

            List<ClaimedMessage> claimed = [];
            var deliveries = 0;
            while (deliveries < request.Deliveries && Waiting.Count > 0)
            {
                claimed.Add(Waiting[0]);
                deliveries += Waiting[0].Deliveries.Count;
                Waiting.RemoveAt(0);
            }

            UnreadableDelivery[] unreadable = [.. Unreadable];
            Unreadable.Clear();
            return Task.FromResult(new ClaimedMessages(claimed)
            {
                Unreadable = unreadable,
                IsMore = request.Deliveries > 0 && deliveries >= request.Deliveries,
            });
        }
    }

    /// <summary>Those of <see cref="Waiting"/> that are old enough.</summary>
    public Task<IReadOnlyList<string>> ListOverdueAsync(DateTimeOffset acceptedBy, CancellationToken cancel)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<string>>(
                [.. Waiting.Where(m => m.AcceptedAt <= acceptedBy).Select(m => m.Deliveries[0].Recipient.Domain.Value).Distinct()]);
        }
    }

    public Task<ClaimedMessages> ClaimOverdueAsync(string node, string domain, DateTimeOffset acceptedBy, int limit, CancellationToken cancel)
    {
        lock (_lock)
        {
            List<ClaimedMessage> overdue = [.. Waiting.Where(m => m.AcceptedAt <= acceptedBy && m.Deliveries[0].Recipient.Domain.Value == domain).Take(limit)];
            Waiting.RemoveAll(overdue.Contains);
            return Task.FromResult(new ClaimedMessages(overdue) { IsMore = overdue.Count == limit });
        }
    }

    public Task<bool> ReadContentAsync(MessageId id, Memory<byte> into, CancellationToken cancel)
    {
        lock (_lock)
        {
            FailIfTold();
            return Task.FromResult(
                Contents.TryGetValue(id, out var content) && content.Length == into.Length && content.Span.TryCopyTo(into.Span));
        }
    }

    public Task<int> StoreResultsAsync(string node, IReadOnlyList<DeliveryResult> results, CancellationToken cancel)
    {
        lock (_lock)
        {
            FailIfTold();
            if (results.Any(Refuses))
            {
                Refused++;
                throw new InvalidOperationException("a constraint does not hold");
            }

            Results.AddRange(results);
        }

        Writes.Release(results.Count);
        return Task.FromResult(results.Count);
    }

    public Task<int> PostponeAsync(string node, IReadOnlyList<DeliveryKey> deliveries, DateTimeOffset until, CancellationToken cancel)
    {
        lock (_lock)
        {
            FailIfTold();
            Postponed.AddRange(deliveries.Select(d => (d, until)));
            return Task.FromResult(deliveries.Count);
        }
    }

    public Task<IReadOnlyDictionary<DeliveryState, long>> CountAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyDictionary<DeliveryState, long>>(new Dictionary<DeliveryState, long>());

    private void FailIfTold()
    {
        if (Failures > 0)
        {
            Failures--;
            throw new StoreUnavailableException("the disk is full");
        }
    }
}
