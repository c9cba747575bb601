using Signet.Accounts;
using Signet.Names;
using Signet.Operators;
using Signet.Traffic;
using Signet.Web.Sending;
using Signet.Web.Shell;

namespace Signet.Web.Tests.Sending;

public sealed class UsageTests
{
    private static readonly AccountId First = AccountId.Parse("111122223333");

    private static readonly AccountId Second = AccountId.Parse("444455556666");

    private static readonly Region Ireland = Region.Parse("eu-west-1");

    private static readonly AccountOverview[] Made =
    [
        new(new Account(First, "", DateTimeOffset.UnixEpoch), [(new AccountRegion(First, Ireland), AccountSettings.NewSandbox)]),
        new(new Account(Second, "", DateTimeOffset.UnixEpoch), []),
    ];

    private static readonly TrafficShare[] Busiest =
        [new("arn:aws:ses:eu-west-1:444455556666:identity/example.com", default), new("arn:aws:ses:us-east-1:777788889999:identity/example.com", default)];

    private static readonly Viewer All = new("ops", OperatorRole.Read, null);

    [Fact]
    public void Without_a_choice_every_account_is_there_in_the_regions_that_it_uses() =>
        Assert.Equal(
            ["111122223333/eu-west-1", "111122223333/us-east-1", "444455556666/eu-west-1", "444455556666/us-east-1", "777788889999/us-east-1"],
            Scopes(All, null, null));

    [Fact]
    public void A_region_that_was_asked_for_is_the_only_one() =>
        Assert.Equal(["444455556666/eu-central-1"], Scopes(All, Second, Region.Parse("eu-central-1")));

    [Fact]
    public void An_account_that_nobody_made_is_there_when_it_was_asked_for() =>
        Assert.Equal(["000000000000/us-east-1"], Scopes(All, AccountId.Parse("000000000000"), null));

    [Fact]
    public void A_viewer_of_one_account_is_shown_no_other() =>
        Assert.Equal(["111122223333/eu-west-1", "111122223333/us-east-1"], Scopes(All with { Account = First }, Second, null));

    [Theory]
    [InlineData(200, 50, 0.25)]
    [InlineData(-1, 50, null)]
    [InlineData(0, 0, null)]
    public void The_share_is_of_a_quota_that_there_is(double quota, long used, double? share) =>
        Assert.Equal(share, new Usage(new AccountRegion(First, Ireland), AccountSettings.NewSandbox with { Max24HourSend = quota }, used, 0).Share);

    private static IEnumerable<string> Scopes(Viewer viewer, AccountId? account, Region? region) =>
        Usage.Scopes(Made, Busiest, viewer, account, region, Region.Default).Select(s => $"{s}");
}
