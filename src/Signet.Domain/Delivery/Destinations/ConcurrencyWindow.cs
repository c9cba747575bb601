namespace Signet.Delivery.Destinations;

/// <summary>
/// How many connections a destination may have at a time. It starts low, grows while connections deliver, and shrinks when the destination
/// refuses connections or asks to slow down: additive increase, multiplicative decrease, as in TCP (RFC 5681 §3.1) and in Postfix's queue
/// manager (SCHEDULER_README).
/// </summary>
internal sealed record ConcurrencyWindow
{
    /// <summary>Connections to a destination that is not known yet.</summary>
    public const int Initial = 2;

    /// <summary>How long after a refusal the window does not grow.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(5);

    /// <summary>A second refusal within this time leaves one connection.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private ConcurrencyWindow(int max, int size) => (Max, Size) = (max, size);

    /// <summary>Connections, from 1.</summary>
    public int Size { get; private init; }

    private int Max { get; init; }

    /// <summary>Messages since the window last changed.</summary>
    private int Delivered { get; init; }

    private DateTimeOffset? RefusedAt { get; init; }

    /// <summary>Whether it shrank to what the destination serves.</summary>
    private bool IsCounted { get; init; }

    /// <summary>A destination that is not known yet.</summary>
    /// <param name="max">The most that it takes, from 1.</param>
    /// <param name="initial">Connections that it may have at once.</param>
    public static ConcurrencyWindow Start(int max, int initial = Initial) => new(max, Math.Min(max, initial));

    /// <summary>
    /// A message was delivered or answered for itself. After as many as the window has connections it grows: it doubles up to half of the
    /// limit while nothing was refused yet, else it grows by one.
    /// </summary>
    /// <param name="busy">Connections that are open. A window that is not used up does not grow.</param>
    /// <param name="now">The time.</param>
    public ConcurrencyWindow Succeed(int busy, DateTimeOffset now)
    {
        if (busy < Size || Size >= Max || now - RefusedAt < Calm)
        {
            return this;
        }

        if (Delivered + 1 < Size)
        {
            return this with { Delivered = Delivered + 1 };
        }

        var size = RefusedAt is null && Size < Max / 2 ? Math.Min(Size * 2, Max / 2) : Size + 1;
        return this with { Size = size, Delivered = 0 };
    }

    /// <summary>The destination refused a connection or asked to slow down. The window halves; the second time in a while it is one.</summary>
    public ConcurrencyWindow Refuse(DateTimeOffset now) => this with
    {
        Size = now - RefusedAt < Patience ? 1 : Math.Max(1, Size / 2),
        Delivered = 0,
        RefusedAt = now,
        IsCounted = false,
    };

    /// <summary>
    /// The destination refused one connection more while it serves others: that is how many it takes. Nothing is wrong with those, so the window is
    /// not halved.
    /// </summary>
    /// <param name="open">Connections that it serves, from 1.</param>
    /// <param name="now">The time.</param>
    public ConcurrencyWindow Limit(int open, DateTimeOffset now) => this with
    {
        Size = Math.Min(open, Size),
        Delivered = 0,
        RefusedAt = now,
        IsCounted = true,
    };

    /// <summary>
    /// The destination serves so many connections. One that was on its way when another was refused may be let in: then that many are what it takes.
    /// </summary>
    public ConcurrencyWindow LetIn(int open) => IsCounted && open > Size ? this with { Size = Math.Min(open, Max), Delivered = 0 } : this;

    /// <summary>After a back-off the destination is met like a new one, one connection at first.</summary>
    public ConcurrencyWindow Restart(DateTimeOffset now) => this with { Size = 1, Delivered = 0, RefusedAt = now - Calm };
}
