using Signet.Delivery.Tls;

namespace Signet.Delivery.Destinations;

/// <summary>What tells destinations apart: domains with the same hosts, limits, source and level of TLS share one.</summary>
/// <param name="Hosts">The names of all exchangers, sorted; empty for a smarthost.</param>
/// <param name="Receiver">The section of the file of receivers that it belongs to; empty for a smarthost.</param>
/// <param name="Smarthost">Null for exchangers.</param>
/// <param name="Source">The local addresses: receivers judge and limit each one by itself.</param>
/// <param name="Tls">What TLS must be: mail that needs it never goes over a connection that was opened without.</param>
internal sealed record DestinationKey(string Hosts, string Receiver, RouteTarget.Smarthost? Smarthost, Source Source, TlsLevel Tls)
{
    // Whoever asks for a level, one connection serves all that ask for it.
    public static DestinationKey Of(RouteTarget.Smarthost smarthost) =>
        new("", "", smarthost with { Tls = null }, Source.Any, TlsPolicies.OfSmarthost(smarthost, isLocal: false).Level);

    /// <summary>The key of exchangers, however their names are written and in whatever order.</summary>
    public static string HostsOf(IReadOnlyList<string> exchangers) =>
        string.Join(' ', exchangers.Select(x => x.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal));
}

/// <summary>A set of hosts that mail is scheduled for, and what it takes.</summary>
/// <param name="Key">What tells it from others.</param>
/// <param name="Connections">At a time, from 1.</param>
/// <param name="InitialConnections">As long as nothing is known of it.</param>
/// <param name="MessagesPerConnection">From 1.</param>
internal sealed record Destination(DestinationKey Key, int Connections, int InitialConnections, int MessagesPerConnection)
{
    /// <summary>For the log.</summary>
    public string Name => Key.Smarthost?.Host ?? Key.Hosts;

    public RouteTarget.Smarthost? Smarthost => Key.Smarthost;

    public Source Source => Key.Source;

    public double? MessagesPerSecond { get; init; }

    /// <summary>Whether it shares its limits with all destinations of its receiver.</summary>
    public bool IsShared { get; init; }

    public static Destination Of(DestinationKey key, Receiver receiver) => new(
        key, receiver.Limits.Connections!.Value, ConcurrencyWindow.Initial, receiver.Limits.MessagesPerConnection!.Value)
    {
        MessagesPerSecond = receiver.Limits.MessagesPerSecond,
        IsShared = receiver.IsShared ?? false,
    };

    // Its operator knows it: it need not be met carefully.
    public static Destination OfSmarthost(DestinationKey key, DestinationLimits limits) => new(
        key, limits.SmarthostConnections, limits.SmarthostConnections, limits.SmarthostMessages);
}
