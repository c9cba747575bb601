namespace Signet.Delivery.Destinations;

/// <summary>How many messages in a second a destination takes, roughly and lately. Not safe for threads.</summary>
internal sealed class RateMeter(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _since = time.GetTimestamp();
    private int _count;

    /// <summary>Null until it was measured.</summary>
    public double? PerSecond { get; private set; }

    /// <summary>One more.</summary>
    public void Count()
    {
        _count++;
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_since, now) is var elapsed && elapsed < Interval)
        {
            return;
        }

        var rate = _count / elapsed.TotalSeconds;
        PerSecond = PerSecond is { } before ? (before + rate) / 2 : rate;
        (_since, _count) = (now, 0);
    }
}
