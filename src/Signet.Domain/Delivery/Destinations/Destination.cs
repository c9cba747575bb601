namespace Signet.Delivery.Destinations;

/// <summary>What tells destinations apart: domains with the same hosts, limits and source share one.</summary>
/// <param name="Hosts">The names of all exchangers, sorted; empty for a smarthost.</param>
/// <param name="Receiver">The section of the file of receivers that it belongs to; empty for a smarthost.</param>
/// <param name="Smarthost">Null for exchangers.</param>
/// <param name="Source">The local addresses: receivers judge and limit each one by itself.</param>
internal sealed record DestinationKey(string Hosts, string Receiver, RouteTarget.Smarthost? Smarthost, Source Source)
{
    public static DestinationKey Of(RouteTarget.Smarthost smarthost) => new("", "", smarthost, Source.Any);

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

    public bool RequiresTls { get; init; }

    public double? MessagesPerSecond { get; init; }

    /// <summary>Whether it shares its limits with all destinations of its receiver.</summary>
    public bool IsShared { get; init; }

    public static Destination Of(DestinationKey key, Receiver receiver) => new(
        key, receiver.Limits.Connections!.Value, ConcurrencyWindow.Initial, receiver.Limits.MessagesPerConnection!.Value)
    {
        RequiresTls = receiver.Limits.RequiresTls ?? false,
        MessagesPerSecond = receiver.Limits.MessagesPerSecond,
        IsShared = receiver.IsShared ?? false,
    };

    // Its operator knows it: it need not be met carefully.
    public static Destination Of(RouteTarget.Smarthost smarthost, DestinationLimits limits) => new(
        DestinationKey.Of(smarthost), limits.SmarthostConnections, limits.SmarthostConnections, limits.SmarthostMessages);
}
