using Signet.Addresses;
using Signet.Identities;
using Signet.Names;
using Signet.Operators;
using Signet.Policies;
using Signet.Web.Identities;
using Signet.Web.Shell;
using Signet.Web.Tests.Browser;

namespace Signet.Web.Tests.Identities;

/// <summary>Who may change which identities; what is changed is tested with the pages.</summary>
public sealed class IdentityDeskTests
{
    private static readonly IdentityArn Shop = new(ConsoleSystem.Owner, IdentityName.Parse("shop.test"));
    private static readonly AccountId Other = AccountId.Parse("444455556666");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<OperatorRole, string?> Others => new()
    {
        { OperatorRole.Read, null },
        { OperatorRole.Read, "000000000000" },
        { OperatorRole.Administer, "444455556666" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Who_only_reads_or_sees_another_account_changes_nothing(OperatorRole role, string? account)
    {
        await using var system = await StartAsync();
        var desk = new IdentityDesk(system.Console, new Viewer("somebody", role, account is null ? null : AccountId.Parse(account)));
        var before = await system.Mail.IdentityStore.FindAsync(Shop, Cancel);

        string?[] refusals =
        [
            (await desk.BeginAsync("new.test", "000000000000", "us-east-1", Cancel)).Refusal,
            await desk.BeginAsync(Shop, Cancel),
            await desk.BeginDkimAsync(Shop, Cancel),
            await desk.SetDkimEnabledAsync(Shop, false, Cancel),
            await desk.PutPolicyAsync(Shop, "p", new PolicyAnswers().WriteFor(Shop), Cancel),
            await desk.DeletePolicyAsync(Shop, PolicyName.Parse("kept"), Cancel),
            await desk.DeleteAsync(Shop, Cancel),
        ];

        Assert.All(refusals, r => Assert.Equal("only operators of the account may change identities", r));
        Assert.Equivalent(before, await system.Mail.IdentityStore.FindAsync(Shop, Cancel), strict: true);
        Assert.Equal("kept", Assert.Single(await system.Mail.PolicyStore.ListAsync(Shop, Cancel)).Name.Value);
        Assert.Equal(1, await system.Mail.IdentityStore.CountAsync(new IdentityFilter(), Cancel));
    }

    [Fact]
    public async Task Nothing_is_begun_in_a_region_that_the_server_does_not_have_and_what_is_there_may_be_deleted()
    {
        await using var system = await ConsoleSystem.DevAsync(("regions", "mars-1"));
        var desk = new IdentityDesk(system.Console, new Viewer("somebody", OperatorRole.Administer, null));
        await system.Mail.Identities.VerifyDomainAsync(Shop.Owner, Shop.Name.Domain, Cancel);
        const string problem = "`us-east-1` is not a region of this server, which has mars-1 (setting `--regions`)";

        Assert.Equal((null, problem), await desk.BeginAsync("new.test", "000000000000", "us-east-1", Cancel));
        Assert.Equal(problem, await desk.BeginAsync(Shop, Cancel));
        Assert.Equal(problem, await desk.BeginDkimAsync(Shop, Cancel));
        Assert.Null(await desk.DeleteAsync(Shop, Cancel));
        Assert.Equal(0, await system.Mail.IdentityStore.CountAsync(new IdentityFilter(), Cancel));
    }

    [Fact]
    public async Task An_operator_of_one_account_changes_what_is_its()
    {
        await using var system = await StartAsync();
        var desk = new IdentityDesk(system.Console, new Viewer("somebody", OperatorRole.Operate, Shop.Owner.Account));

        Assert.Null(await desk.PutPolicyAsync(Shop, "p", new PolicyAnswers().WriteFor(Shop), Cancel));
        Assert.Null(await desk.DeletePolicyAsync(Shop, PolicyName.Parse("kept"), Cancel));
        Assert.Equal("p", Assert.Single(await system.Mail.PolicyStore.ListAsync(Shop, Cancel)).Name.Value);
        Assert.Null(await desk.DeleteAsync(Shop, Cancel));
        Assert.Null(await system.Mail.IdentityStore.FindAsync(Shop, Cancel));
    }

    [Theory]
    [InlineData("shop test", "000000000000", "us-east-1", "`shop test` is neither an email address nor a domain")]
    [InlineData("shop.test", "12", "us-east-1", "`12` is not an account: an account is twelve digits")]
    [InlineData("shop.test", "000000000000", "Europe", "`Europe` is not a region of this server, which has us-east-1, us-east-2, us-west-1, us-west-2, af-south-1 and 34 more (setting `--regions`)")]
    public async Task What_cannot_be_begun_is_refused(string name, string account, string region, string refusal)
    {
        await using var system = await StartAsync();
        var desk = new IdentityDesk(system.Console, new Viewer("dev", OperatorRole.Administer, null));

        Assert.Equal(refusal, (await desk.BeginAsync(name, account, region, Cancel)).Refusal);
    }

    [Fact]
    public async Task In_serve_an_account_has_to_be_there()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        var desk = new IdentityDesk(system.Console, new Viewer("admin", OperatorRole.Administer, null));

        Assert.Equal("there is no account `444455556666`", (await desk.BeginAsync("shop.test", Other.Value, "us-east-1", Cancel)).Refusal);
    }

    [Fact]
    public async Task A_viewer_of_one_account_finds_its_identities_only()
    {
        await using var system = await StartAsync();
        await system.Mail.Identities.VerifyDomainAsync(new AccountRegion(Other, Region.Default), DomainName.Parse("other.test"), Cancel);
        var viewer = new Viewer("somebody", OperatorRole.Read, Other);

        Assert.True(new DescribedIdentities { Account = "000000000000" }.TryRead(viewer, out var filter, out _));

        var found = Assert.Single(await system.Mail.IdentityStore.SearchAsync(filter, 0, 10, Cancel));
        Assert.Equal("other.test", found.Identity.Arn.Name.Value);
    }

    private static async Task<ConsoleSystem> StartAsync()
    {
        var system = await ConsoleSystem.DevAsync();
        await system.Mail.Identities.VerifyDomainAsync(Shop.Owner, DomainName.Parse("shop.test"), Cancel);
        await system.Mail.PolicyStore.PutAsync(Shop, PolicyName.Parse("kept"), new PolicyAnswers().WriteFor(Shop), Cancel);
        return system;
    }
}
