using Signet.Delivery.Tls;

namespace Signet.Delivery.Destinations;

/// <summary>A receiver with limits of its own: who it is, and what it takes.</summary>
/// <param name="Name">For people.</param>
/// <param name="Exchangers">
/// Ends of host names. A destination belongs to the receiver when each of its exchangers ends in one of them: with a host of somebody else among
/// them, that one may stand in front.
/// </param>
/// <param name="Domains">Recipient domains, or ends of them.</param>
/// <param name="Limits">What it takes; what it does not say is that of the receiver named <see cref="Receivers.Default"/>.</param>
internal sealed record Receiver(string Name, IReadOnlyList<NameSuffix> Exchangers, IReadOnlyList<NameSuffix> Domains, ReceiverLimits Limits)
{
    /// <summary>Whether all of its destinations together keep to the limits, or each for itself; null says nothing.</summary>
    public bool? IsShared { get; init; }
}

/// <summary>What a receiver takes. Null says nothing.</summary>
internal sealed record ReceiverLimits
{
    /// <summary>Connections at a time, from 1.</summary>
    public int? Connections { get; init; }

    /// <summary>Messages on one connection, from 1.</summary>
    public int? MessagesPerConnection { get; init; }

    /// <summary>Messages in a second, from all connections; more than 0.</summary>
    public double? MessagesPerSecond { get; init; }

    /// <summary>What TLS must be.</summary>
    public TlsPolicy? Tls { get; init; }

    /// <summary>Local addresses that connections are made from; empty lets the system choose.</summary>
    public IReadOnlyList<SourceAddress>? SourceAddresses { get; init; }

    /// <summary>These limits, and where they say nothing the others.</summary>
    public ReceiverLimits Over(ReceiverLimits others) => new()
    {
        Connections = Connections ?? others.Connections,
        MessagesPerConnection = MessagesPerConnection ?? others.MessagesPerConnection,
        MessagesPerSecond = MessagesPerSecond ?? others.MessagesPerSecond,
        Tls = Tls ?? others.Tls,
        SourceAddresses = SourceAddresses ?? others.SourceAddresses,
    };
}

/// <summary>The end of a host name: <c>.example.com</c> for all names below it, <c>mx.example.com</c> for that one.</summary>
internal readonly record struct NameSuffix(string Value)
{
    /// <summary>Whether it is the end of the name, in whole labels.</summary>
    public bool Matches(string name) => Value[0] == '.'
        ? name.EndsWith(Value, StringComparison.OrdinalIgnoreCase)
        : name.Equals(Value, StringComparison.OrdinalIgnoreCase);
}
