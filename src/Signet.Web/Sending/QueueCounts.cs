using Signet.Queue;

namespace Signet.Web.Sending;

/// <summary>Waiting deliveries by state.</summary>
public readonly record struct QueueCounts(long Queued, long Deferred, long Held)
{
    public long Total => Queued + Deferred + Held;

    public static QueueCounts operator +(QueueCounts a, QueueCounts b) => new(a.Queued + b.Queued, a.Deferred + b.Deferred, a.Held + b.Held);

    public static QueueCounts Of(Destination destination) => new(destination.Queued, destination.Deferred, destination.Held);

    public static QueueCounts Of(QueuedDestinations all) => new(all.Queued, all.Deferred, all.Held);

    public static QueueCounts Of(WaitingDelivery delivery) => delivery.State switch
    {
        DeliveryState.Queued => new(1, 0, 0),
        DeliveryState.Deferred => new(0, 1, 0),
        DeliveryState.Held => new(0, 0, 1),
        _ => default,
    };

    /// <summary>Those there are: <c>3 queued, 9 deferred</c>.</summary>
    public override string ToString() => string.Join(", ", Parts().Where(p => p.Count > 0).Select(p => $"{Numbers.Show(p.Count)} {p.Word}"));

    private (string Word, long Count)[] Parts() => [("queued", Queued), ("deferred", Deferred), ("held", Held)];
}
