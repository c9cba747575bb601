using Signet.Accounts;
using Signet.Names;
using Signet.Policies;

namespace Signet.Tests.Fakes;

/// <summary>Accounts in dictionaries, each method one step under a lock.</summary>
public sealed class InMemoryAccountStore : IAccountStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AccountRegion, AccountSettings> _settings = [];
    private readonly Dictionary<AccountId, Account> _accounts = [];
    private readonly Dictionary<(AccountId Account, string Name), (User User, SortedList<string, NamedPolicy> Policies)> _users = [];
    private readonly Dictionary<string, AccessKey> _keys = [];

    private AccountRules? _rules;
    private RegionSet? _regions;

    /// <summary>The identities there are: they are kept elsewhere.</summary>
    public Func<IEnumerable<IdentityArn>> ListIdentities { get; init; } = () => [];

    /// <summary>How often settings and pause were asked for.</summary>
    public int StandingsRead { get; private set; }

    public Task<AccountRules?> FindRulesAsync(CancellationToken cancel) => Locked(() => _rules);

    public Task PutRulesAsync(AccountRules rules, CancellationToken cancel) => Locked(() => _rules = rules);

    public Task<RegionSet?> FindRegionsAsync(CancellationToken cancel) => Locked(() => _regions);

    public Task PutRegionsAsync(RegionSet regions, CancellationToken cancel) => Locked(() => _regions = regions);

    public Task<IReadOnlyList<RegionUse>> ListRegionsInUseAsync(CancellationToken cancel) => Locked<IReadOnlyList<RegionUse>>(() =>
    {
        var identities = ListIdentities().Select(i => i.Owner.Region).ToList();
        return [.. _settings.Keys.Select(s => s.Region).Concat(identities).Distinct()
            .OrderBy(r => r.Value, StringComparer.Ordinal)
            .Select(r => new RegionUse(r, _settings.Keys.Count(s => s.Region == r), identities.Count(i => i == r)))];
    });

    public Task<(AccountSettings? Settings, AccountPause? Pause)> FindStandingAsync(AccountRegion scope, CancellationToken cancel) =>
        Locked(() =>
        {
            StandingsRead++;
            return (_settings.GetValueOrDefault(scope), _accounts.GetValueOrDefault(scope.Account)?.Pause);
        });

    public Task<AccountSettings> ChangeSettingsAsync(
        AccountRegion scope, Func<AccountSettings?, AccountSettings> change, CancellationToken cancel) =>
        Locked(() => _settings[scope] = change(_settings.GetValueOrDefault(scope)));

    public Task<bool> AddAccountAsync(Account account, CancellationToken cancel) => Locked(() => _accounts.TryAdd(account.Id, account));

    public Task<Account?> FindAccountAsync(AccountId id, CancellationToken cancel) => Locked(() => _accounts.GetValueOrDefault(id));

    public Task<bool> SetPauseAsync(AccountId account, AccountPause? pause, CancellationToken cancel) =>
        Locked(() =>
        {
            if (!_accounts.TryGetValue(account, out var now))
            {
                return false;
            }

            _accounts[account] = now with { Pause = pause is null ? null : pause with { At = now.Pause?.At ?? pause.At } };
            return true;
        });

    public Task<IReadOnlyList<Account>> ListAccountsAsync(CancellationToken cancel) =>
        Locked<IReadOnlyList<Account>>(() => [.. _accounts.Values.OrderBy(a => a.Id.Value, StringComparer.Ordinal)]);

    public Task<IReadOnlyList<(AccountRegion Scope, AccountSettings Settings)>> ListSettingsAsync(AccountId account, CancellationToken cancel) =>
        Locked<IReadOnlyList<(AccountRegion, AccountSettings)>>(
            () => [.. _settings
                .Where(s => s.Key.Account == account)
                .Select(s => (s.Key, s.Value))
                .OrderBy(s => s.Key.Region.Value, StringComparer.Ordinal)]);

    public Task<bool> AddUserAsync(User user, IReadOnlyList<NamedPolicy> policies, CancellationToken cancel) =>
        Locked(() =>
        {
            var byName = new SortedList<string, NamedPolicy>(policies.ToDictionary(p => p.Name.Value), StringComparer.Ordinal);
            return _users.TryAdd((user.Account, user.Name), (user, byName));
        });

    public Task<User?> FindUserAsync(AccountId account, string name, CancellationToken cancel) =>
        Locked(() => _users.GetValueOrDefault((account, name)).User)!;

    public Task<IReadOnlyList<User>> ListUsersAsync(AccountId account, CancellationToken cancel) =>
        Locked<IReadOnlyList<User>>(
            () => [.. _users.Values.Select(u => u.User).Where(u => u.Account == account).OrderBy(u => u.Name, StringComparer.Ordinal)]);

    public Task<IReadOnlyList<NamedPolicy>> GetUserPoliciesAsync(AccountId account, string userName, CancellationToken cancel) =>
        Locked<IReadOnlyList<NamedPolicy>>(() => _users.TryGetValue((account, userName), out var user) ? [.. user.Policies.Values] : []);

    public Task<bool> PutUserPolicyAsync(AccountId account, string userName, NamedPolicy policy, CancellationToken cancel) =>
        Locked(() =>
        {
            if (!_users.TryGetValue((account, userName), out var user))
            {
                return false;
            }

            user.Policies[policy.Name.Value] = policy;
            return true;
        });

    public Task<bool> DeleteUserPolicyAsync(AccountId account, string userName, PolicyName name, CancellationToken cancel) =>
        Locked(() => _users.TryGetValue((account, userName), out var user) && user.Policies.Remove(name.Value));

    public Task AddKeyAsync(AccessKey key, CancellationToken cancel) =>
        Locked(() =>
        {
            _keys.Add(key.Id, key);
            return true;
        });

    public Task<AccessKey?> FindKeyAsync(string accessKeyId, CancellationToken cancel) => Locked(() => _keys.GetValueOrDefault(accessKeyId));

    public Task<IReadOnlyList<AccessKey>> ListKeysAsync(AccountId account, CancellationToken cancel) =>
        Locked<IReadOnlyList<AccessKey>>(
            () => [.. _keys.Values.Where(k => k.Owner.Account == account).OrderBy(k => k.CreatedAt).ThenBy(k => k.Id, StringComparer.Ordinal)]);

    public Task<bool> RevokeKeyAsync(string accessKeyId, DateTimeOffset at, CancellationToken cancel) =>
        Locked(() =>
        {
            if (!_keys.TryGetValue(accessKeyId, out var key) || key.RevokedAt is not null)
            {
                return false;
            }

            _keys[accessKeyId] = key with { RevokedAt = at };
            return true;
        });

    private Task<T> Locked<T>(Func<T> step)
    {
        lock (_lock)
        {
            return Task.FromResult(step());
        }
    }
}
