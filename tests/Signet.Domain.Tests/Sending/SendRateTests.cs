using Microsoft.Extensions.Time.Testing;
using Signet.Names;
using Signet.Queue;
using Signet.Sending.Limits;

namespace Signet.Tests.Sending;

public sealed class SendRateTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AliveNodes _nodes = new();
    private readonly SendRate _rate;

    public SendRateTests() => _rate = new SendRate(_nodes, _time);

    [Theory]
    [InlineData(14, 1, 14)]
    [InlineData(14, 2, 7)]
    [InlineData(14, 4, 3.5)]
    [InlineData(14, 100, 1)]
    [InlineData(1, 3, 1)]
    [InlineData(0.1, 3, 0.1)]
    public void A_node_grants_an_equal_part_of_a_rate_but_no_less_than_one_a_second(double rate, int nodes, double share) =>
        Assert.Equal(share, RateShare.Of(rate, nodes));

    [Fact]
    public void Nodes_together_grant_an_account_its_rate_whoever_of_them_is_alive()
    {
        _nodes.Count = 3;
        var others = Enumerable.Range(0, 2).Select(_ => new SendRate(_nodes, _time)).ToList();
        Assert.Equal(30, Passed(30, _rate, others[0], others[1]));

        // One of them has died: the others have heard of it.
        _time.Advance(TimeSpan.FromSeconds(1));
        _nodes.Count = 2;
        Assert.Equal(30, Passed(30, _rate, others[0]));

        _time.Advance(TimeSpan.FromSeconds(1));
        _nodes.Count = 1;
        Assert.Equal(30, Passed(30, _rate));
    }

    [Fact]
    public void A_rate_that_is_unlimited_or_nothing_is_not_shared()
    {
        _nodes.Count = 3;

        Assert.Equal(1_000, Passed(-1, _rate));
        Assert.Equal(0, Passed(0, _rate));
    }

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

    private static int Passed(double rate, params SendRate[] nodes) =>
        nodes.Sum(n => Enumerable.Range(0, 1_000).Count(_ => n.TryTake(Door.Owner, rate, 1)));
}
