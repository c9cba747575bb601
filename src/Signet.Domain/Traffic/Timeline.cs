namespace Signet.Traffic;

/// <summary>Periods of equal length, counted from 1970, so that the same times fall together whenever one asks. Pure.</summary>
public static class Timeline
{
    /// <summary>More points than any chart shows.</summary>
    public const int MaxPoints = 20_000;

    /// <summary>The starts of the periods that a span touches, oldest first.</summary>
    /// <exception cref="ArgumentException">There would be more than <see cref="MaxPoints"/>.</exception>
    public static IReadOnlyList<DateTimeOffset> Starts(DateTimeOffset since, DateTimeOffset until, TimeSpan step)
    {
        var first = Floor(since.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, step.Ticks) + DateTimeOffset.UnixEpoch.Ticks;
        var count = until.UtcTicks <= first ? 0 : ((until.UtcTicks - first - 1) / step.Ticks) + 1;
        return count <= MaxPoints
            ? [.. Enumerable.Range(0, (int)count).Select(i => new DateTimeOffset(first + (i * step.Ticks), TimeSpan.Zero))]
            : throw new ArgumentException($"{count} steps of `{step}` are too many", nameof(step));
    }

    /// <summary>A point for each period that a span touches: those counted, and zeros for the others.</summary>
    public static IReadOnlyList<TrafficPoint> Fill(
        IEnumerable<TrafficPoint> counted, DateTimeOffset since, DateTimeOffset until, TimeSpan step)
    {
        var byStart = counted.ToDictionary(p => p.Start);
        return [.. Starts(since, until, step).Select(start => byStart.GetValueOrDefault(start) ?? new TrafficPoint(start, default))];
    }

    internal static long Floor(long value, long length) => value - (((value % length) + length) % length);
}
