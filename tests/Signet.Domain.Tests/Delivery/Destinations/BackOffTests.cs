using Signet.Delivery.Destinations;

namespace Signet.Tests.Delivery.Destinations;

public sealed class BackOffTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void As_many_failures_as_there_are_connections_begin_it(int connections)
    {
        var before = Failures(BackOff.None, connections - 1, connections);

        Assert.False(before.IsOn);
        Assert.True(before.MayConnect(Now));
        var on = before.Fail(connections, Now, 0.5);
        Assert.Equal(Now.AddMinutes(1), on.Until);
        Assert.False(on.MayConnect(Now.AddSeconds(59)));
        Assert.True(on.MayConnect(Now.AddMinutes(1)));
    }

    [Fact]
    public void Each_failed_probe_begins_a_longer_one_up_to_half_an_hour()
    {
        List<double> minutes = [];
        var (backOff, now) = (BackOff.None, Now);
        for (var probe = 0; probe < 7; probe++)
        {
            backOff = backOff.Fail(1, now, 0.5);
            minutes.Add((backOff.Until!.Value - now).TotalMinutes);
            now = backOff.Until.Value;
        }

        Assert.Equal([1, 2, 5, 10, 30, 30, 30], minutes);
    }

    [Theory]
    [InlineData(0, 54)]
    [InlineData(1, 66)]
    public void Chance_spreads_the_probes_by_a_tenth(double chance, int seconds) =>
        Assert.Equal(Now.AddSeconds(seconds), BackOff.None.Fail(1, Now, chance).Until);

    private static BackOff Failures(BackOff backOff, int count, int connections) =>
        Enumerable.Range(0, count).Aggregate(backOff, (b, _) => b.Fail(connections, Now, 0.5));
}
