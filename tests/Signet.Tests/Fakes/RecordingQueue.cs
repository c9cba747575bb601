using Signet.Queue;

namespace Signet.Tests.Fakes;

/// <summary>Remembers what was stored and settled; can be told to fail.</summary>
internal sealed class RecordingQueue : IMessageQueue
{
    private readonly Lock _lock = new();

    public List<(NewMessage Message, double? Quota, Lease? Lease)> Stored { get; } = [];

    public List<Settlement> Settled { get; } = [];

    public List<LeasedMessage> Waiting { get; } = [];

    /// <summary>When something was asked for, and how much.</summary>
    public List<(DateTimeOffset At, int Limit)> LeaseCalls { get; } = [];

    public List<DeliveryKey> Renewed { get; } = [];

    public List<(DeliveryKey Delivery, DateTimeOffset Until)> Postponed { get; } = [];

    public List<string> Released { get; } = [];

    public EnqueueResult Answer { get; set; } = EnqueueResult.Stored;

    /// <summary>How many of the next writes fail.</summary>
    public int Failures { get; set; }

    /// <summary>Ends with every write that succeeded.</summary>
    public SemaphoreSlim Settlements { get; } = new(0);

    public Task<EnqueueResult> EnqueueAsync(NewMessage message, double? quota, Lease? lease, CancellationToken cancel)
    {
        lock (_lock)
        {
            FailIfTold();
            if (Answer == EnqueueResult.Stored)
            {
                Stored.Add((message, quota, lease));
            }

            return Task.FromResult(Answer);
        }
    }

    public Task<IReadOnlyList<LeasedMessage>> LeaseAsync(Lease lease, DateTimeOffset now, int limit, CancellationToken cancel)
    {
        lock (_lock)
        {
            LeaseCalls.Add((now, limit));
            FailIfTold();
            List<LeasedMessage> leased = [.. Waiting.Take(limit)];
            Waiting.RemoveRange(0, leased.Count);
            return Task.FromResult<IReadOnlyList<LeasedMessage>>(leased);
        }
    }

    public Task<int> SettleAsync(string node, IReadOnlyList<Settlement> results, CancellationToken cancel)
    {
        lock (_lock)
        {
            FailIfTold();
            Settled.AddRange(results);
        }

        Settlements.Release(results.Count);
        return Task.FromResult(results.Count);
    }

    public Task<int> RenewAsync(Lease lease, IReadOnlyList<DeliveryKey> deliveries, CancellationToken cancel)
    {
        lock (_lock)
        {
            FailIfTold();
            Renewed.AddRange(deliveries);
            return Task.FromResult(deliveries.Count);
        }
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

    public Task<int> ReleaseAllAsync(DateTimeOffset now, DateTimeOffset until, CancellationToken cancel) => Task.FromResult(0);

    public Task<int> ReleaseAsync(string node, CancellationToken cancel)
    {
        Released.Add(node);
        return Task.FromResult(0);
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
