namespace Signet.Delivery.Destinations;

/// <summary>A rate: so many messages in a second, and as many at once after a pause as one second gives. Not safe for threads.</summary>
/// <param name="perSecond">More than 0.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(double perSecond, TimeProvider time)
{
    // A tick is lost in binary fractions otherwise, and who waited would wait once more.
    private const double Rounding = 1e-6;

    private readonly double _most = Math.Max(1, perSecond);
    private double _tokens = Math.Max(1, perSecond);
    private long _at = time.GetTimestamp();

    /// <summary>Takes one message's share. False when there is none; then it is worth asking again after <paramref name="wait"/>.</summary>
    public bool TryTake(out TimeSpan wait)
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(_most, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
        if (_tokens >= 1 - Rounding)
        {
            _tokens--;
            wait = TimeSpan.Zero;
            return true;
        }

        wait = TimeSpan.FromSeconds((1 - _tokens) / perSecond) + TimeSpan.FromTicks(1);
        return false;
    }

    /// <summary>The share was not used.</summary>
    public void GiveBack() => _tokens = Math.Min(_most, _tokens + 1);
}
