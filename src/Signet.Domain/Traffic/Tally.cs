namespace Signet.Traffic;

/// <summary>Something that happened to some recipients, as it is counted.</summary>
/// <param name="Account">Who sent.</param>
/// <param name="Region">Where.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Identity">ARN; null when none was needed.</param>
/// <param name="Destinations">The domain of each recipient, one as often as it has recipients.</param>
public sealed record CountedEvent(
    string Account, string Region, DateTimeOffset At, TrafficKind Kind, string? Identity, IReadOnlyList<string> Destinations);

/// <summary>Where a count belongs.</summary>
/// <param name="Resolution">How finely.</param>
/// <param name="Start">The minute since 1970 in which the period begins.</param>
/// <param name="Account">Who sent.</param>
/// <param name="Region">Where.</param>
/// <param name="Dimension">What it is broken down by; null for the total.</param>
/// <param name="Name">The identity or destination; <see cref="Tally.Others"/> for those not kept apart, and for the sum.</param>
public readonly record struct TrafficCell(
    TrafficResolution Resolution, long Start, string Account, string Region, TrafficDimension? Dimension, string Name)
{
    internal TrafficCell Rest => this with { Name = Tally.Others };
}

/// <summary>Adds up what happened. Pure.</summary>
public static class Tally
{
    /// <summary>
    /// How many names are kept apart in one period of an account in a region, so that mail to ever new domains does not fill the store;
    /// what comes on top is counted together.
    /// </summary>
    public const int MostNames = 200;

    /// <summary>The name of what is not kept apart.</summary>
    public const string Others = "";

    /// <summary>The counts to add, the largest first, so that the busiest names find room. Counts that are too old are left out.</summary>
    public static IReadOnlyList<(TrafficCell Cell, TrafficCounts Counts)> Of(IEnumerable<CountedEvent> events, DateTimeOffset now)
    {
        Dictionary<TrafficCell, TrafficCounts> cells = [];
        foreach (var counted in events)
        {
            foreach (var resolution in TrafficResolution.All.Where(r => counted.At > now - r.Kept))
            {
                Add(cells, counted, resolution);
            }
        }

        return [.. cells
            .GroupBy(c => c.Key.Rest)
            .SelectMany(names => Bounded([.. names.OrderByDescending(c => c.Value.Total).ThenBy(c => c.Key.Name, StringComparer.Ordinal)]))];
    }

    private static void Add(Dictionary<TrafficCell, TrafficCounts> cells, CountedEvent counted, TrafficResolution resolution)
    {
        var start = resolution.StartOf(counted.At);
        var one = TrafficCounts.Of(counted.Kind);
        foreach (var destination in counted.Destinations)
        {
            Add(null, Others);
            Add(TrafficDimension.Destination, destination);
            if (counted.Identity is { } identity)
            {
                Add(TrafficDimension.Identity, identity);
            }
        }

        void Add(TrafficDimension? dimension, string name)
        {
            var cell = new TrafficCell(resolution, start, counted.Account, counted.Region, dimension, name);
            cells[cell] = cells.GetValueOrDefault(cell) + one;
        }
    }

    private static IEnumerable<(TrafficCell Cell, TrafficCounts Counts)> Bounded(IReadOnlyList<KeyValuePair<TrafficCell, TrafficCounts>> names)
    {
        foreach (var (cell, counts) in names.Take(MostNames))
        {
            yield return (cell, counts);
        }

        if (names.Count > MostNames)
        {
            yield return (names[0].Key.Rest, names.Skip(MostNames).Aggregate(default(TrafficCounts), (sum, n) => sum + n.Value));
        }
    }
}
