using System.Data.Common;
using System.Text;
using Signet.Accounts;
using Signet.Names;
using Signet.Policies;

namespace Signet.Storage;

/// <inheritdoc cref="IAccountStore"/>
public sealed class SqlAccountStore(Database database) : IAccountStore
{
    private const string KeyKind = "access key";
    private const string RulesProperty = "account rules";
    private const string RegionsProperty = "regions";

    // In memory, about.
    private const int StandingBytes = 600;
    private const int KeyBytes = 700;

    private const string SelectSettings =
        "SELECT account, region, sandbox, max_24_hour_send, max_send_rate, sending_enabled FROM account_settings WHERE account = @account";

    private const string SelectAccount = "SELECT id, name, created_at, paused_at, pause_reason FROM account";

    private const string OneUserPolicy = "account = @account AND user_name = @user AND name = @name";

    private const string SelectKey = "SELECT id, account, user_name, secret, created_at, revoked_at FROM access_key";

    /// <inheritdoc/>
    public async Task<AccountRules?> FindRulesAsync(CancellationToken cancel) =>
        await StoreProperty.FindAsync(database, RulesProperty, StorageJson.Default.AccountRules, cancel);

    /// <inheritdoc/>
    public Task PutRulesAsync(AccountRules rules, CancellationToken cancel) =>
        StoreProperty.PutAsync(database, RulesProperty, rules, StorageJson.Default.AccountRules, cancel);

    /// <inheritdoc/>
    public async Task<RegionSet?> FindRegionsAsync(CancellationToken cancel) =>
        await StoreProperty.FindAsync(database, RegionsProperty, StorageJson.Default.IReadOnlyListString, cancel) is { } names
            ? new RegionSet(names.Select(Region.Parse))
            : null;

