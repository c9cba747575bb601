namespace Signet.Traffic;

/// <summary>
/// How finely traffic is kept, and for how long. Everything is counted in each of them, so that a chart of any span adds up a few
/// hundred periods only, and what comes late needs no second thought.
/// </summary>
/// <param name="Name">As it is stored.</param>
/// <param name="Minutes">Length of a period.</param>
/// <param name="Kept">How long a period is kept at least.</param>
public sealed record TrafficResolution(string Name, int Minutes, TimeSpan Kept)
{
    public static TrafficResolution Minute { get; } = new("minute", 1, TimeSpan.FromHours(12));

    public static TrafficResolution Quarter { get; } = new("quarter", 15, TimeSpan.FromDays(3));

    public static TrafficResolution Hour { get; } = new("hour", 60, TimeSpan.FromDays(15));

    /// <summary>The finest first.</summary>
    public static IReadOnlyList<TrafficResolution> All { get; } = [Minute, Quarter, Hour];

    /// <summary>The coarsest that steps of this length are made of, for it reaches back furthest.</summary>
    /// <exception cref="ArgumentException">The step is not made of whole minutes.</exception>
    public static TrafficResolution For(TimeSpan step) =>
        step > TimeSpan.Zero && All.LastOrDefault(r => step.Ticks % (r.Minutes * TimeSpan.TicksPerMinute) == 0) is { } coarsest
            ? coarsest
            : throw new ArgumentException($"a step is made of whole minutes, not `{step}`", nameof(step));

    /// <summary>The minute since 1970 in which the period of a time begins.</summary>
    public long StartOf(DateTimeOffset at) => Timeline.Floor(at.ToUnixTimeSeconds() / 60, Minutes);
}
