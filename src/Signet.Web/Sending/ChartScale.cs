using System.Globalization;

namespace Signet.Web.Sending;

/// <summary>Where the lines of a chart's axes are drawn. Pure.</summary>
internal static class ChartScale
{
    private static readonly int[] Leading = [1, 2, 5];

    private static readonly TimeSpan[] Spans =
    [
        .. ((int[])[1, 2, 5, 10, 15, 30]).Select(m => TimeSpan.FromMinutes(m)),
        .. ((int[])[1, 2, 3, 6, 12]).Select(h => TimeSpan.FromHours(h)),
        .. ((int[])[1, 2, 7]).Select(d => TimeSpan.FromDays(d)),
    ];

    /// <summary>
    /// From 0 to the first round number that is not below the largest value, in equal steps of 1, 2 or 5 and zeros: whole numbers, for
    /// mail is counted.
    /// </summary>
    /// <param name="largest">Not negative.</param>
    /// <param name="most">How many steps at most; from 2.</param>
    public static IReadOnlyList<long> Values(long largest, int most)
    {
        var step = 1L;
        for (var i = 1; step * most < largest; i++)
        {
            step = Leading[i % Leading.Length] * (long)Math.Pow(10, i / Leading.Length);
        }

        var steps = Math.Max(1, (largest + step - 1) / step);
        return [.. Enumerable.Range(0, (int)steps + 1).Select(i => i * step)];
    }

    /// <summary>Round times (UTC) in a span, evenly apart.</summary>
    /// <param name="since">The span's start.</param>
    /// <param name="until">Its end, left out.</param>
    /// <param name="most">How many at most, but for very long spans; from 2.</param>
    public static IReadOnlyList<TimeTick> Times(DateTimeOffset since, DateTimeOffset until, int most)
    {
        var apart = Spans.FirstOrDefault(s => (until - since).Ticks <= s.Ticks * (long)most, Spans[^1]);
        var first = since.UtcTicks + ((apart.Ticks - (since.UtcTicks % apart.Ticks)) % apart.Ticks);
        List<TimeTick> ticks = [];
        for (var at = first; at < until.UtcTicks; at += apart.Ticks)
        {
            ticks.Add(new TimeTick(new DateTimeOffset(at, TimeSpan.Zero)));
        }

        return ticks;
    }
}

/// <summary>A line of the time axis: the day at midnight, else the time of day.</summary>
internal sealed record TimeTick(DateTimeOffset At)
{
    public string Label => At.ToString(At.TimeOfDay == TimeSpan.Zero ? "d MMM" : "HH:mm", CultureInfo.InvariantCulture);
}
