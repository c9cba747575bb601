using System.Data.Common;
using Signet.Addresses;
using Signet.Dkim;
using Signet.Identities;
using Signet.Names;

namespace Signet.Storage;

/// <inheritdoc cref="IIdentityStore"/>
public sealed class SqlIdentityStore(Database database) : IIdentityStore
{
    private const string DkimKind = "DKIM key";
    private const string NamesProperty = "server names";

    // In memory, about.
    private const int IdentityBytes = 1_000;
    private const int NameBytes = 500;

    private const string Columns =
        """
        account, region, name, status, verification_token, created_at, deadline, next_check_at,
            dkim_enabled, dkim_status, dkim_tokens, dkim_deadline, vouched
        """;

    private const string Select = $"SELECT {Columns} FROM identity";

    /// <inheritdoc/>
    public async Task<ServerNames?> FindServerNamesAsync(CancellationToken cancel) =>
        await StoreProperty.FindAsync(database, NamesProperty, StorageJson.Default.IReadOnlyListString, cancel) is [var hostname, var zone]
            ? new ServerNames(DomainName.Parse(hostname), DomainName.Parse(zone))
            : null;

    /// <inheritdoc/>
    public Task PutServerNamesAsync(ServerNames names, CancellationToken cancel) => StoreProperty.PutAsync(
        database, NamesProperty, [names.Hostname.Value, names.DkimZone.Value], StorageJson.Default.IReadOnlyListString, cancel);

