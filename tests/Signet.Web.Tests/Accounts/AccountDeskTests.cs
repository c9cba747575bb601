using Signet.Accounts;
using Signet.Names;
using Signet.Operators;
using Signet.Policies;
using Signet.Web.Accounts;
using Signet.Web.Shell;
using Signet.Web.Tests.Browser;

namespace Signet.Web.Tests.Accounts;

/// <summary>What is refused to whom, whatever the pages show.</summary>
public sealed class AccountDeskTests
{
    private static readonly AccountId Own = AccountId.Parse("111122223333");
    private static readonly AccountId Other = AccountId.Parse("444455556666");

    private static readonly Viewer Everybodys = new("ann", OperatorRole.Administer, null);
    private static readonly Viewer OfOne = new("bob", OperatorRole.Administer, Own);
    private static readonly Viewer Operator = new("cleo", OperatorRole.Operate, null);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_administrator_of_one_account_makes_no_other()
    {
        await using var system = await ConsoleSystem.DevAsync();

        var (made, refusal) = await Desk(system, OfOne).CreateAccountAsync("", "Shop", Region.Default, null, Cancel);

        Assert.Null(made);
        Assert.Equal("only administrators of the whole server may create accounts", refusal);
        Assert.Empty(await system.Mail.Accounts.ListAccountsAsync(Cancel));
    }

    [Fact]
    public async Task An_administrator_of_one_account_does_not_lift_its_limits()
    {
        await using var system = await ConsoleSystem.DevAsync();

        var refusal = await Desk(system, OfOne).ChangeSettingsAsync(new AccountRegion(Own, Region.Default), new SettingsChange(Sandbox: false), Cancel);

        Assert.Equal("only administrators of the whole server may set limits", refusal);
    }

    [Fact]
    public async Task Only_administrators_of_the_whole_server_pause_an_account_and_resume_it()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.Mail.Accounts.CreateAccountAsync(Own, "Shop", Region.Default, null, Cancel);

        foreach (var viewer in (Viewer[])[OfOne, Operator, new("dan", OperatorRole.Read, Own)])
        {
            Assert.False(Desk(system, viewer).MayPause);
            Assert.Equal("only administrators of the whole server may pause and resume accounts", await Desk(system, viewer).PauseAsync(Own, "", Cancel));
        }

        Assert.False(await system.Mail.Accounts.IsPausedAsync(Own, Cancel));
        Assert.Null(await Desk(system, Everybodys).PauseAsync(Own, " spam ", Cancel));
        Assert.Equal("spam", (await Reader(system).ReadAsync(Own, null, Cancel)).Made?.Pause?.Reason);
        Assert.Equal("only administrators of the whole server may pause and resume accounts", await Desk(system, OfOne).ResumeAsync(Own, Cancel));
        Assert.True(await system.Mail.Accounts.IsPausedAsync(Own, Cancel));
        Assert.Null(await Desk(system, Everybodys).ResumeAsync(Own, Cancel));
        Assert.False(await system.Mail.Accounts.IsPausedAsync(Own, Cancel));
        Assert.StartsWith("the reason of a pause is one line", await Desk(system, Everybodys).PauseAsync(Own, "a\nb", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_of_one_account_changes_nothing_of_another()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var key = await KeyOfOtherAsync(system);
        var user = new Principal(Other, "mailer");
        var desk = Desk(system, OfOne);

        Assert.NotNull(await desk.ChangeSettingsAsync(new AccountRegion(Other, Region.Default), new SettingsChange(Max24HourSend: 5), Cancel));
        Assert.NotNull(await desk.CreateUserAsync(Other, "another", null, Cancel));
        Assert.NotNull(await desk.PutPolicyAsync(user, "more", FirstUserPolicy.FullAccess, Cancel));
        Assert.NotNull(await desk.DeletePolicyAsync(user, FirstUserPolicy.Name, Cancel));
        Assert.NotNull((await desk.CreateKeyAsync(user, Cancel)).Refusal);
        Assert.NotNull(await desk.RevokeKeyAsync(Other, key, Cancel));
        await AssertUntouchedAsync(system, key);
    }

    [Fact]
    public async Task A_key_of_another_account_is_not_revoked_under_the_name_of_ones_own()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var key = await KeyOfOtherAsync(system);

        var refusal = await Desk(system, OfOne).RevokeKeyAsync(Own, key, Cancel);

        Assert.Equal($"there is no access key `{key}`, or it was revoked before", refusal);
        await AssertUntouchedAsync(system, key);
    }

    [Fact]
    public async Task Who_only_operates_changes_no_account()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var key = await KeyOfOtherAsync(system);
        var desk = Desk(system, Operator);