    /// <inheritdoc/>
    public Task PutRegionsAsync(RegionSet regions, CancellationToken cancel) => StoreProperty.PutAsync(
        database, RegionsProperty, [.. regions.All.Select(r => r.Value)], StorageJson.Default.IReadOnlyListString, cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RegionUse>> ListRegionsInUseAsync(CancellationToken cancel) => await database.ReadAsync(
        session => session.QueryAsync(
            """
            SELECT region, CAST(SUM(settings) AS BIGINT), CAST(SUM(identities) AS BIGINT) FROM (
                SELECT region, COUNT(*) AS settings, 0 AS identities FROM account_settings GROUP BY region
                UNION ALL
                SELECT region, 0, COUNT(*) FROM identity GROUP BY region
            ) AS used
            GROUP BY region ORDER BY region
            """,
            r => new RegionUse(Region.Parse(r.GetString(0)), r.Int(1), r.Int(2))),
        cancel);

    /// <inheritdoc/>
    public async Task<(AccountSettings? Settings, AccountPause? Pause)> FindStandingAsync(AccountRegion scope, CancellationToken cancel)
    {
        // Either may be there without the other, and the answer is one row in any case.
        var rows = await database.Configuration.GetAsync(
            new StandingOf(scope),
            () => database.ReadAsync(session => session.QueryAsync(
                """
                SELECT s.account, s.region, s.sandbox, s.max_24_hour_send, s.max_send_rate, s.sending_enabled, a.paused_at, a.pause_reason
                FROM (SELECT 1 AS one) AS one
                LEFT JOIN account_settings s ON s.account = @account AND s.region = @region
                LEFT JOIN account a ON a.id = @account
                """,
                r => (Settings: r.IsDBNull(0) ? null : ReadSettings(r), Pause: ReadPause(r, 6)),
                ("account", scope.Account.Value), ("region", scope.Region.Value)), cancel),
            _ => StandingBytes,
            cancel);
        return rows[0];
    }

    /// <inheritdoc/>
    public Task<AccountSettings> ChangeSettingsAsync(
        AccountRegion scope, Func<AccountSettings?, AccountSettings> change, CancellationToken cancel) => database.WriteConfigurationAsync(
        async session =>
        {
            await session.LockAsync($"settings {scope}");
            var changed = change(await FindSettingsAsync(session, scope));
            await session.ExecuteAsync(
                """
                INSERT INTO account_settings (account, region, sandbox, max_24_hour_send, max_send_rate, sending_enabled)
                VALUES (@account, @region, @sandbox, @quota, @rate, @enabled)
                ON CONFLICT (account, region) DO UPDATE SET
                    sandbox = excluded.sandbox, max_24_hour_send = excluded.max_24_hour_send,
                    max_send_rate = excluded.max_send_rate, sending_enabled = excluded.sending_enabled
                """,
                ("account", scope.Account.Value), ("region", scope.Region.Value), ("sandbox", changed.Sandbox),
                ("quota", changed.Max24HourSend), ("rate", changed.MaxSendRate), ("enabled", changed.SendingEnabled));
            return changed;
        },
        cancel);

    /// <inheritdoc/>
    public Task<bool> AddAccountAsync(Account account, CancellationToken cancel) => database.WriteConfigurationAsync(
        async session => await session.ExecuteAsync(
            "INSERT INTO account (id, name, created_at) VALUES (@id, @name, @created) ON CONFLICT (id) DO NOTHING",
            ("id", account.Id.Value), ("name", account.Name), ("created", account.CreatedAt)) > 0,
        cancel);

    /// <inheritdoc/>
    public Task<Account?> FindAccountAsync(AccountId id, CancellationToken cancel) => database.ReadAsync(
        session => session.FindAsync($"{SelectAccount} WHERE id = @id", ReadAccount, ("id", id.Value)), cancel);

    /// <inheritdoc/>
    public Task<bool> SetPauseAsync(AccountId account, AccountPause? pause, CancellationToken cancel) => database.WriteConfigurationAsync(
        async session => (pause is null
            ? await session.ExecuteAsync(
                "UPDATE account SET paused_at = NULL, pause_reason = NULL WHERE id = @id", ("id", account.Value))
            : await session.ExecuteAsync(
                "UPDATE account SET paused_at = COALESCE(paused_at, @at), pause_reason = @reason WHERE id = @id",
                ("at", pause.At), ("reason", pause.Reason), ("id", account.Value))) > 0,
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Account>> ListAccountsAsync(CancellationToken cancel) => await database.ReadAsync(
        session => session.QueryReadableAsync($"{SelectAccount} ORDER BY id", ReadAccount), cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(AccountRegion Scope, AccountSettings Settings)>> ListSettingsAsync(
        AccountId account, CancellationToken cancel) => await database.ReadAsync(
        session => session.QueryAsync(
            $"{SelectSettings} ORDER BY region", r => (r.Scope(0), ReadSettings(r)), ("account", account.Value)),
        cancel);

    /// <inheritdoc/>
    public Task<bool> AddUserAsync(User user, IReadOnlyList<NamedPolicy> policies, CancellationToken cancel) => database.WriteConfigurationAsync(
        async session =>
        {
            var added = await session.ExecuteAsync(
                """
                INSERT INTO account_user (account, name, created_at) VALUES (@account, @name, @created)
                ON CONFLICT (account, name) DO NOTHING
                """,
                ("account", user.Account.Value), ("name", user.Name), ("created", user.CreatedAt));
            if (added == 0)
            {
                return false;
            }

            await session.ExecuteAllAsync([.. policies.Select(p => PutPolicy(user.Account, user.Name, p))]);
            return true;
        },
        cancel);

    /// <inheritdoc/>
    public Task<User?> FindUserAsync(AccountId account, string name, CancellationToken cancel) => database.ReadAsync(
        session => session.FindAsync(
            "SELECT account, name, created_at FROM account_user WHERE account = @account AND name = @name",
            ReadUser, ("account", account.Value), ("name", name)),
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<User>> ListUsersAsync(AccountId account, CancellationToken cancel) => await database.ReadAsync(
        session => session.QueryReadableAsync(
            "SELECT account, name, created_at FROM account_user WHERE account = @account ORDER BY name",
            ReadUser, ("account", account.Value)),
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NamedPolicy>> GetUserPoliciesAsync(AccountId account, string userName, CancellationToken cancel) =>
        await database.Configuration.GetAsync(
            new PoliciesOf(account, userName),
            () => database.ReadAsync(session => session.QueryAsync(
                "SELECT name, document FROM user_policy WHERE account = @account AND user_name = @user ORDER BY name",
                r => new NamedPolicy(PolicyName.Parse(r.GetString(0)), r.GetString(1)),
                ("account", account.Value), ("user", userName)), cancel),
            SqlPolicyStore.SizeOf,
            cancel);

    /// <inheritdoc/>
    public Task<bool> PutUserPolicyAsync(AccountId account, string userName, NamedPolicy policy, CancellationToken cancel) =>
        database.WriteConfigurationAsync(
            async session =>
            {
                var users = await session.CountAsync(
                    "SELECT COUNT(*) FROM account_user WHERE account = @account AND name = @user",
                    ("account", account.Value), ("user", userName));
                if (users == 0)
                {
                    return false;
                }

                await session.LockAsync($"policies {account} {userName}");
                var replaced = await DocumentAsync(session, account, userName, policy.Name);
                await session.ExecuteAllAsync(
                [
                    PutPolicy(account, userName, policy),
                    .. ReplacedPolicies.Keep(account, replaced, policy.Document, database.Time.GetUtcNow()),
                ]);
                return true;
            },
            cancel);

    /// <inheritdoc/>
    public Task<bool> DeleteUserPolicyAsync(AccountId account, string userName, PolicyName name, CancellationToken cancel) =>
        database.WriteConfigurationAsync(
            async session =>
            {
                await session.LockAsync($"policies {account} {userName}");
                if (await DocumentAsync(session, account, userName, name) is not { } document)
                {
                    return false;
                }

                await session.ExecuteAllAsync(
                [
                    new($"DELETE FROM user_policy WHERE {OneUserPolicy}", UserPolicy(account, userName, name)),
                    .. ReplacedPolicies.Keep(account, [document], database.Time.GetUtcNow()),
                ]);
                return true;
            },
            cancel);

    /// <inheritdoc/>
    public Task AddKeyAsync(AccessKey key, CancellationToken cancel)
    {
        var secret = database.Secrets.Seal(KeyKind, key.Id, Encoding.UTF8.GetBytes(key.Secret));
        return database.WriteConfigurationAsync(
            session => session.ExecuteAsync(
                """
                INSERT INTO access_key (id, account, user_name, secret, created_at, revoked_at)
                VALUES (@id, @account, @user, @secret, @created, @revoked)
                """,
                ("id", key.Id), ("account", key.Owner.Account.Value), ("user", key.Owner.UserName), ("secret", secret),
                ("created", key.CreatedAt), ("revoked", key.RevokedAt)),
            cancel);
    }

    /// <inheritdoc/>
    public Task<AccessKey?> FindKeyAsync(string accessKeyId, CancellationToken cancel) => database.Configuration.GetAsync(
        new KeyOf(accessKeyId),
        () => database.ReadAsync(
            session => session.FindAsync($"{SelectKey} WHERE id = @id", ReadKey, ("id", accessKeyId)), cancel),
        key => key is null ? null : KeyBytes,
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccessKey>> ListKeysAsync(AccountId account, CancellationToken cancel) => await database.ReadAsync(
        session => session.QueryReadableAsync(
            $"{SelectKey} WHERE account = @account ORDER BY created_at, id", ReadKey, ("account", account.Value)),
        cancel);

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(string accessKeyId, DateTimeOffset at, CancellationToken cancel) => database.WriteConfigurationAsync(
        async session => await session.ExecuteAsync(
            "UPDATE access_key SET revoked_at = @at WHERE id = @id AND revoked_at IS NULL", ("at", at), ("id", accessKeyId)) > 0,
        cancel);

    private static Task<AccountSettings?> FindSettingsAsync(Session session, AccountRegion scope) => session.FindAsync(
        $"{SelectSettings} AND region = @region", ReadSettings, ("account", scope.Account.Value), ("region", scope.Region.Value));

    private static Task<string?> DocumentAsync(Session session, AccountId account, string userName, PolicyName name) => session.FindAsync(
        $"SELECT document FROM user_policy WHERE {OneUserPolicy}", r => r.GetString(0), UserPolicy(account, userName, name));

    private static (string Name, object? Value)[] UserPolicy(AccountId account, string userName, PolicyName name) =>
        [("account", account.Value), ("user", userName), ("name", name.Value)];

    private static SqlStatement PutPolicy(AccountId account, string userName, NamedPolicy policy) => new(
        """
        INSERT INTO user_policy (account, user_name, name, document) VALUES (@account, @user, @name, @document)
        ON CONFLICT (account, user_name, name) DO UPDATE SET document = excluded.document
        """,
        ("account", account.Value), ("user", userName), ("name", policy.Name.Value), ("document", policy.Document));

    private static Account ReadAccount(DbDataReader row) =>
        new(AccountId.Parse(row.GetString(0)), row.GetString(1), row.Time(2), ReadPause(row, 3));

    private static AccountPause? ReadPause(DbDataReader row, int column) =>
        row.TimeOrNull(column) is { } at ? new AccountPause(at, row.TextOrNull(column + 1) ?? "") : null;

    private static AccountSettings ReadSettings(DbDataReader row) => new(row.Flag(2), row.GetDouble(3), row.GetDouble(4), row.Flag(5));

    private static User ReadUser(DbDataReader row) => new(AccountId.Parse(row.GetString(0)), row.GetString(1), row.Time(2));

    private AccessKey ReadKey(DbDataReader row)
    {
        var id = row.GetString(0);
        return new AccessKey(
            id, new Principal(AccountId.Parse(row.GetString(1)), row.TextOrNull(2)),
            Encoding.UTF8.GetString(database.Secrets.Open(KeyKind, id, row.Bytes(3))), row.Time(4), row.TimeOrNull(5));
    }

    private sealed record StandingOf(AccountRegion Scope);

    private sealed record PoliciesOf(AccountId Account, string User);

    private sealed record KeyOf(string Id);
}
