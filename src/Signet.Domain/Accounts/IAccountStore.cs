using Signet.Names;
using Signet.Policies;

namespace Signet.Accounts;

/// <summary>
/// Where accounts, users, keys and user policies are kept. Secrets are encrypted before they get there and after. What every send asks for (the
/// standing of an account, a user's policies, a key) may miss changes that another node made within the last second.
/// </summary>
public interface IAccountStore
{
    /// <summary>The rules of the server that started last on this store; null if none has.</summary>
    Task<AccountRules?> FindRulesAsync(CancellationToken cancel);

    Task PutRulesAsync(AccountRules rules, CancellationToken cancel);

    /// <summary>The regions of the server that started last on this store; null if none has.</summary>
    Task<RegionSet?> FindRegionsAsync(CancellationToken cancel);

    Task PutRegionsAsync(RegionSet regions, CancellationToken cancel);

    /// <summary>The regions where accounts have identities or settings of their own, by name.</summary>
    Task<IReadOnlyList<RegionUse>> ListRegionsInUseAsync(CancellationToken cancel);

    /// <summary>
    /// In one read, as every send asks for both: the settings of an account in a region, null if nobody has set any, and the pause of
    /// the whole account, null if it is not paused.
    /// </summary>
    Task<(AccountSettings? Settings, AccountPause? Pause)> FindStandingAsync(AccountRegion scope, CancellationToken cancel);

    /// <summary>Reads the settings (null if there are none) and writes what <paramref name="change"/> returns, in one transaction.</summary>
    Task<AccountSettings> ChangeSettingsAsync(AccountRegion scope, Func<AccountSettings?, AccountSettings> change, CancellationToken cancel);

    /// <summary>False if the account exists already.</summary>
    Task<bool> AddAccountAsync(Account account, CancellationToken cancel);

    Task<Account?> FindAccountAsync(AccountId id, CancellationToken cancel);

    /// <summary>
    /// Pauses an account, or ends its pause with null. One that is paused already keeps its time and takes the new reason. False if
    /// there is no such account.
    /// </summary>
    Task<bool> SetPauseAsync(AccountId account, AccountPause? pause, CancellationToken cancel);

    Task<IReadOnlyList<Account>> ListAccountsAsync(CancellationToken cancel);

    /// <summary>The settings of an account in all regions where it has some.</summary>
    Task<IReadOnlyList<(AccountRegion Scope, AccountSettings Settings)>> ListSettingsAsync(AccountId account, CancellationToken cancel);

    /// <summary>False if the user exists already. The user and its first policies are one transaction.</summary>
    Task<bool> AddUserAsync(User user, IReadOnlyList<NamedPolicy> policies, CancellationToken cancel);

    Task<User?> FindUserAsync(AccountId account, string name, CancellationToken cancel);

    Task<IReadOnlyList<User>> ListUsersAsync(AccountId account, CancellationToken cancel);

    /// <summary>The policies of a user by name (ordinal); none for a user that does not exist.</summary>
    Task<IReadOnlyList<NamedPolicy>> GetUserPoliciesAsync(AccountId account, string userName, CancellationToken cancel);

    /// <summary>Creates or replaces one policy of a user. False if there is no such user.</summary>
    Task<bool> PutUserPolicyAsync(AccountId account, string userName, NamedPolicy policy, CancellationToken cancel);

    /// <summary>False if the user had no policy of that name.</summary>
    Task<bool> DeleteUserPolicyAsync(AccountId account, string userName, PolicyName name, CancellationToken cancel);

    Task AddKeyAsync(AccessKey key, CancellationToken cancel);

    Task<AccessKey?> FindKeyAsync(string accessKeyId, CancellationToken cancel);

    /// <summary>All keys of an account, revoked ones too, by the time when they were made and then by id.</summary>
    Task<IReadOnlyList<AccessKey>> ListKeysAsync(AccountId account, CancellationToken cancel);

    /// <summary>Makes a key useless for good. False if there is no such key, or it was revoked before.</summary>
    Task<bool> RevokeKeyAsync(string accessKeyId, DateTimeOffset at, CancellationToken cancel);
}

/// <summary>An account.</summary>
/// <param name="Id">Twelve digits.</param>
/// <param name="Name">A label for people; may be empty.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Pause">Null while it may send.</param>
public sealed record Account(AccountId Id, string Name, DateTimeOffset CreatedAt, AccountPause? Pause = null);

/// <summary>What there is in one region.</summary>
/// <param name="Region">Which; it may have left the set of the server's regions.</param>
/// <param name="Settings">How many accounts have settings of their own there.</param>
/// <param name="Identities">How many identities all accounts have there.</param>
public sealed record RegionUse(Region Region, int Settings, int Identities);

/// <summary>A user of an account.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Name">See <see cref="IsName"/>; case-sensitive.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record User(AccountId Account, string Name, DateTimeOffset CreatedAt)
{
    public const int MaxNameLength = 64;

    public Principal Principal => new(Account, Name);

    /// <summary>True for 1 to 64 of <c>A-Za-z0-9+=,.@_-</c>, the rule of IAM.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && text.All(c => char.IsAsciiLetterOrDigit(c) || "+=,.@_-".Contains(c, StringComparison.Ordinal));
}

/// <summary>What limits an account in a region.</summary>
/// <param name="Sandbox">Mail only to verified recipients and the mailbox simulator.</param>
/// <param name="Max24HourSend">Recipients in any 24 hours; -1 is unlimited.</param>
/// <param name="MaxSendRate">Recipients per second; -1 is unlimited.</param>
/// <param name="SendingEnabled">The switch of UpdateAccountSendingEnabled.</param>
public sealed record AccountSettings(bool Sandbox, double Max24HourSend, double MaxSendRate, bool SendingEnabled)
{
    /// <summary>As a new account begins at SES: 200 recipients a day, one a second, verified recipients only.</summary>
    public static AccountSettings NewSandbox { get; } = new(true, 200, 1, true);

    /// <summary>No limits: what <c>signet dev</c> gives every account.</summary>
    public static AccountSettings Unlimited { get; } = new(false, -1, -1, true);

    /// <summary>The default limits of an account that leaves the sandbox (SES: 50,000 a day, 14 a second).</summary>
    public static AccountSettings Production { get; } = new(false, 50_000, 14, true);
}

/// <summary>An access key with its secret in clear; only the store's ciphertext is ever written.</summary>
/// <param name="Id">20 upper-case letters and digits beginning with <c>AKIA</c>.</param>
/// <param name="Owner">The principal that its signatures stand for.</param>
/// <param name="Secret">40 characters; never logged.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="RevokedAt">Null while it may be used.</param>
public sealed record AccessKey(string Id, Principal Owner, string Secret, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt)
{
    /// <summary>Of <c>signet dev</c>, where nobody made the key and so nobody knows its secret.</summary>
    public bool TakesAnySecret { get; init; }

    public override string ToString() => $"{Id} of {Owner}";
}
