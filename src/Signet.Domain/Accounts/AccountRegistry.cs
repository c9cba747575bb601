using Signet.Names;
using Signet.Policies;

namespace Signet.Accounts;

/// <summary>
/// Accounts and their settings, users and their policies, keys: what may be asked and done, over the store. What a task that
/// ended has changed is on stable storage. An account's settings, like its identities, belong to it in one region.
/// </summary>
/// <param name="store">Where they are kept.</param>
/// <param name="rules">Defaults for accounts without settings of their own.</param>
/// <param name="clock">What creation and revocation are dated by.</param>
public sealed class AccountRegistry(IAccountStore store, AccountRules rules, TimeProvider clock)
{
    /// <summary>The settings that every account begins with in every region.</summary>
    public AccountSettings Defaults => rules.Defaults;

    /// <summary>The settings in force.</summary>
    public async Task<AccountSettings> SettingsAsync(AccountRegion scope, CancellationToken cancel) =>
        (await StandingAsync(scope, cancel)).Settings;

    /// <summary>The settings in force, and whether the account is paused as a whole.</summary>
    public async Task<AccountStanding> StandingAsync(AccountRegion scope, CancellationToken cancel)
    {
        var (settings, pause) = await store.FindStandingAsync(scope, cancel);
        return new AccountStanding(settings ?? rules.Defaults, pause);
    }

    public async Task<bool> IsPausedAsync(AccountId account, CancellationToken cancel) =>
        await store.FindAccountAsync(account, cancel) is { Pause: not null };

    /// <summary>
    /// Stops the account from sending, in every region: from the next send on at this node, within a second at the others. What is queued
    /// goes on. A paused account keeps the time of its pause and takes the new reason.
    /// </summary>
    /// <param name="account">Which.</param>
    /// <param name="reason">For operators, see <see cref="AccountPause.IsReason"/>; empty for none.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<AccountOutcome<AccountId>> PauseAsync(AccountId account, string reason, CancellationToken cancel) =>
        AccountPause.IsReason(reason)
            ? await SetPauseAsync(account, new AccountPause(clock.GetUtcNow(), reason), cancel)
            : new AccountProblem.BadPauseReason();

    /// <summary>Ends the pause of an account, if it is paused. The switch of UpdateAccountSendingEnabled is another thing.</summary>
    public Task<AccountOutcome<AccountId>> ResumeAsync(AccountId account, CancellationToken cancel) => SetPauseAsync(account, null, cancel);

    /// <summary>The switch of UpdateAccountSendingEnabled.</summary>
    public Task SetSendingEnabledAsync(AccountRegion scope, bool enabled, CancellationToken cancel) =>
        store.ChangeSettingsAsync(scope, now => (now ?? rules.Defaults) with { SendingEnabled = enabled }, cancel);

