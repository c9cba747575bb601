using Microsoft.Extensions.Time.Testing;
using Signet.Accounts;
using Signet.Names;
using Signet.Policies;
using Signet.Tests.Fakes;

namespace Signet.Tests.Accounts;

public sealed class AccountRegistryTests
{
    private const string Document = """{"Version":"2012-10-17","Statement":[]}""";

    private static readonly AccountId Account = AccountId.Parse("111122223333");
    private static readonly AccountRegion Scope = new(Account, Region.Default);

    private readonly InMemoryAccountStore _store = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly AccountRegistry _registry;

    public AccountRegistryTests() => _registry = new AccountRegistry(_store, AccountRules.Serve, _clock);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_is_made_with_the_id_asked_for()
    {
        var account = Done(await CreateAccountAsync(Account));

        Assert.Equal(new Account(Account, "Example", _clock.GetUtcNow()), account);
        Assert.Equal(account, await _store.FindAccountAsync(Account, Cancel));
    }

    [Fact]
    public async Task An_account_without_an_id_asked_for_gets_one_of_its_own()
    {
        var first = Done(await CreateAccountAsync(null));
        var second = Done(await CreateAccountAsync(null));

        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public async Task An_account_is_made_once()
    {
        await CreateAccountAsync(Account);

        var problem = Refused(await _registry.CreateAccountAsync(Account, "Other", Region.Default, new SettingsChange(Sandbox: false), Cancel));

        Assert.Equal("account `111122223333` exists already", problem.Text);
        Assert.Equal(AccountSettings.NewSandbox, await _registry.SettingsAsync(Scope, Cancel));
    }

    [Fact]
    public async Task An_account_begins_with_the_defaults_in_every_region()
    {
        await CreateAccountAsync(Account);

        Assert.Equal(AccountSettings.NewSandbox, await _registry.SettingsAsync(Scope, Cancel));
    }

    [Fact]
    public async Task Settings_given_at_the_start_hold_in_their_region_only()
    {
        await _registry.CreateAccountAsync(Account, "Example", Region.Parse("eu-west-1"), new SettingsChange(Sandbox: false), Cancel);

        Assert.Equal(AccountSettings.Production, await _registry.SettingsAsync(new AccountRegion(Account, Region.Parse("eu-west-1")), Cancel));
        Assert.Equal(AccountSettings.NewSandbox, await _registry.SettingsAsync(Scope, Cancel));
    }

    [Fact]
    public async Task Accounts_are_listed_with_the_settings_they_have_of_their_own()
    {
        await CreateAccountAsync(Account);
        await CreateAccountAsync(AccountId.Parse("444455556666"));
        await _registry.UpdateSettingsAsync(Scope, new SettingsChange(MaxSendRate: 5), Cancel);

        var accounts = await _registry.ListAccountsAsync(Cancel);

        Assert.Equal(["111122223333", "444455556666"], accounts.Select(a => a.Account.Id.Value));
        Assert.Equal([(Scope, AccountSettings.NewSandbox with { MaxSendRate = 5 })], accounts[0].Settings);
        Assert.Empty(accounts[1].Settings);
    }

    [Fact]
    public async Task Settings_of_an_account_that_is_none_are_not_changed()
    {
        var problem = Refused(await _registry.UpdateSettingsAsync(Scope, new SettingsChange(Sandbox: false), Cancel));

        Assert.Equal("there is no account `111122223333`", problem.Text);
        Assert.Null((await _store.FindStandingAsync(Scope, Cancel)).Settings);
    }

    [Fact]
    public async Task The_switch_of_sending_leaves_the_limits_alone()
    {
        await CreateAccountAsync(Account);

        await _registry.SetSendingEnabledAsync(Scope, false, Cancel);

        Assert.Equal(AccountSettings.NewSandbox with { SendingEnabled = false }, await _registry.SettingsAsync(Scope, Cancel));
    }

    [Fact]
    public async Task An_account_is_paused_in_every_region_and_cannot_lift_it_by_its_own_switch()
    {
        await CreateAccountAsync(Account);
        var abroad = Scope with { Region = Region.Parse("eu-west-1") };

        Done(await _registry.PauseAsync(Account, "spam", Cancel));
        await _registry.SetSendingEnabledAsync(abroad, true, Cancel);

        Assert.False((await _registry.StandingAsync(Scope, Cancel)).SendingEnabled);
        Assert.False((await _registry.StandingAsync(abroad, Cancel)).SendingEnabled);
        Assert.True(await _registry.IsPausedAsync(Account, Cancel));
        Assert.Equal(new AccountPause(_clock.GetUtcNow(), "spam"), (await _registry.FindAccountAsync(Account, Cancel))?.Account.Pause);
    }

    [Fact]
    public async Task Resuming_leaves_the_switch_of_a_region_as_it_is()
    {
        await CreateAccountAsync(Account);
        await _registry.SetSendingEnabledAsync(Scope, false, Cancel);
        Done(await _registry.PauseAsync(Account, "", Cancel));

        Done(await _registry.ResumeAsync(Account, Cancel));
        Done(await _registry.ResumeAsync(Account, Cancel));

        Assert.Equal(new AccountStanding(AccountSettings.NewSandbox with { SendingEnabled = false }, null), await _registry.StandingAsync(Scope, Cancel));
        Assert.True((await _registry.StandingAsync(Scope with { Region = Region.Parse("eu-west-1") }, Cancel)).SendingEnabled);
    }

    [Fact]
    public async Task What_cannot_be_paused_is_named()
    {
        Assert.Equal("there is no account `111122223333`", Refused(await _registry.PauseAsync(Account, "", Cancel)).Text);
        Assert.Equal("there is no account `111122223333`", Refused(await _registry.ResumeAsync(Account, Cancel)).Text);
        await CreateAccountAsync(Account);

        foreach (var reason in (string[])["two\nlines", "\e[2J", "\u202Edesrever", new string('a', 201)])
        {
            Assert.IsType<AccountProblem.BadPauseReason>(Refused(await _registry.PauseAsync(Account, reason, Cancel)));
        }

        Assert.False(await _registry.IsPausedAsync(Account, Cancel));
        Done(await _registry.PauseAsync(Account, new string('ö', 200), Cancel));
    }

    [Fact]
    public async Task Changes_made_one_after_the_other_add_up()
    {
        await CreateAccountAsync(Account);

        await _registry.UpdateSettingsAsync(Scope, new SettingsChange(Max24HourSend: 1000), Cancel);
        var settings = Done(await _registry.UpdateSettingsAsync(Scope, new SettingsChange(SendingEnabled: false), Cancel));

        Assert.Equal(new AccountSettings(true, 1000, 1, false), settings);
        Assert.Equal(settings, await _registry.SettingsAsync(Scope, Cancel));
    }

    [Fact]
    public async Task A_user_is_made_with_its_first_policy()
    {
        await CreateAccountAsync(Account);

        var user = Done(await _registry.CreateUserAsync(Account, "newsletter", Document, Cancel));

        Assert.Equal("arn:aws:iam::111122223333:user/newsletter", user.Principal.Arn);
        Assert.Equal(
            [new NamedPolicy(FirstUserPolicy.Name, Document)], await _registry.UserPoliciesAsync(user.Principal, Cancel));
        Assert.Equal([user], Done(await _registry.ListUsersAsync(Account, Cancel)));
    }

    [Fact]
    public async Task A_user_is_made_once_and_names_keep_their_case()
    {
        await CreateAccountAsync(Account);
        await _registry.CreateUserAsync(Account, "newsletter", Document, Cancel);

        var again = Refused(await _registry.CreateUserAsync(Account, "newsletter", Document, Cancel));
        Done(await _registry.CreateUserAsync(Account, "Newsletter", Document, Cancel));

        Assert.Equal("account `111122223333` has a user `newsletter` already", again.Text);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a+b=c,d.e@f_g-h0", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    public async Task A_user_name_keeps_to_the_rule_of_IAM(string name, bool good)
    {
        await CreateAccountAsync(Account);

        var outcome = await _registry.CreateUserAsync(Account, name, Document, Cancel);

        Assert.Equal(good, outcome is AccountOutcome<User>.Done);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_user_name_has_at_most_64_characters(int length, bool good)
    {
        Assert.Equal(good, User.IsName(new string('a', length)));
    }

    [Fact]
    public async Task Users_and_keys_need_an_account()
    {
        var wanted = new AccountProblem.NoSuchAccount(Account);

        Assert.Equal(wanted, Refused(await _registry.CreateUserAsync(Account, "newsletter", Document, Cancel)));
        Assert.Equal(wanted, Refused(await _registry.ListUsersAsync(Account, Cancel)));
        Assert.Equal(wanted, Refused(await _registry.CreateKeyAsync(new Principal(Account, null), Cancel)));
        Assert.Equal(wanted, Refused(await _registry.ListKeysAsync(Account, Cancel)));
    }

    [Fact]
    public async Task A_root_has_no_policies_to_ask_for()
    {
        Assert.Null(await _registry.UserPoliciesAsync(new Principal(Account, null), Cancel));
    }

    [Fact]
    public async Task A_policy_of_a_user_is_replaced_and_removed_by_name()
    {
        await CreateAccountAsync(Account);
        var user = Done(await _registry.CreateUserAsync(Account, "newsletter", Document, Cancel)).Principal;
        var policy = new NamedPolicy(PolicyName.Parse("more"), "{}");

        Done(await _registry.PutUserPolicyAsync(user, policy, Cancel));
        Done(await _registry.PutUserPolicyAsync(user, policy with { Document = Document }, Cancel));
        Done(await _registry.DeleteUserPolicyAsync(user, FirstUserPolicy.Name, Cancel));

        Assert.Equal([policy with { Document = Document }], await _registry.UserPoliciesAsync(user, Cancel));
    }

    [Fact]
    public async Task A_policy_is_put_on_users_that_exist_only()
    {
        await CreateAccountAsync(Account);
        var policy = new NamedPolicy(PolicyName.Parse("more"), Document);

        var nobody = Refused(await _registry.PutUserPolicyAsync(new Principal(Account, "nobody"), policy, Cancel));

        Assert.Equal("account `111122223333` has no user `nobody`", nobody.Text);
        Assert.IsType<AccountProblem.NoSuchUser>(Refused(await _registry.PutUserPolicyAsync(new Principal(Account, null), policy, Cancel)));
    }

    [Fact]
    public async Task Removing_a_policy_that_is_not_there_says_so()
    {
        await CreateAccountAsync(Account);
        var user = Done(await _registry.CreateUserAsync(Account, "newsletter", Document, Cancel)).Principal;

        var problem = Refused(await _registry.DeleteUserPolicyAsync(user, PolicyName.Parse("more"), Cancel));

        Assert.Equal("user `newsletter` of account `111122223333` has no policy `more`", problem.Text);
    }

    [Fact]
    public async Task A_key_has_the_form_that_clients_expect()
    {
        await CreateAccountAsync(Account);

        var key = Done(await _registry.CreateKeyAsync(new Principal(Account, null), Cancel));

        Assert.Matches("^AKIA[A-Z2-7]{16}$", key.Id);
        Assert.Matches("^[A-Za-z0-9+/]{40}$", key.Secret);
        Assert.DoesNotContain(key.Secret, key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_speaks_for_its_owner_until_it_is_revoked()
    {
        await CreateAccountAsync(Account);
        var user = Done(await _registry.CreateUserAsync(Account, "newsletter", Document, Cancel)).Principal;
        var keys = new AccessKeys(_store, DevKeys.None);

        var key = Done(await _registry.CreateKeyAsync(user, Cancel));
        Assert.Equal(key, await keys.FindAsync(key.Id, Cancel));
        Done(await _registry.RevokeKeyAsync(key.Id, Cancel));

        Assert.Null(await keys.FindAsync(key.Id, Cancel));
        Assert.Equal([key with { RevokedAt = _clock.GetUtcNow() }], Done(await _registry.ListKeysAsync(Account, Cancel)));
    }

    [Fact]
    public async Task A_key_needs_an_owner_that_exists()
    {
        await CreateAccountAsync(Account);

        var problem = Refused(await _registry.CreateKeyAsync(new Principal(Account, "nobody"), Cancel));

        Assert.Equal(new AccountProblem.NoSuchUser(new Principal(Account, "nobody")), problem);
    }

    [Fact]
    public async Task A_key_is_revoked_once()
    {
        await CreateAccountAsync(Account);
        var key = Done(await _registry.CreateKeyAsync(new Principal(Account, null), Cancel));
        await _registry.RevokeKeyAsync(key.Id, Cancel);

        Assert.IsType<AccountProblem.NoSuchKey>(Refused(await _registry.RevokeKeyAsync(key.Id, Cancel)));
        Assert.IsType<AccountProblem.NoSuchKey>(Refused(await _registry.RevokeKeyAsync("AKIANOSUCHKEYEXAMPLE", Cancel)));
    }

    [Fact]
    public async Task In_dev_an_account_exists_as_soon_as_it_is_used()
    {
        var dev = new AccountRegistry(_store, AccountRules.Dev, _clock);

        Done(await dev.CreateUserAsync(Account, "newsletter", Document, Cancel));

        Assert.Equal([Account], (await dev.ListAccountsAsync(Cancel)).Select(a => a.Account.Id));
    }

    private static T Done<T>(AccountOutcome<T> outcome) => Assert.IsType<AccountOutcome<T>.Done>(outcome).Value;

    private static AccountProblem Refused<T>(AccountOutcome<T> outcome) => Assert.IsType<AccountOutcome<T>.Refused>(outcome).Problem;

    private Task<AccountOutcome<Account>> CreateAccountAsync(AccountId? id) =>
        _registry.CreateAccountAsync(id, "Example", Region.Default, null, Cancel);
}
