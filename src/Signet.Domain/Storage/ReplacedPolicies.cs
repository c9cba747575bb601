using Signet.Names;
using Signet.Policies;

namespace Signet.Storage;

/// <summary>
/// The documents of policies that were replaced or deleted, by account and version. Replacing or deleting a policy stores its old text in the same
/// transaction; a send neither reads nor writes them.
/// </summary>
internal static class ReplacedPolicies
{
    // Both engines take so many parameters in one statement.
    private const int Portion = 200;

    /// <summary>Keeps what a put replaces; nothing when there was none, or the same.</summary>
    public static IReadOnlyList<SqlStatement> Keep(AccountId account, string? replaced, string document, DateTimeOffset at) =>
        replaced is null || replaced == document ? [] : Keep(account, [replaced], at);

    /// <summary>Stores documents, and deletes the oldest of the account's beyond <see cref="IPolicyStore.MaxReplaced"/>.</summary>
    public static IReadOnlyList<SqlStatement> Keep(AccountId account, IReadOnlyList<string> documents, DateTimeOffset at) => documents.Count == 0 ? [] :
    [
        .. documents.Distinct().Select(document => new SqlStatement(
            """
            INSERT INTO policy_version (account, version, document, replaced_at) VALUES (@account, @version, @document, @at)
            ON CONFLICT (account, version) DO UPDATE SET replaced_at = excluded.replaced_at
            """,
            ("account", account.Value), ("version", PolicyVersion.Of(document).Value), ("document", document), ("at", at))),
        new(
            """
            DELETE FROM policy_version WHERE account = @account AND (replaced_at, version) <= (
                SELECT replaced_at, version FROM policy_version WHERE account = @account
                ORDER BY replaced_at DESC, version DESC LIMIT 1 OFFSET @kept)
            """,
            ("account", account.Value), ("kept", IPolicyStore.MaxReplaced)),
    ];

    /// <summary>
    /// Deletes those that no decision can name any more, because every message and refusal left is newer. A message that waits for long
    /// keeps them as long as itself.
    /// </summary>
    /// <param name="before">Refusals are kept from then on.</param>
    public static SqlStatement Prune(DateTimeOffset before) => new(
        """
        DELETE FROM policy_version
        WHERE replaced_at < @before AND replaced_at < COALESCE((SELECT MIN(accepted_at) FROM message), @before)
        """,
        ("before", before));

    public static async Task<IReadOnlyDictionary<PolicyVersion, string>> FindAsync(
        Session session, AccountId account, IReadOnlyCollection<PolicyVersion> versions)
    {
        Dictionary<PolicyVersion, string> found = [];
        foreach (var portion in versions.Chunk(Portion))
        {
            (string Name, object? Value)[] named = [.. portion.Select((v, i) => ($"v{i}", (object?)v.Value))];
            var rows = await session.QueryAsync(
                $"""
                SELECT version, document FROM policy_version
                WHERE account = @account AND version IN ({string.Join(", ", named.Select(n => $"@{n.Name}"))})
                """,
                r => (Version: PolicyVersion.Read(r.GetString(0)), Document: r.GetString(1)),
                [("account", account.Value), .. named]);
            foreach (var (version, document) in rows)
            {
                found[version] = document;
            }
        }

        return found;
    }
}
