using Signet.Accounts;
using Signet.Identities;
using Signet.Names;
using Signet.Policies;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public abstract class AccountStoreContract(TestStore? store) : StoreContract(store)
{
    private static readonly AccountId Id = Owner.Account;
    private static readonly NamedPolicy Policy = new(PolicyName.Parse("p"), "{}");

    protected virtual IAccountStore Accounts => new SqlAccountStore(Database);

    /// <summary>Of the same store.</summary>
    protected virtual IIdentityStore Identities => new SqlIdentityStore(Database);

    [Fact]
    public async Task The_rules_are_those_of_the_server_that_started_last()
    {
        Assert.Null(await Accounts.FindRulesAsync(Cancel));
        await Accounts.PutRulesAsync(AccountRules.Dev, Cancel);
        await Accounts.PutRulesAsync(AccountRules.StrictDev, Cancel);

        Assert.Equal(AccountRules.StrictDev, await Accounts.FindRulesAsync(Cancel));
    }

    [Fact]
    public async Task The_regions_are_those_of_the_server_that_started_last()
    {
        Assert.Null(await Accounts.FindRegionsAsync(Cancel));
        await Accounts.PutRegionsAsync(RegionSet.Aws, Cancel);
        await Accounts.PutRegionsAsync(new RegionSet([Region.Parse("mars-1"), Region.Parse("eu-west-1")]), Cancel);

        Assert.Equal("mars-1,eu-west-1", (await Accounts.FindRegionsAsync(Cancel))?.ToString());
    }

    [Fact]
    public async Task A_region_is_in_use_where_an_account_has_identities_or_settings()
    {
        foreach (var name in (string[])["a.test", "b.test"])
        {
            var arn = new IdentityArn(OtherRegion, IdentityName.Parse(name));
            await Identities.ChangeAsync(arn, _ => new(arn, VerificationStatus.Success, null, Noon, null, null, DkimState.NotStarted), Cancel);
        }

        await Accounts.ChangeSettingsAsync(OtherRegion, _ => AccountSettings.Unlimited, Cancel);
        await Accounts.ChangeSettingsAsync(Owner, _ => AccountSettings.Unlimited, Cancel);
        await Accounts.ChangeSettingsAsync(OtherAccount, _ => AccountSettings.Unlimited, Cancel);

        Assert.Equal(
            [new RegionUse(OtherRegion.Region, 1, 2), new RegionUse(Owner.Region, 2, 0)], await Accounts.ListRegionsInUseAsync(Cancel));
    }

    [Fact]
    public async Task A_pause_holds_for_the_account_in_every_region_until_it_is_lifted()
    {
        await Accounts.AddAccountAsync(new Account(Id, "Shop", Noon), Cancel);
        await Accounts.AddAccountAsync(new Account(OtherAccount.Account, "", Noon), Cancel);
        await Accounts.ChangeSettingsAsync(OtherRegion, _ => AccountSettings.Unlimited, Cancel);
        var pause = new AccountPause(Noon.AddHours(1), "spam, ötzi's");

        Assert.True(await Accounts.SetPauseAsync(Id, pause, Cancel));

        Assert.Equal((null, pause), await Accounts.FindStandingAsync(Owner, Cancel));
        Assert.Equal((AccountSettings.Unlimited, pause), await Accounts.FindStandingAsync(OtherRegion, Cancel));
        Assert.Equal((null, null), await Accounts.FindStandingAsync(OtherAccount, Cancel));
        Assert.Equal([pause, null], (await Accounts.ListAccountsAsync(Cancel)).Select(a => a.Pause));

        Assert.True(await Accounts.SetPauseAsync(Id, new AccountPause(Noon.AddHours(2), ""), Cancel));
        Assert.Equal(pause with { Reason = "" }, (await Accounts.FindAccountAsync(Id, Cancel))?.Pause);

        Assert.True(await Accounts.SetPauseAsync(Id, null, Cancel));
        Assert.Equal((AccountSettings.Unlimited, null), await Accounts.FindStandingAsync(OtherRegion, Cancel));
    }

    [Fact]
    public async Task An_account_that_nobody_made_has_settings_and_no_pause()
    {
        Assert.Equal((null, null), await Accounts.FindStandingAsync(Owner, Cancel));
        await Accounts.ChangeSettingsAsync(Owner, _ => AccountSettings.Unlimited, Cancel);

        Assert.Equal((AccountSettings.Unlimited, null), await Accounts.FindStandingAsync(Owner, Cancel));
        Assert.False(await Accounts.SetPauseAsync(Id, new AccountPause(Noon, ""), Cancel));
    }

    [Fact]
    public async Task An_account_is_added_once()
    {
        var account = new Account(Id, "Shöp", Noon);

        Assert.True(await Accounts.AddAccountAsync(account, Cancel));
        Assert.False(await Accounts.AddAccountAsync(account with { Name = "other" }, Cancel));

        Assert.Equal(account, await Accounts.FindAccountAsync(Id, Cancel));
        Assert.Equal([account], await Accounts.ListAccountsAsync(Cancel));
        Assert.Null(await Accounts.FindAccountAsync(OtherAccount.Account, Cancel));
    }

    [Fact]
    public async Task Settings_belong_to_an_account_in_a_region()
    {
        var changed = await Accounts.ChangeSettingsAsync(Owner, s => s ?? AccountSettings.NewSandbox, Cancel);
        await Accounts.ChangeSettingsAsync(OtherRegion, _ => AccountSettings.Production with { MaxSendRate = 0.5 }, Cancel);
        await Accounts.ChangeSettingsAsync(Owner, s => s! with { SendingEnabled = false }, Cancel);

        Assert.Equal(AccountSettings.NewSandbox, changed);
        Assert.Equal(AccountSettings.NewSandbox with { SendingEnabled = false }, (await Accounts.FindStandingAsync(Owner, Cancel)).Settings);
        Assert.Null((await Accounts.FindStandingAsync(OtherAccount, Cancel)).Settings);
        Assert.Equal([OtherRegion, Owner], (await Accounts.ListSettingsAsync(Id, Cancel)).Select(s => s.Scope));
        Assert.Equal(0.5, (await Accounts.ListSettingsAsync(Id, Cancel))[0].Settings.MaxSendRate);
    }

    [Fact]
    public async Task No_change_of_settings_is_lost_when_many_come_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Accounts.ChangeSettingsAsync(
            Owner, s => s is null ? AccountSettings.Unlimited with { Max24HourSend = 1 } : s with { Max24HourSend = s.Max24HourSend + 1 }, Cancel)));

        Assert.Equal(20, ((await Accounts.FindStandingAsync(Owner, Cancel)).Settings)!.Max24HourSend);
    }

    [Fact]
    public async Task A_user_is_added_once_with_its_policies()
    {
        var user = new User(Id, "mailer", Noon);

        Assert.True(await Accounts.AddUserAsync(user, [Policy], Cancel));
        Assert.False(await Accounts.AddUserAsync(user, [], Cancel));
        Assert.True(await Accounts.AddUserAsync(user with { Name = "Mailer" }, [], Cancel));

        Assert.Equal(user, await Accounts.FindUserAsync(Id, "mailer", Cancel));
        Assert.Equal(["Mailer", "mailer"], (await Accounts.ListUsersAsync(Id, Cancel)).Select(u => u.Name));
        Assert.Equal([Policy], await Accounts.GetUserPoliciesAsync(Id, "mailer", Cancel));
        Assert.Null(await Accounts.FindUserAsync(OtherAccount.Account, "mailer", Cancel));
    }

    [Fact]
    public async Task User_policies_are_put_replaced_and_deleted()
    {
        await Accounts.AddUserAsync(new User(Id, "mailer", Noon), [Policy], Cancel);

        Assert.True(await Accounts.PutUserPolicyAsync(Id, "mailer", Policy with { Document = "2" }, Cancel));
        Assert.True(await Accounts.PutUserPolicyAsync(Id, "mailer", new NamedPolicy(PolicyName.Parse("B"), "{}"), Cancel));
        Assert.False(await Accounts.PutUserPolicyAsync(Id, "nobody", Policy, Cancel));
        Assert.Equal(["B", "p"], (await Accounts.GetUserPoliciesAsync(Id, "mailer", Cancel)).Select(p => p.Name.Value));

        Assert.True(await Accounts.DeleteUserPolicyAsync(Id, "mailer", Policy.Name, Cancel));
        Assert.False(await Accounts.DeleteUserPolicyAsync(Id, "mailer", Policy.Name, Cancel));
        Assert.Single(await Accounts.GetUserPoliciesAsync(Id, "mailer", Cancel));
        Assert.Empty(await Accounts.GetUserPoliciesAsync(Id, "nobody", Cancel));
    }

    [Fact]
    public async Task A_key_is_found_with_its_secret_until_after_it_is_revoked()
    {
        var root = new AccessKey("AKIA0000000000000001", new Principal(Id, null), "secret-of-root", Noon, null);
        var user = new AccessKey("AKIA0000000000000002", new Principal(Id, "mailer"), "secret-of-user", Noon, null);
        await Accounts.AddKeyAsync(root, Cancel);
        await Accounts.AddKeyAsync(user, Cancel);

        Assert.True(await Accounts.RevokeKeyAsync(user.Id, Noon.AddDays(1), Cancel));
        Assert.False(await Accounts.RevokeKeyAsync(user.Id, Noon.AddDays(2), Cancel));
        Assert.False(await Accounts.RevokeKeyAsync("AKIA0000000000000003", Noon, Cancel));

        Assert.Equal(root, await Accounts.FindKeyAsync(root.Id, Cancel));
        Assert.Equal([root, user with { RevokedAt = Noon.AddDays(1) }], await Accounts.ListKeysAsync(Id, Cancel));
        Assert.Null(await Accounts.FindKeyAsync("AKIA0000000000000003", Cancel));
    }

    [Fact]
    public async Task Keys_are_listed_by_time_and_then_by_id()
    {
        foreach (var (id, created) in new[] { ("AKIAB", Noon), ("AKIAa", Noon), ("AKIAA", Noon.AddSeconds(1)), ("AKIAC", Noon.AddSeconds(-1)) })
        {
            await Accounts.AddKeyAsync(new AccessKey(id, new Principal(Id, null), "secret", created, null), Cancel);
        }

        Assert.Equal(["AKIAC", "AKIAB", "AKIAa", "AKIAA"], (await Accounts.ListKeysAsync(Id, Cancel)).Select(k => k.Id));
    }
}
