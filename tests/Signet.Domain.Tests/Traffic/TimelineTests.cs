using Signet.Traffic;

namespace Signet.Tests.Traffic;

public sealed class TimelineTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    [Fact]
    public void Empty_periods_are_filled_with_zeros_and_the_ends_are_whole()
    {
        var counted = new TrafficPoint(Noon.AddMinutes(15), new(1, 2, 3, 4, 5, 6));

        Assert.Equal(
            [new TrafficPoint(Noon, default), counted, new TrafficPoint(Noon.AddMinutes(30), default)],
            Timeline.Fill([counted], Noon.AddMinutes(14), Noon.AddMinutes(31), Quarter));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 15, 1)]
    [InlineData(0, 16, 2)]
    [InlineData(14, 15, 1)]
    [InlineData(31, 15, 0)]
    public void A_span_touches_so_many_periods(int since, int until, int count) =>
        Assert.Equal(count, Timeline.Starts(Noon.AddMinutes(since), Noon.AddMinutes(until), Quarter).Count);

    [Fact]
    public void Too_many_points_are_refused() =>
        Assert.Throws<ArgumentException>(() => Timeline.Starts(Noon.AddYears(-1), Noon, TimeSpan.FromMinutes(1)));

    [Theory]
    [InlineData(1, "minute")]
    [InlineData(20, "minute")]
    [InlineData(15, "quarter")]
    [InlineData(30, "quarter")]
    [InlineData(60, "hour")]
    [InlineData(180, "hour")]
    public void A_step_is_made_of_the_longest_periods_that_fit(int minutes, string resolution) =>
        Assert.Equal(resolution, TrafficResolution.For(TimeSpan.FromMinutes(minutes)).Name);

    [Theory]
    [InlineData(0)]
    [InlineData(-60)]
    [InlineData(90)]
    public void A_step_that_is_not_made_of_minutes_is_refused(int seconds) =>
        Assert.Throws<ArgumentException>(() => TrafficResolution.For(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Charts_of_two_weeks_are_kept() => Assert.True(TrafficResolution.For(TimeSpan.FromHours(3)).Kept >= TimeSpan.FromDays(14));
}
