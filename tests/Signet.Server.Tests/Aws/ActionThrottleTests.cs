using Microsoft.Extensions.Time.Testing;
using Signet.Names;
using Signet.Server.Aws;

namespace Signet.Server.Tests.Aws;

public sealed class ActionThrottleTests
{
    private static readonly AccountRegion Scope = new(AccountId.Parse("111122223333"), Region.Default);

    private readonly FakeTimeProvider _time = new();
    private readonly ActionThrottle _throttle;

    public ActionThrottleTests() => _throttle = new ActionThrottle(_time);

    [Fact]
    public void A_second_request_within_a_second_is_refused_and_does_not_lengthen_the_wait()
    {
        Assert.True(_throttle.TryPass(Scope, "GetSendQuota"));

        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(_throttle.TryPass(Scope, "GetSendQuota"));

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_throttle.TryPass(Scope, "GetSendQuota"));
    }

    [Fact]
    public void Actions_accounts_and_regions_do_not_wait_for_each_other()
    {
        Assert.True(_throttle.TryPass(Scope, "GetSendQuota"));
        Assert.True(_throttle.TryPass(Scope, "GetSendStatistics"));
        Assert.True(_throttle.TryPass(Scope with { Region = Region.Parse("eu-west-1") }, "GetSendQuota"));
        Assert.True(_throttle.TryPass(Scope with { Account = AccountId.Parse("444455556666") }, "GetSendQuota"));
        Assert.False(_throttle.TryPass(Scope, "GetSendQuota"));
    }

    [Fact]
    public void When_memory_is_full_those_whose_second_is_over_go_first()
    {
        for (var i = 0; i < ActionThrottle.Capacity - 1; i++)
        {
            _throttle.TryPass(Scope, $"old{i}");
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        _throttle.TryPass(Scope, "recent");
        _throttle.TryPass(Scope, "one more");

        Assert.False(_throttle.TryPass(Scope, "recent"));
    }

    [Fact]
    public void When_all_of_a_full_memory_are_recent_the_oldest_is_forgotten_and_no_other()
    {
        for (var i = 0; i <= ActionThrottle.Capacity; i++)
        {
            _throttle.TryPass(Scope, $"caller{i}");
        }

        Assert.Equal(ActionThrottle.Capacity, _throttle.Remembered);
        Assert.False(_throttle.TryPass(Scope, "caller1"));
        Assert.True(_throttle.TryPass(Scope, "caller0"));
    }

    [Fact]
    public void What_passed_more_than_a_second_ago_takes_no_memory()
    {
        _throttle.TryPass(Scope, "a");
        _throttle.TryPass(Scope, "b");

        _time.Advance(TimeSpan.FromSeconds(1));
        _throttle.TryPass(Scope, "c");

        Assert.Equal(1, _throttle.Remembered);
    }
}
