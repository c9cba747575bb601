using Signet.Storage;

namespace Signet.Tests.Storage;

public sealed class HostAnswerTests
{
    private static readonly HostAnswer Silent0 = new(0, false, 0, new TimeoutException());
    private static readonly HostAnswer Standby1 = new(1, false, 0);

    [Fact]
    public void The_primary_is_used_wherever_it_stands() =>
        Assert.Equal(1, HostAnswer.Choose(-1, [new(0, false, 0), new(1, true, 1)], 0)!.Host);

    [Fact]
    public void The_host_that_is_used_is_kept_while_it_is_the_primary() =>
        Assert.Equal(1, HostAnswer.Choose(1, [new(0, true, 3), new(1, true, 3)], 3)!.Host);

    [Fact]
    public void Of_two_primaries_the_one_with_the_newer_timeline_is_used() =>
        Assert.Equal(1, HostAnswer.Choose(0, [new(0, true, 1), new(1, true, 2)], 1)!.Host);

    [Fact]
    public void A_primary_takes_the_place_of_a_silent_one() =>
        Assert.Equal(1, HostAnswer.Choose(0, [Silent0, new(1, true, 2)], 1)!.Host);

    [Fact]
    public void A_standby_does_not() => Assert.Null(HostAnswer.Choose(0, [Silent0, Standby1], 1));

    [Fact]
    public void An_old_primary_that_wakes_is_not_used_even_if_the_new_one_is_silent()
    {
        HostAnswer woken = new(0, true, 1);

        Assert.Null(HostAnswer.Choose(1, [woken, new(1, false, 0, new TimeoutException())], 2));
        Assert.True(woken.IsOlderThan(2));
    }

    [Fact]
    public void A_host_that_does_not_say_its_timeline_is_used_when_the_other_is_silent() =>
        Assert.Equal(1, HostAnswer.Choose(0, [Silent0, new(1, true, 0)], 2)!.Host);
}
