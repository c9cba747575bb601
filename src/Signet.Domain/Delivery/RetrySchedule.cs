namespace Signet.Delivery;

/// <summary>
/// When a deferred delivery is tried again. Early attempts are close together, since greylisting wants one after a few minutes;
/// SES's own schedule is not published, its end after 14 hours is (SES Developer Guide, "Email sending process").
/// </summary>
public static class RetrySchedule
{
    private const double Jitter = 0.15;

    private static readonly int[] Minutes = [1, 2, 5, 10, 20, 30, 60];

    /// <summary>How long after its acceptance a message is tried.</summary>
    public static TimeSpan MaxAge { get; } = TimeSpan.FromMinutes(840);

    /// <summary>
    /// How long to wait, jittered so that what failed together does not come back together; null when the message's time is over.
    /// The last attempt is made when it ends, not after.
    /// </summary>
    /// <param name="age">Of the message, since its acceptance.</param>
    /// <param name="attempts">How many attempts have ended, this one included; from 1.</param>
    /// <param name="random">Chance.</param>
    public static TimeSpan? Next(TimeSpan age, int attempts, Random random)
    {
        var left = MaxAge - age;
        if (left <= TimeSpan.Zero)
        {
            return null;
        }

        var minutes = attempts <= Minutes.Length
            ? Minutes[Math.Max(attempts, 1) - 1] * (1 + (Jitter * ((2 * random.NextDouble()) - 1)))
            : 60 + (30 * random.NextDouble());
        var wait = TimeSpan.FromMinutes(minutes);
        return wait < left ? wait : left;
    }
}
