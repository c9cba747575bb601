using Signet.Names;
using Signet.Operators;
using Signet.Traffic;
using Signet.Web.Sending;
using Signet.Web.Shell;

namespace Signet.Web.Tests.Sending;

public sealed class TrafficViewTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 7, 30, TimeSpan.Zero);

    private static readonly Viewer Everybody = new("ops", OperatorRole.Read, null);

    [Fact]
    public void Each_range_has_as_many_steps_as_its_length_and_keeps_all_of_them()
    {
        foreach (var range in TrafficRange.All)
        {
            var starts = Timeline.Starts(range.Since(Now), Now, range.Step);

            Assert.Equal(range.Length / range.Step, starts.Count);
            Assert.InRange(starts.Count, 50, 100);
            Assert.True(Now - starts[0] <= TrafficResolution.For(range.Step).Kept, $"{range.Name} reaches back further than is kept");
        }
    }

    [Fact]
    public void A_viewer_of_one_account_is_shown_that_one_whatever_the_address_says()
    {
        var view = Read(new DescribedTraffic("7d", "111122223333", "eu-west-1", null, "example.net"));
        var own = Everybody with { Account = AccountId.Parse("444455556666") };

        Assert.Equal(AccountId.Parse("111122223333"), view.Query(Everybody, Now).Account);
        Assert.Equal(AccountId.Parse("444455556666"), view.Query(own, Now).Account);
        Assert.Equal(Region.Parse("eu-west-1"), view.Query(own, Now).Region);
        Assert.Equal(new TrafficName(TrafficDimension.Destination, "example.net"), view.Query(own, Now).Of);
    }

    [Fact]
    public void Only_an_administrator_of_the_whole_server_is_shown_what_the_server_sent()
    {
        var view = Read(new DescribedTraffic("7d", null, null, null, null));

        Assert.True(view.Query(Everybody with { Role = OperatorRole.Administer }, Now).WithServerMail);
        Assert.False(view.Query(Everybody, Now).WithServerMail);
        Assert.False(view.Query(Everybody with { Role = OperatorRole.Administer, Account = AccountId.Parse("444455556666") }, Now).WithServerMail);
    }

    [Fact]
    public void What_is_empty_is_not_given() =>
        Assert.Equal(new TrafficView(TrafficRange.Usual, null, null, null), Read(new DescribedTraffic("", "", "", "", "")));

    [Fact]
    public void An_identity_and_a_destination_at_once_are_refused()
    {
        Assert.False(new DescribedTraffic(null, null, null, "arn:aws:ses:us-east-1:111122223333:identity/example.com", "example.net")
            .TryRead(out _, out var problem));
        Assert.Equal("traffic is of one `identity` or to one `destination`: it is not counted by both", problem);
    }

    private static TrafficView Read(DescribedTraffic described)
    {
        Assert.True(described.TryRead(out var view, out var problem), problem);
        return view;
    }
}
