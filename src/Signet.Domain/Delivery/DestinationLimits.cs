namespace Signet.Delivery;

/// <summary>
/// How hard Signet presses smarthosts, and how much it holds open itself. What the hosts of domains take says
/// <see cref="Destinations.Receivers"/>.
/// </summary>
public sealed record DestinationLimits
{
    public static DestinationLimits Default { get; } = new();

    /// <summary>Connections at a time to one smarthost.</summary>
    public int SmarthostConnections { get; init; } = 20;

    /// <summary>Connections at a time to all destinations.</summary>
    public int Connections { get; init; } = 1_000;

    /// <summary>Messages over one connection to a smarthost.</summary>
    public int SmarthostMessages { get; init; } = 1_000;

    /// <summary>How long a connection without work is kept.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Addresses tried in one attempt. The hosts of a domain share them: with ten hosts, the most that are tried, each gets two (RFC
    /// 5321 §5.1 asks for two at least). Later attempts try others.
    /// </summary>
    public int Addresses { get; init; } = 20;

    /// <summary>
    /// How long an attempt may take in all. Only the answer to a final dot is waited for longer: each wait of RFC 5321 §4.5.3.2 by
    /// itself would let a server that answers at the last moment hold a connection of ours for hours.
    /// </summary>
    public TimeSpan AttemptTime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Domains whose hosts are looked up at a time.</summary>
    public int Lookups { get; init; } = 100;

    /// <summary>Batches that wait for the hosts of their domains; beyond that they wait in the store.</summary>
    public int BatchesWithoutHosts { get; init; } = 5_000;
}
