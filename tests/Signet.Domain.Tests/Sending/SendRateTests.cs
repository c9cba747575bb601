using Microsoft.Extensions.Time.Testing;
using Signet.Names;
using Signet.Sending.Limits;

namespace Signet.Tests.Sending;

public sealed class SendRateTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SendRate _rate;

    public SendRateTests() => _rate = new SendRate(_time);

    [Fact]
    public void A_second_holds_as_many_recipients_as_the_rate()
    {
        var passed = Enumerable.Range(0, 20).Count(_ => _rate.TryTake(Door.Owner, 14, 1));

        Assert.Equal(14, passed);
    }

    [Fact]
    public void Ten_recipients_at_a_rate_of_one_block_for_ten_seconds()
    {
        Assert.True(_rate.TryTake(Door.Owner, 1, 10));
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(_rate.TryTake(Door.Owner, 1, 1));
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(_rate.TryTake(Door.Owner, 1, 1));
    }

    [Fact]
    public void A_rate_below_one_lets_a_message_through_now_and_then()
    {
        Assert.True(_rate.TryTake(Door.Owner, 0.1, 1));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(_rate.TryTake(Door.Owner, 0.1, 1));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_rate.TryTake(Door.Owner, 0.1, 1));
    }

    [Fact]
    public void Accounts_do_not_share_a_rate()
    {
        Assert.True(_rate.TryTake(Door.Owner, 1, 1));
        Assert.True(_rate.TryTake(Door.Delegate, 1, 1));
        Assert.False(_rate.TryTake(Door.Owner, 1, 1));
    }

    [Fact]
    public void However_many_accounts_there_are_memory_is_bounded_and_the_one_that_owes_most_is_not_forgotten()
    {
        Assert.True(_rate.TryTake(Door.Owner, 1, 50));

        for (var i = 0; i < SendRate.Capacity * 3; i++)
        {
            _rate.TryTake(new AccountRegion(AccountId.Parse($"{i:D12}"), Door.Region), 1, 1);
            Assert.True(_rate.Remembered <= SendRate.Capacity);
        }

        Assert.False(_rate.TryTake(Door.Owner, 1, 1));
    }

    [Fact]
    public void Zero_lets_nothing_through()
    {
        Assert.False(_rate.TryTake(Door.Owner, 0, 1));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(_rate.TryTake(Door.Owner, 0, 1));
    }

    [Fact]
    public void A_rate_that_is_lowered_to_zero_lets_nothing_more_through()
    {
        Assert.True(_rate.TryTake(Door.Owner, 14, 1));
        Assert.False(_rate.TryTake(Door.Owner, 0, 1));
        Assert.True(_rate.TryTake(Door.Owner, 14, 1));
    }

    [Fact]
    public void Minus_one_is_unlimited() => Assert.True(Enumerable.Range(0, 1000).All(_ => _rate.TryTake(Door.Owner, -1, 50)));
}
