namespace Signet.Web.Sending;

/// <summary>How far a chart looks back, and in which steps: 60 to 96 of them, each long enough to be kept that far back.</summary>
/// <param name="Name">As it is in the address.</param>
/// <param name="Word">As it is shown.</param>
/// <param name="Length">From its start to now.</param>
/// <param name="Step">Divides the length.</param>
internal sealed record TrafficRange(string Name, string Word, TimeSpan Length, TimeSpan Step)
{
    public static IReadOnlyList<TrafficRange> All { get; } =
    [
        new("1h", "Hour", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)),
        new("6h", "6 hours", TimeSpan.FromHours(6), TimeSpan.FromMinutes(5)),
        new("24h", "24 hours", TimeSpan.FromHours(24), TimeSpan.FromMinutes(15)),
        new("3d", "3 days", TimeSpan.FromDays(3), TimeSpan.FromHours(1)),
        new("7d", "7 days", TimeSpan.FromDays(7), TimeSpan.FromHours(2)),
        new("14d", "14 days", TimeSpan.FromDays(14), TimeSpan.FromHours(4)),
    ];

    /// <summary>What is shown when nothing else was asked for.</summary>
    public static TrafficRange Usual { get; } = All[2];

    /// <summary>The steps that end with the one under way: as many as the length has.</summary>
    public DateTimeOffset Since(DateTimeOffset now) => now - Length + Step;

    /// <summary>Such as <c>15 min</c> or <c>4 h</c>.</summary>
    public string StepWord => Step < TimeSpan.FromHours(1) ? $"{(int)Step.TotalMinutes} min" : $"{(int)Step.TotalHours} h";
}
