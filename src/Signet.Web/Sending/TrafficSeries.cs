using System.Globalization;
using Signet.Traffic;

namespace Signet.Web.Sending;

/// <summary>One of the numbers that are counted, as it is drawn: distinguished by its colour, its marker and its dashes.</summary>
/// <param name="Name">Part of its CSS classes.</param>
/// <param name="Word">As it is shown.</param>
/// <param name="Dash">An SVG <c>stroke-dasharray</c>.</param>
/// <param name="Marker">An SVG path around 0,0, eight units wide.</param>
/// <param name="Of">The number.</param>
public sealed record TrafficSeries(string Name, string Word, string Dash, string Marker, Func<TrafficCounts, long> Of)
{
    public static TrafficSeries Accepted { get; } = new("accepted", "Accepted", "none", "M-4 0 a4 4 0 1 0 8 0 a4 4 0 1 0 -8 0", c => c.Accepted);

    public static TrafficSeries Delivered { get; } = new("delivered", "Delivered", "6 3", "M-3.5 -3.5 h7 v7 h-7 z", c => c.Delivered);

    public static TrafficSeries Deferred { get; } = new("deferred", "Deferred", "none", "M0 -4.5 L4.5 0 L0 4.5 L-4.5 0 z", c => c.Deferred);

    public static TrafficSeries Bounced { get; } = new("bounced", "Bounced", "7 3", "M0 -4.5 L4.5 3.5 L-4.5 3.5 z", c => c.Bounced);

    public static TrafficSeries Complained { get; } = new("complained", "Complained", "2 3", "M0 4.5 L4.5 -3.5 L-4.5 -3.5 z", c => c.Complained);

    public static TrafficSeries Rejected { get; } =
        new("rejected", "Rejected", "8 3 2 3", "M-4 -4 L4 4 M4 -4 L-4 4 M-4 -4 z", c => c.Rejected);

    /// <summary>In the order of <see cref="TrafficCounts"/>.</summary>
    public static IReadOnlyList<TrafficSeries> All { get; } = [Accepted, Delivered, Deferred, Bounced, Complained, Rejected];

    /// <summary>What goes well, on a scale of its own: beside it the rest would be a line along the bottom.</summary>
    public static IReadOnlyList<TrafficSeries> Through { get; } = [Accepted, Delivered];

    /// <summary>What does not.</summary>
    public static IReadOnlyList<TrafficSeries> Trouble { get; } = [Deferred, Bounced, Complained, Rejected];
}

/// <summary>Numbers of the sending pages in words.</summary>
internal static class Numbers
{
    public static string Show(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1 delivery</c>, <c>2,000 deliveries</c>.</summary>
    public static string Deliveries(long number) => number == 1 ? "1 delivery" : $"{Show(number)} deliveries";

    /// <summary>Of a share; a dash where there is nothing that it would be a share of.</summary>
    public static string Percent(double? share) => share is { } known ? known.ToString("0.##%", CultureInfo.InvariantCulture) : "–";

    /// <summary>A span of waiting, in its largest unit.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => $"{Math.Max(0, (int)span.TotalSeconds)} s",
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes} min",
        { TotalDays: < 1 } => $"{(int)span.TotalHours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} d {span.Hours} h",
    };
}