        Assert.False(desk.MayCreateAccounts);
        Assert.False(desk.MayChange(Other));
        Assert.NotNull((await desk.CreateAccountAsync("", "", Region.Default, null, Cancel)).Refusal);
        Assert.NotNull(await desk.RevokeKeyAsync(Other, key, Cancel));
        Assert.NotNull((await desk.CreateKeyAsync(new Principal(Other, null), Cancel)).Refusal);
        await AssertUntouchedAsync(system, key);
    }

    [Fact]
    public async Task What_the_domain_refuses_is_answered_in_its_words()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        var desk = Desk(system, Everybodys);
        await desk.CreateAccountAsync(Own.Value, "Shop", Region.Default, null, Cancel);
        await desk.CreateUserAsync(Own, "mailer", null, Cancel);

        Assert.Equal("`12` is not an account: an account is twelve digits", (await desk.CreateAccountAsync("12", "", Region.Default, null, Cancel)).Refusal);
        Assert.Equal($"account `{Own}` exists already", (await desk.CreateAccountAsync(Own.Value, "", Region.Default, null, Cancel)).Refusal);
        Assert.Equal($"account `{Own}` has a user `mailer` already", await desk.CreateUserAsync(Own, "mailer", null, Cancel));
        Assert.Equal($"there is no account `{Other}`", await desk.CreateUserAsync(Other, "mailer", null, Cancel));
        Assert.StartsWith("`a b` is not a user name", await desk.CreateUserAsync(Own, "a b", null, Cancel), StringComparison.Ordinal);
        Assert.StartsWith("this is not a valid user policy: ", await desk.CreateUserAsync(Own, "other", "{", Cancel), StringComparison.Ordinal);
        Assert.StartsWith(
            "`a b` is not a policy name",
            await desk.PutPolicyAsync(new Principal(Own, "mailer"), "a b", FirstUserPolicy.FullAccess, Cancel), StringComparison.Ordinal);
        Assert.Equal($"account `{Own}` has no user `nobody`", (await desk.CreateKeyAsync(new Principal(Own, "nobody"), Cancel)).Refusal);
    }

    [Fact]
    public async Task A_viewer_of_one_account_sees_that_one_in_the_list()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await KeyOfOtherAsync(system);
        await system.Mail.Accounts.CreateAccountAsync(Own, "Shop", Region.Default, null, Cancel);

        var seen = await Reader(system).ListAsync(OfOne, "", Cancel);
        var all = await Reader(system).ListAsync(Everybodys, "", Cancel);

        Assert.Equal([Own], seen.Accounts.Select(a => a.Id));
        Assert.Equal(1, seen.All);
        Assert.Equal([Own, Other], all.Accounts.Select(a => a.Id));
    }

    [Fact]
    public async Task The_list_is_narrowed_by_a_part_of_the_digits_or_of_the_name()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.Mail.Accounts.CreateAccountAsync(Own, "Shop", Region.Default, null, Cancel);
        await system.Mail.Accounts.CreateAccountAsync(Other, "Newsletter", Region.Default, null, Cancel);

        Assert.Equal([Own], (await Reader(system).ListAsync(Everybodys, "sho", Cancel)).Accounts.Select(a => a.Id));
        Assert.Equal([Other], (await Reader(system).ListAsync(Everybodys, "5566", Cancel)).Accounts.Select(a => a.Id));
    }

    [Fact]
    public async Task Looking_at_an_account_does_not_make_it()
    {
        await using var system = await ConsoleSystem.DevAsync();

        var read = await Reader(system).ReadAsync(Own, Region.Parse("eu-west-1"), Cancel);

        Assert.Null(read.Made);
        Assert.Equal(["eu-west-1", "us-east-1"], read.Regions.Select(r => r.Scope.Region.Value));
        Assert.Empty(await system.Mail.Accounts.ListAccountsAsync(Cancel));
    }

    [Fact]
    public async Task A_session_that_has_ended_makes_no_keys()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        var account = AccountId.Parse("111122223333");
        await system.AddAccountAsync(account);
        await system.AddOperatorAsync("ann", OperatorRole.Administer);
        var desk = Desk(system, await system.BeginSessionAsync("ann"));
        Assert.Null((await desk.CreateKeyAsync(new Principal(account, null), TestContext.Current.CancellationToken)).Refusal);

        await system.Mail.Operators.SignOutEverywhereAsync("ann", TestContext.Current.CancellationToken);

        Assert.Equal(
            (null, "your session has ended"), await desk.CreateKeyAsync(new Principal(account, null), TestContext.Current.CancellationToken));
        Assert.Equal("your session has ended", await desk.CreateUserAsync(account, "eve", null, TestContext.Current.CancellationToken));
        Assert.Equal("your session has ended", await desk.ResumeAsync(account, TestContext.Current.CancellationToken));
    }

    private static AccountDesk Desk(ConsoleSystem system, Viewer viewer) => new(system.Console, viewer);

    private static AccountReader Reader(ConsoleSystem system) =>
        new(system.Mail.Accounts, system.Mail.IdentityStore, system.Mail.History, Region.Default, TimeProvider.System);

    private static async Task<string> KeyOfOtherAsync(ConsoleSystem system)
    {
        var user = Assert.IsType<AccountOutcome<User>.Done>(
            await system.Mail.Accounts.CreateUserAsync(Other, "mailer", FirstUserPolicy.FullAccess, Cancel)).Value;
        return Assert.IsType<AccountOutcome<AccessKey>.Done>(await system.Mail.Accounts.CreateKeyAsync(user.Principal, Cancel)).Value.Id;
    }

    private static async Task AssertUntouchedAsync(ConsoleSystem system, string key)
    {
        var store = system.Mail.AccountStore;
        Assert.Equal(["mailer"], (await store.ListUsersAsync(Other, Cancel)).Select(u => u.Name));
        Assert.Equal([FirstUserPolicy.Name], (await store.GetUserPoliciesAsync(Other, "mailer", Cancel)).Select(p => p.Name));
        Assert.Equal([(key, (DateTimeOffset?)null)], (await store.ListKeysAsync(Other, Cancel)).Select(k => (k.Id, k.RevokedAt)));
        Assert.Empty(await store.ListSettingsAsync(Other, Cancel));
    }
}
