namespace Signet.Delivery.Destinations;

/// <summary>What all destinations have in common.</summary>
/// <param name="limits">Limits of this node.</param>
/// <param name="chance">From 0 to 1, for waits that must not end together.</param>
/// <param name="time">The clock.</param>
internal sealed class DestinationContext(DestinationLimits limits, Func<double> chance, TimeProvider time)
{
    private int _busy;

    public DestinationLimits Limits => limits;

    public TimeProvider Time => time;

    /// <summary>Connections of the node.</summary>
    public ConnectionSlots Slots { get; } = new(limits.Connections);

    /// <summary>How many destinations have batches waiting.</summary>
    public int Busy => Volatile.Read(ref _busy);

    public double Chance() => chance();

    /// <summary>One destination more, or less, has batches waiting.</summary>
    public void CountBusy(int change) => Interlocked.Add(ref _busy, change);
}

/// <summary>What all destinations of a receiver keep to together.</summary>
internal sealed class ReceiverShare(Destination destination, TimeProvider time)
{
    public ConnectionSlots Slots { get; } = new(destination.Connections);

    public PacedRate? Rate { get; } = PacedRate.Of(destination.MessagesPerSecond, time);
}

/// <summary>A rate that several threads keep to.</summary>
internal sealed class PacedRate
{
    private readonly Lock _lock = new();
    private readonly TokenBucket _bucket;

    private PacedRate(TokenBucket bucket) => _bucket = bucket;

    /// <summary>Null without a limit.</summary>
    public static PacedRate? Of(double? perSecond, TimeProvider time) => perSecond is { } rate ? new PacedRate(new TokenBucket(rate, time)) : null;

    /// <inheritdoc cref="TokenBucket.TryTake"/>
    public bool TryTake(out TimeSpan wait)
    {
        lock (_lock)
        {
            return _bucket.TryTake(out wait);
        }
    }

    /// <inheritdoc cref="TokenBucket.GiveBack"/>
    public void GiveBack()
    {
        lock (_lock)
        {
            _bucket.GiveBack();
        }
    }
}