    /// <inheritdoc/>
    public Task<Identity?> FindAsync(IdentityArn arn, CancellationToken cancel) =>
        database.ReadAsync(session => FindAsync(session, arn), cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Identity>> FindAllAsync(
        AccountRegion owner, IReadOnlyCollection<IdentityName> names, CancellationToken cancel)
    {
        if (names.Count == 0)
        {
            return [];
        }

        // One statement: a domain of 127 labels has as many parents, and a message may be to fifty of them.
        var named = names.Index().Select(n => ($"n{n.Index}", (object?)n.Item.Value)).ToList();
        var found = await database.ReadAsync(
            session => session.QueryAsync(
                $"{Select} WHERE account = @account AND region = @region AND name IN ({string.Join(", ", named.Select(n => $"@{n.Item1}"))})",
                Read,
                [("account", owner.Account.Value), ("region", owner.Region.Value), .. named]),
            cancel);
        var byName = found.ToDictionary(i => i.Arn.Name);
        return [.. names.Select(n => byName.GetValueOrDefault(n)).OfType<Identity>()];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Identity>> FindAllForSendAsync(
        AccountRegion owner, IReadOnlyCollection<IdentityName> names, CancellationToken cancel)
    {
        // Which names are no identities is kept too: each send asks for some.
        var kept = await database.Configuration.CurrentAsync(cancel);
        Dictionary<IdentityName, Identity?> byName = [];
        List<IdentityName> unknown = [];
        foreach (var name in names.Distinct())
        {
            if (kept.TryGet<Identity?>(new IdentityArn(owner, name), out var identity))
            {
                byName.Add(name, identity);
            }
            else
            {
                unknown.Add(name);
            }
        }

        if (unknown.Count > 0)
        {
            var read = (await FindAllAsync(owner, unknown, cancel)).ToDictionary(i => i.Arn.Name);
            foreach (var name in unknown)
            {
                var identity = byName[name] = read.GetValueOrDefault(name);
                kept.Put(new IdentityArn(owner, name), identity, identity is null ? NameBytes : IdentityBytes);
            }
        }

        return [.. names.Select(n => byName[n]).OfType<Identity>()];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Identity>> ListAsync(
        AccountRegion owner, IdentityKind? kind, string? after, int limit, CancellationToken cancel)
    {
        var conditions = new Conditions();
        conditions.Owner(owner);
        conditions.Add("name > @after", "after", after ?? "");
        if (kind is { } only)
        {
            conditions.Add("kind = @kind", "kind", only);
        }

        return await database.ReadAsync(
            session => session.QueryReadableAsync(
                $"{Select} {conditions.Where} ORDER BY name LIMIT @limit", Read, [.. conditions.Values, ("limit", limit)]),
            cancel);
    }

    /// <inheritdoc/>
    public async Task<int> CountAsync(AccountRegion owner, CancellationToken cancel) =>
        checked((int)await database.ReadAsync(
            session => session.CountAsync(
                "SELECT COUNT(*) FROM identity WHERE account = @account AND region = @region",
                ("account", owner.Account.Value), ("region", owner.Region.Value)),
            cancel));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IdentityEntry>> SearchAsync(IdentityFilter filter, int offset, int limit, CancellationToken cancel)
    {
        var conditions = ConditionsOf(filter);
        return await database.ReadAsync(
            session => session.QueryReadableAsync(
                $"""
                SELECT {Columns},
                    (SELECT COUNT(*) FROM identity_policy p
                     WHERE p.account = i.account AND p.region = i.region AND p.identity = i.name)
                FROM identity i {conditions.Where} ORDER BY account, region, name LIMIT @limit OFFSET @offset
                """,
                row => new IdentityEntry(Read(row), row.Int(13)),
                [.. conditions.Values, ("limit", limit), ("offset", offset)]),
            cancel);
    }

    /// <inheritdoc/>
    public async Task<int> CountAsync(IdentityFilter filter, CancellationToken cancel)
    {
        var conditions = ConditionsOf(filter);
        return checked((int)await database.ReadAsync(
            session => session.CountAsync($"SELECT COUNT(*) FROM identity {conditions.Where}", [.. conditions.Values]), cancel));
    }

    /// <inheritdoc/>
    public Task<Identity?> ChangeAsync(IdentityArn arn, Func<Identity?, Identity?> change, CancellationToken cancel) => database.WriteConfigurationAsync(
        async session =>
        {
            await session.LockAsync($"identity {arn}");
            var now = await FindAsync(session, arn);
            if (change(now) is not { } changed)
            {
                return now;
            }

            await session.ExecuteAllAsync([Put(arn, changed)]);
            return await FindAsync(session, arn);
        },
        cancel);

    /// <inheritdoc/>
    public Task DeleteAsync(IdentityArn arn, CancellationToken cancel)
    {
        const string hanging = "WHERE account = @account AND region = @region AND identity = @name";
        return database.WriteConfigurationAsync(
            async session =>
            {
                await session.LockAsync($"identity {arn}");
                await session.LockAsync($"policies {arn}");
                var policies = await session.QueryAsync($"SELECT document FROM identity_policy {hanging}", r => r.GetString(0), Key(arn));
                return await session.ExecuteAllAsync(
                [
                    new($"DELETE FROM identity_policy {hanging}", Key(arn)),
                    .. ReplacedPolicies.Keep(arn.Owner.Account, policies, database.Time.GetUtcNow()),
                    new($"DELETE FROM dkim_key {hanging}", Key(arn)),
                    new($"DELETE FROM confirmation {hanging}", Key(arn)),
                    new("DELETE FROM identity WHERE account = @account AND region = @region AND name = @name", Key(arn)),
                ]);
            },
            cancel);
    }

    /// <inheritdoc/>
    public async Task<DueIdentities> DueAsync(DateTimeOffset now, int limit, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            session => session.QueryAsync(
                $"{Select} WHERE due_at <= @now ORDER BY due_at, account, region, name LIMIT @limit",
                r => (Name: r.GetString(2), Identity: Rows.TryRead(() => Read(r), out var identity) ? identity : null),
                ("now", now), ("limit", limit)),
            cancel);
        return new DueIdentities(
            [.. rows.Select(r => r.Identity).OfType<Identity>()], [.. rows.Where(r => r.Identity is null).Select(r => r.Name)]);
    }

    /// <inheritdoc/>
    public Task<bool> AddDkimKeysAsync(IdentityArn arn, IReadOnlyList<DkimKey> keys, CancellationToken cancel)
    {
        IReadOnlyList<SqlStatement> statements = [.. keys.Select((key, position) => new SqlStatement(
            """
            INSERT INTO dkim_key (account, region, identity, position, selector, private_key, public_key)
            VALUES (@account, @region, @name, @position, @selector, @private, @public)
            """,
            [
                .. Key(arn), ("position", position), ("selector", key.Selector),
                ("private", database.Secrets.Seal(DkimKind, SecretId(arn, key.Selector), key.PrivateKey)), ("public", key.PublicKey),
            ]))];
        return database.WriteConfigurationAsync(
            async session =>
            {
                await session.LockAsync($"identity {arn}");
                if (await FindAsync(session, arn) is null || await session.CountAsync(
                    "SELECT COUNT(*) FROM dkim_key WHERE account = @account AND region = @region AND identity = @name", Key(arn)) > 0)
                {
                    return false;
                }

                await session.ExecuteAllAsync(statements);
                return true;
            },
            cancel);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DkimKey>> GetDkimKeysAsync(IdentityArn arn, CancellationToken cancel) =>
        await database.Configuration.GetAsync(
            new DkimKeysOf(arn),
            () => database.ReadAsync(session => session.QueryAsync(
                """
                SELECT selector, private_key, public_key FROM dkim_key
                WHERE account = @account AND region = @region AND identity = @name ORDER BY position
                """,
                r => new DkimKey(
                    r.GetString(0), database.Secrets.Open(DkimKind, SecretId(arn, r.GetString(0)), r.Bytes(1)), r.Bytes(2)),
                Key(arn)), cancel),
            keys => keys.Sum(k => k.PrivateKey.Length + k.PublicKey.Length + 200),
            cancel);

    /// <inheritdoc/>
    public Task<T> StartConfirmationAsync<T>(
        IdentityArn arn,
        string mailbox,
        Func<Identity?, MailboxPace, AccountPace, (ConfirmationStart? Start, T Answer)> decide,
        CancellationToken cancel) =>
        database.WriteConfigurationAsync(
            async session =>
            {
                // Always in this order, so that two units never wait for each other.
                await session.LockAsync($"confirmations of {arn.Owner.Account}");
                await session.LockAsync($"confirmation {mailbox}");
                await session.LockAsync($"identity {arn}");
                var (start, answer) = decide(
                    await FindAsync(session, arn),
                    await ConfirmationStatements.FindPaceAsync(session, mailbox, arn.Owner.Account),
                    await ConfirmationStatements.FindPaceAsync(session, arn.Owner.Account));
                if (start is not null)
                {
                    await session.ExecuteAllAsync(
                    [
                        ConfirmationStatements.ForgetPaces(start.Pace.SentAt, session.Dialect),
                        ConfirmationStatements.Put(mailbox, arn.Owner.Account, start.Pace),
                        Put(arn, start.Identity),
                        ConfirmationStatements.Put(start.Confirmation),
                    ]);
                }

                return answer;
            },
            cancel);

    /// <inheritdoc/>
    public async Task<(Confirmation Confirmation, ConfirmationState State)?> TakeConfirmationAsync(
        string tokenHash, DateTimeOffset now, CancellationToken cancel) => await database.WriteAsync(
        async session =>
        {
            // The update decides who is first; whoever comes later finds it used or expired.
            var taken = await session.ExecuteAsync(
                "UPDATE confirmation SET used_at = @now WHERE token_hash = @hash AND used_at IS NULL AND expires_at > @now",
                ("now", now), ("hash", tokenHash));
            var rows = await session.QueryAsync(
                "SELECT account, region, identity, expires_at, used_at FROM confirmation WHERE token_hash = @hash",
                r => (
                    Confirmation: new Confirmation(tokenHash, new IdentityArn(r.Scope(0), r.Identity(2)), r.Time(3)),
                    State: taken > 0 ? ConfirmationState.Fresh : r.IsDBNull(4) ? ConfirmationState.Expired : ConfirmationState.Used),
                ("hash", tokenHash));
            return rows.Count > 0 ? rows[0] : ((Confirmation, ConfirmationState)?)null;
        },
        cancel);

    private Conditions ConditionsOf(IdentityFilter filter)
    {
        var conditions = new Conditions();
        if (filter.Account is { } account)
        {
            conditions.Add("account = @account", "account", account.Value);
        }

        if (filter.Region is { } region)
        {
            conditions.Add("region = @region", "region", region.Value);
        }

        if (filter.Text is { } text)
        {
            // Names are ASCII, so lower() folds alike in both engines.
            conditions.Add($"{database.Dialect.Position}(lower(name), @text) > 0", "text", text.ToLowerInvariant());
        }

        if (filter.Kind is { } kind)
        {
            conditions.Add("kind = @kind", "kind", kind);
        }

        if (filter.Status is { } status)
        {
            conditions.Add("status = @status", "status", status);
        }

        return conditions;
    }

    private static SqlStatement Put(IdentityArn arn, Identity identity) => new(
        """
        INSERT INTO identity (
            account, region, name, kind, status, verification_token, created_at, deadline, next_check_at,
            dkim_enabled, dkim_status, dkim_tokens, dkim_deadline, vouched, due_at)
        VALUES (
            @account, @region, @name, @kind, @status, @token, @created, @deadline, @next_check,
            @dkim_enabled, @dkim_status, @dkim_tokens, @dkim_deadline, @vouched, @due)
        ON CONFLICT (account, region, name) DO UPDATE SET
            status = excluded.status, verification_token = excluded.verification_token, created_at = excluded.created_at,
            deadline = excluded.deadline, next_check_at = excluded.next_check_at, dkim_enabled = excluded.dkim_enabled,
            dkim_status = excluded.dkim_status, dkim_tokens = excluded.dkim_tokens, dkim_deadline = excluded.dkim_deadline,
            vouched = excluded.vouched, due_at = excluded.due_at
        """,
        [.. Key(arn), .. Values(identity)]);

    private static Task<Identity?> FindAsync(Session session, IdentityArn arn) =>
        session.FindAsync($"{Select} WHERE account = @account AND region = @region AND name = @name", Read, Key(arn));

    private static string SecretId(IdentityArn arn, string selector) => $"{arn} {selector}";

    private static (string Name, object? Value)[] Key(IdentityArn arn) =>
    [
        ("account", arn.Owner.Account.Value), ("region", arn.Owner.Region.Value), ("name", arn.Name.Value),
    ];

    private static (string Name, object? Value)[] Values(Identity identity) =>
    [
        ("kind", identity.Arn.Name is IdentityName.OfAddress ? IdentityKind.EmailAddress : IdentityKind.Domain),
        ("status", identity.Status), ("token", identity.VerificationToken), ("created", identity.CreatedAt),
        ("deadline", identity.Deadline), ("next_check", identity.NextCheckAt),
        ("dkim_enabled", identity.Dkim.Enabled), ("dkim_status", identity.Dkim.Status),
        ("dkim_tokens", StorageJson.Write(identity.Dkim.Tokens, StorageJson.Default.IReadOnlyListString)),
        ("dkim_deadline", identity.Dkim.Deadline), ("vouched", identity.IsVouched),
        ("due", new[] { identity.Deadline, identity.NextCheckAt, identity.Dkim.Deadline }.Min()),
    ];

    private static Identity Read(DbDataReader row) => new(
        new IdentityArn(row.Scope(0), row.Identity(2)),
        row.Name<VerificationStatus>(3),
        row.TextOrNull(4),
        row.Time(5),
        row.TimeOrNull(6),
        row.TimeOrNull(7),
        new DkimState(
            row.Flag(8), row.Name<VerificationStatus>(9), StorageJson.Read(row.GetString(10), StorageJson.Default.IReadOnlyListString),
            row.TimeOrNull(11)))
    {
        IsVouched = row.Flag(12),
    };

    private sealed record DkimKeysOf(IdentityArn Arn);
}