    /// <summary>
    /// Makes an account. Its settings are written after it: if the process dies between, the account exists with the settings
    /// that every account begins with.
    /// </summary>
    /// <param name="id">Null for twelve random digits.</param>
    /// <param name="name">A label for people; may be empty.</param>
    /// <param name="region">Where <paramref name="settings"/> hold.</param>
    /// <param name="settings">Differences from the default settings; null for none.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<AccountOutcome<Account>> CreateAccountAsync(
        AccountId? id, string name, Region region, SettingsChange? settings, CancellationToken cancel)
    {
        var account = new Account(id ?? NewAccountId(), name, clock.GetUtcNow());
        while (!await store.AddAccountAsync(account, cancel))
        {
            if (id is not null)
            {
                return new AccountProblem.AccountExists(account.Id);
            }

            account = account with { Id = NewAccountId() };
        }

        if (settings is not null)
        {
            await ChangeSettingsAsync(new AccountRegion(account.Id, region), settings, cancel);
        }

        return new AccountOutcome<Account>.Done(account);
    }

    /// <summary>All accounts that were made or used, by id, each with its settings wherever it has some of its own.</summary>
    public async Task<IReadOnlyList<AccountOverview>> ListAccountsAsync(CancellationToken cancel)
    {
        List<AccountOverview> overviews = [];
        foreach (var account in await store.ListAccountsAsync(cancel))
        {
            overviews.Add(new AccountOverview(account, await store.ListSettingsAsync(account.Id, cancel)));
        }

        return overviews;
    }

    /// <summary>An account that was made or used, with its settings wherever it has some of its own; null if there is none.</summary>
    public async Task<AccountOverview?> FindAccountAsync(AccountId id, CancellationToken cancel) =>
        await store.FindAccountAsync(id, cancel) is { } account
            ? new AccountOverview(account, await store.ListSettingsAsync(id, cancel))
            : null;

    /// <summary>Changes an account's settings in a region and returns what is in force then.</summary>
    public async Task<AccountOutcome<AccountSettings>> UpdateSettingsAsync(AccountRegion scope, SettingsChange change, CancellationToken cancel) =>
        await AccountExistsAsync(scope.Account, cancel)
            ? new AccountOutcome<AccountSettings>.Done(await ChangeSettingsAsync(scope, change, cancel))
            : new AccountProblem.NoSuchAccount(scope.Account);

    /// <summary>Makes a user with its first policy, in one transaction.</summary>
    /// <param name="account">Its account.</param>
    /// <param name="name">See <see cref="User.IsName"/>.</param>
    /// <param name="firstPolicy">The document of its first policy; the caller knows that it is good.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<AccountOutcome<User>> CreateUserAsync(AccountId account, string name, string firstPolicy, CancellationToken cancel)
    {
        if (!User.IsName(name))
        {
            return new AccountProblem.BadUserName(name);
        }

        if (!await AccountExistsAsync(account, cancel))
        {
            return new AccountProblem.NoSuchAccount(account);
        }

        var user = new User(account, name, clock.GetUtcNow());
        return await store.AddUserAsync(user, [new NamedPolicy(FirstUserPolicy.Name, firstPolicy)], cancel)
            ? new AccountOutcome<User>.Done(user)
            : new AccountProblem.UserExists(user.Principal);
    }

    /// <summary>The users of an account.</summary>
    public async Task<AccountOutcome<IReadOnlyList<User>>> ListUsersAsync(AccountId account, CancellationToken cancel) =>
        await AccountExistsAsync(account, cancel)
            ? new AccountOutcome<IReadOnlyList<User>>.Done(await store.ListUsersAsync(account, cancel))
            : new AccountProblem.NoSuchAccount(account);

    /// <summary>The policies that say what a user may do; null for an account's root, who may do everything in it.</summary>
    public async Task<IReadOnlyList<NamedPolicy>?> UserPoliciesAsync(Principal principal, CancellationToken cancel) =>
        principal.UserName is { } user ? await store.GetUserPoliciesAsync(principal.Account, user, cancel) : null;

    /// <summary>Creates or replaces one policy of a user.</summary>
    /// <param name="user">The user; a root has no policies, and is answered as a user that does not exist.</param>
    /// <param name="policy">The policy; the caller knows that its document is good.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<AccountOutcome<NamedPolicy>> PutUserPolicyAsync(Principal user, NamedPolicy policy, CancellationToken cancel) =>
        user.UserName is { } name && await store.PutUserPolicyAsync(user.Account, name, policy, cancel)
            ? new AccountOutcome<NamedPolicy>.Done(policy)
            : new AccountProblem.NoSuchUser(user);

    /// <summary>Removes one policy of a user and returns its name.</summary>
    public async Task<AccountOutcome<PolicyName>> DeleteUserPolicyAsync(Principal user, PolicyName policy, CancellationToken cancel) =>
        user.UserName is { } name && await store.DeleteUserPolicyAsync(user.Account, name, policy, cancel)
            ? new AccountOutcome<PolicyName>.Done(policy)
            : new AccountProblem.NoSuchUserPolicy(user, policy);

    /// <summary>Makes a key for a root or a user. What is returned is the only time that its secret is shown.</summary>
    public async Task<AccountOutcome<AccessKey>> CreateKeyAsync(Principal owner, CancellationToken cancel)
    {
        if (!await AccountExistsAsync(owner.Account, cancel))
        {
            return new AccountProblem.NoSuchAccount(owner.Account);
        }

        if (owner.UserName is { } name && await store.FindUserAsync(owner.Account, name, cancel) is null)
        {
            return new AccountProblem.NoSuchUser(owner);
        }

        var key = new AccessKey(KeyMaterial.NewAccessKeyId(), owner, KeyMaterial.NewSecret(), clock.GetUtcNow(), null);
        await store.AddKeyAsync(key, cancel);
        return new AccountOutcome<AccessKey>.Done(key);
    }

    /// <summary>The keys of an account and its users, revoked ones too.</summary>
    public async Task<AccountOutcome<IReadOnlyList<AccessKey>>> ListKeysAsync(AccountId account, CancellationToken cancel) =>
        await AccountExistsAsync(account, cancel)
            ? new AccountOutcome<IReadOnlyList<AccessKey>>.Done(await store.ListKeysAsync(account, cancel))
            : new AccountProblem.NoSuchAccount(account);

    /// <summary>Makes a key useless for good and returns its id.</summary>
    public async Task<AccountOutcome<string>> RevokeKeyAsync(string accessKeyId, CancellationToken cancel) =>
        await store.RevokeKeyAsync(accessKeyId, clock.GetUtcNow(), cancel)
            ? new AccountOutcome<string>.Done(accessKeyId)
            : new AccountProblem.NoSuchKey(accessKeyId);

    private static AccountId NewAccountId() => AccountId.Parse(KeyMaterial.NewAccountId());

    private Task<AccountSettings> ChangeSettingsAsync(AccountRegion scope, SettingsChange change, CancellationToken cancel) =>
        store.ChangeSettingsAsync(scope, now => change.ApplyTo(now ?? rules.Defaults), cancel);

    private async Task<AccountOutcome<AccountId>> SetPauseAsync(AccountId account, AccountPause? pause, CancellationToken cancel) =>
        await AccountExistsAsync(account, cancel) && await store.SetPauseAsync(account, pause, cancel)
            ? new AccountOutcome<AccountId>.Done(account)
            : new AccountProblem.NoSuchAccount(account);

    /// <summary>With implicit accounts the account is made here, so that what hangs on it has something to hang on.</summary>
    private async Task<bool> AccountExistsAsync(AccountId account, CancellationToken cancel) =>
        await store.FindAccountAsync(account, cancel) is not null
        || (rules.ImplicitAccounts && await MakeImplicitAsync(account, cancel));

    private async Task<bool> MakeImplicitAsync(AccountId account, CancellationToken cancel)
    {
        // False says that another request made it in the meantime, which is as good.
        await store.AddAccountAsync(new Account(account, string.Empty, clock.GetUtcNow()), cancel);
        return true;
    }
}

/// <summary>An account with all that was ever set of its settings.</summary>
/// <param name="Account">The account.</param>
/// <param name="Settings">By region; none where it has those that every account begins with.</param>
public sealed record AccountOverview(Account Account, IReadOnlyList<(AccountRegion Scope, AccountSettings Settings)> Settings);
