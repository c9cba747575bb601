using Signet.Web.Sending;

namespace Signet.Web.Tests.Sending;

public sealed class ChartScaleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "0 1")]
    [InlineData(1, "0 1")]
    [InlineData(3, "0 1 2 3")]
    [InlineData(5, "0 2 4 6")]
    [InlineData(20, "0 5 10 15 20")]
    [InlineData(21, "0 10 20 30")]
    [InlineData(1234, "0 500 1000 1500")]
    [InlineData(70_000_000, "0 20000000 40000000 60000000 80000000")]
    public void Values_go_from_0_past_the_largest_in_round_steps(long largest, string ticks) =>
        Assert.Equal(ticks, string.Join(' ', ChartScale.Values(largest, 4)));

    [Theory]
    [InlineData(60, "12:10 12:20 12:30 12:40 12:50 13:00")]
    [InlineData(360, "13:00 14:00 15:00 16:00 17:00 18:00")]
    [InlineData(1440, "15:00 18:00 21:00 2 Mar 03:00 06:00 09:00 12:00")]
    [InlineData(4320, "2 Mar 12:00 3 Mar 12:00 4 Mar 12:00")]
    [InlineData(10080, "2 Mar 3 Mar 4 Mar 5 Mar 6 Mar 7 Mar 8 Mar")]
    [InlineData(20160, "2 Mar 4 Mar 6 Mar 8 Mar 10 Mar 12 Mar 14 Mar")]
    public void Times_are_round_and_name_the_day_at_midnight(int minutes, string ticks) =>
        Assert.Equal(ticks, string.Join(' ', ChartScale.Times(Noon.AddMinutes(1), Noon.AddMinutes(1 + minutes), 8).Select(t => t.Label)));

    [Fact]
    public void A_time_at_the_start_is_a_tick_and_one_at_the_end_is_not() =>
        Assert.Equal(
            [Noon, Noon.AddMinutes(1)], ChartScale.Times(Noon, Noon.AddMinutes(2), 2).Select(t => t.At));
}
