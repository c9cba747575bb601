namespace Signet.Delivery;

/// <summary>How hard Signet presses other servers, and how much it holds open itself.</summary>
public sealed record HopLimits
{
    public static HopLimits Default { get; } = new();

    /// <summary>Connections at a time to one smarthost.</summary>
    public int SmarthostConnections { get; init; } = 20;

    /// <summary>Connections at a time to the hosts of one domain.</summary>
    public int DomainConnections { get; init; } = 10;

    /// <summary>Connections at a time to all.</summary>
    public int Connections { get; init; } = 1_000;

    /// <summary>Messages over one connection to a smarthost.</summary>
    public int SmarthostMessages { get; init; } = 1_000;

    /// <summary>Messages over one connection to a domain's host; large receivers allow 20 to 100.</summary>
    public int DomainMessages { get; init; } = 100;

    /// <summary>How long a connection without work is kept.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Addresses tried in one attempt. The hosts of a domain share them: with ten hosts, the most that are tried, each gets two (RFC
    /// 5321 §5.1 asks for two at least).
    /// </summary>
    public int Addresses { get; init; } = 20;

    /// <summary>
    /// How long an attempt may take in all. Only the answer to a final dot is waited for longer: each wait of RFC 5321 §4.5.3.2 by
    /// itself would let a server that answers at the last moment hold a connection of ours for hours.
    /// </summary>
    public TimeSpan AttemptTime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Fruitless attempts to connect after which a destination rests.</summary>
    public int FailuresBeforeRest { get; init; } = 3;

    /// <summary>The first rest; each following one is twice as long, up to <see cref="LongestRest"/>.</summary>
    public TimeSpan FirstRest { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan LongestRest { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a destination rests after it has rested so many times; never longer than <see cref="LongestRest"/>.</summary>
    internal TimeSpan RestAfter(int rests)
    {
        // In whole ticks: the product of the first rest and a power of two soon is more than a TimeSpan holds.
        const int bits = 63;
        return rests >= bits || FirstRest.Ticks > LongestRest.Ticks >> rests ? LongestRest : TimeSpan.FromTicks(FirstRest.Ticks << rests);
    }

    internal int ConnectionsTo(NextHop hop) => hop is NextHop.Relay ? SmarthostConnections : DomainConnections;

    internal int MessagesTo(NextHop hop) => hop is NextHop.Relay ? SmarthostMessages : DomainMessages;
}
