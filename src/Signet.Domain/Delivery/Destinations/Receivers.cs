namespace Signet.Delivery.Destinations;

/// <summary>What receivers take, by their exchangers and domains: the file <c>receivers.ini</c>, and what an operator says over it.</summary>
public sealed class Receivers
{
    /// <summary>The receiver that is none of the others.</summary>
    internal const string Default = "default";

    private readonly IReadOnlyList<Receiver> _all;
    private readonly Receiver _default;

    private Receivers(IReadOnlyList<Receiver> all, Receiver usual) => (_all, _default) = (all, usual);

    /// <summary>The file that comes with the program.</summary>
    public static string ShippedFile { get; } = ReadShipped();

    /// <summary>Those that come with the program.</summary>
    public static Receivers Shipped { get; } = Of(ReceiverFile.Parse(ShippedFile));

    /// <summary>Every local address that mail may be sent from.</summary>
    public IEnumerable<System.Net.IPAddress> SourceAddresses =>
        _all.Append(_default).SelectMany(r => r.Limits.SourceAddresses ?? []).Select(s => s.Address).Distinct();

    /// <summary>The same with the text of an operator's file over it.</summary>
    /// <exception cref="FormatException">It cannot be read; the text names the line and says what it should be.</exception>
    public Receivers With(string text) => With(ReceiverFile.Parse(text));

    /// <exception cref="FormatException">None of them is the default, or it does not say everything.</exception>
    internal static Receivers Of(IReadOnlyList<Receiver> all) =>
        all.FirstOrDefault(r => r.Name == Default) is { Limits: { Connections: not null, MessagesPerConnection: not null } } usual
            ? new Receivers([.. all.Where(r => r != usual)], usual)
            : throw new FormatException($"the section [{Default}] with its connections and messages per connection is missing");

    /// <summary>The same with an operator's file over it: sections of the same name are merged, others come first.</summary>
    internal Receivers With(IReadOnlyList<Receiver> operators)
    {
        var known = _all.Append(_default).ToDictionary(r => r.Name, StringComparer.OrdinalIgnoreCase);
        List<Receiver> merged = [.. operators.Select(r => known.Remove(r.Name, out var shipped) ? Merge(r, shipped) : r)];
        return Of([.. merged, .. known.Values]);
    }

    /// <summary>Who receives at a destination, with limits that say everything.</summary>
    /// <param name="domain">The recipient's domain.</param>
    /// <param name="exchangers">All hosts that receive for it.</param>
    internal Receiver Find(string domain, IReadOnlyList<string> exchangers)
    {
        // What an operator says of a domain is meant for it, whoever hosts it; then the longest name counts, as it is the nearest.
        var found = _all.FirstOrDefault(r => r.Domains.Any(s => s.Matches(domain)))
            ?? _all.Select(r => (Receiver: r, Length: Length(r, exchangers))).Where(r => r.Length > 0).OrderByDescending(r => r.Length)
                .Select(r => r.Receiver).FirstOrDefault()
            ?? _default;
        return found with { Limits = found.Limits.Over(_default.Limits) };
    }

    // 0 when one of them is somebody else's.
    private static int Length(Receiver receiver, IReadOnlyList<string> exchangers)
    {
        var shortest = int.MaxValue;
        foreach (var host in exchangers)
        {
            var longest = receiver.Exchangers.Where(s => s.Matches(host)).Select(s => s.Value.Length).DefaultIfEmpty(0).Max();
            shortest = Math.Min(shortest, longest);
        }

        return exchangers.Count == 0 ? 0 : shortest;
    }

    private static Receiver Merge(Receiver operators, Receiver shipped) => operators with
    {
        Exchangers = operators.Exchangers.Count > 0 ? operators.Exchangers : shipped.Exchangers,
        Domains = operators.Domains.Count > 0 ? operators.Domains : shipped.Domains,
        Limits = operators.Limits.Over(shipped.Limits),
        IsShared = operators.IsShared ?? shipped.IsShared,
    };

    private static string ReadShipped()
    {
        using var stream = typeof(Receivers).Assembly.GetManifestResourceStream("Signet.Delivery.Destinations.receivers.ini")
            ?? throw new InvalidOperationException("the file of receivers is not part of the program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
