namespace Signet.Delivery.Destinations;

/// <summary>
/// Whether a destination is left alone because none of its hosts lets us in. One connection probes when the time is over; the others wait for
/// what becomes of it. Messages that wait meanwhile spend no attempts, as their own time runs on.
/// </summary>
internal sealed record BackOff
{
    private static readonly int[] Minutes = [1, 2, 5, 10, 30];

    // Retries of many destinations must not come together.
    private const double Jitter = 0.1;

    private readonly double _failed;
    private readonly int _step;
    private readonly DateTimeOffset? _until;

    private BackOff(double failed, int step, DateTimeOffset? until) => (_failed, _step, _until) = (failed, step, until);

    /// <summary>A destination that answers, as far as is known; so it is again when a host lets us in, whatever it says of a message.</summary>
    public static BackOff None { get; } = new(0, 0, null);

    /// <summary>When the next probe is due; null while the destination is not left alone.</summary>
    public DateTimeOffset? Until => _until;

    public bool IsOn => _until is not null;

    /// <summary>
    /// No host let us in. As many failures as the destination has connections begin a back-off, since one broken connection says little
    /// about a destination that has many (Postfix's "pseudo-cohort"). A failed probe begins the next, longer one.
    /// </summary>
    /// <param name="connections">That the destination may have at a time, from 1.</param>
    /// <param name="now">The time.</param>
    /// <param name="chance">From 0 to 1.</param>
    public BackOff Fail(int connections, DateTimeOffset now, double chance)
    {
        if (IsOn)
        {
            return Begin(Math.Min(_step + 1, Minutes.Length - 1), now, chance);
        }

        // A tenth of a failure is lost in binary fractions otherwise.
        var failed = _failed + (1.0 / connections);
        return failed > 1 - 1e-9 ? Begin(0, now, chance) : new BackOff(failed, 0, null);
    }

    /// <summary>Whether a connection may be opened: always, or for the one probe.</summary>
    public bool MayConnect(DateTimeOffset now) => _until is not { } until || now >= until;

    private static BackOff Begin(int step, DateTimeOffset now, double chance) =>
        new(0, step, now + (TimeSpan.FromMinutes(Minutes[step]) * (1 + (Jitter * ((2 * chance) - 1)))));
}
