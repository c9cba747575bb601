using Signet.Traffic;

namespace Signet.Tests.Traffic;

public sealed class TrafficCountsTests
{
    [Fact]
    public void Rates_are_in_proportion_to_what_was_accepted()
    {
        var counts = new TrafficCounts(200, 180, 50, 10, 1, 0);

        Assert.Equal(0.05, counts.BounceRate);
        Assert.Equal(0.005, counts.ComplaintRate);
    }

    [Fact]
    public void There_is_no_rate_of_nothing() => Assert.Null(new TrafficCounts(0, 0, 0, 3, 1, 0).BounceRate);
}
