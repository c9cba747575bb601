using Signet.Names;
using Signet.Policies;

namespace Signet.Storage;

/// <inheritdoc cref="IPolicyStore"/>
public sealed class SqlPolicyStore(Database database) : IPolicyStore
{
    private const string OfIdentity = "account = @account AND region = @region AND identity = @identity";

    /// <inheritdoc/>
    public Task<bool> PutAsync(IdentityArn identity, PolicyName name, string document, CancellationToken cancel) => database.WriteConfigurationAsync(
        async session =>
        {
            await session.LockAsync($"policies {identity}");
            var others = await session.CountAsync(
                $"SELECT COUNT(*) FROM identity_policy WHERE {OfIdentity} AND name <> @name", [.. Key(identity), ("name", name.Value)]);
            if (others >= IPolicyStore.MaxPerIdentity)
            {
                return false;
            }

            var replaced = await DocumentAsync(session, identity, name);
            await session.ExecuteAllAsync(
            [
                new(
                    """
                    INSERT INTO identity_policy (account, region, identity, name, document)
                    VALUES (@account, @region, @identity, @name, @document)
                    ON CONFLICT (account, region, identity, name) DO UPDATE SET document = excluded.document
                    """,
                    [.. Key(identity), ("name", name.Value), ("document", document)]),
                .. ReplacedPolicies.Keep(identity.Owner.Account, replaced, document, database.Time.GetUtcNow()),
            ]);
            return true;
        },
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NamedPolicy>> ListAsync(IdentityArn identity, CancellationToken cancel) =>
        await database.ReadAsync(
            session => session.QueryAsync(
                $"SELECT name, document FROM identity_policy WHERE {OfIdentity} ORDER BY name",
                r => new NamedPolicy(PolicyName.Parse(r.GetString(0)), r.GetString(1)),
                Key(identity)),
            cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<NamedPolicy>> ListForSendAsync(IdentityArn identity, CancellationToken cancel) =>
        database.Configuration.GetAsync(new PoliciesOf(identity), () => ListAsync(identity, cancel), SizeOf, cancel);

    /// <inheritdoc/>
    public Task DeleteAsync(IdentityArn identity, PolicyName name, CancellationToken cancel) => database.WriteConfigurationAsync(
        async session =>
        {
            await session.LockAsync($"policies {identity}");
            if (await DocumentAsync(session, identity, name) is not { } document)
            {
                return false;
            }

            await session.ExecuteAllAsync(
            [
                new($"DELETE FROM identity_policy WHERE {OfIdentity} AND name = @name", [.. Key(identity), ("name", name.Value)]),
                .. ReplacedPolicies.Keep(identity.Owner.Account, [document], database.Time.GetUtcNow()),
            ]);
            return true;
        },
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<PolicyVersion, string>> FindReplacedAsync(
        AccountId account, IReadOnlyCollection<PolicyVersion> versions, CancellationToken cancel) =>
        versions.Count == 0 ? new Dictionary<PolicyVersion, string>()
            : await database.ReadAsync(session => ReplacedPolicies.FindAsync(session, account, versions), cancel);

    /// <summary>About how many bytes policies take in memory.</summary>
    internal static int? SizeOf(IReadOnlyList<NamedPolicy> policies) =>
        policies.Sum(p => (sizeof(char) * (p.Name.Value.Length + p.Document.Length)) + 100);

    private static Task<string?> DocumentAsync(Session session, IdentityArn identity, PolicyName name) => session.FindAsync(
        $"SELECT document FROM identity_policy WHERE {OfIdentity} AND name = @name", r => r.GetString(0),
        [.. Key(identity), ("name", name.Value)]);

    private static (string Name, object? Value)[] Key(IdentityArn identity) =>
    [
        ("account", identity.Owner.Account.Value), ("region", identity.Owner.Region.Value), ("identity", identity.Name.Value),
    ];

    private sealed record PoliciesOf(IdentityArn Identity);
}
