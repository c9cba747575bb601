using Signet.Names;

namespace Signet.Accounts;

/// <summary>Which access keys are valid in addition to those that were created, which take precedence.</summary>
public enum DevKeys
{
    /// <summary><c>signet serve</c>.</summary>
    None,

    /// <summary>
    /// <c>signet dev --strict</c>: <c>test</c> is the root of account 000000000000, any twelve digits the root of that account, both with the
    /// secret <c>test</c>.
    /// </summary>
    Known,

    /// <summary><c>signet dev</c>: these, and every other one as the root of account 000000000000, with whatever secret.</summary>
    Any,
}

/// <summary>Finds the secret of an access key.</summary>
/// <param name="store">The keys that were made.</param>
/// <param name="devKeys">Which others there are.</param>
public sealed class AccessKeys(IAccountStore store, DevKeys devKeys)
{
    private const string DevKey = "test";
    private const string DevSecret = "test";

    private static readonly AccountId DevAccount = AccountId.Parse("000000000000");

    /// <summary>The key, or null if there is none or it was revoked.</summary>
    public async Task<AccessKey?> FindAsync(string accessKeyId, CancellationToken cancel) =>
        await store.FindKeyAsync(accessKeyId, cancel) is { } made
            ? made.RevokedAt is null ? made : null
            : devKeys == DevKeys.None ? null : FindDevKey(accessKeyId);

    private AccessKey? FindDevKey(string id) =>
        id == DevKey ? DevKeyOf(id, DevAccount)
            : AccountId.TryParse(id, out var account) ? DevKeyOf(id, account)
            : devKeys == DevKeys.Any ? DevKeyOf(id, DevAccount) with { TakesAnySecret = true }
            : null;

    private static AccessKey DevKeyOf(string id, AccountId account) =>
        new(id, new Principal(account, null), DevSecret, DateTimeOffset.UnixEpoch, null);
}
