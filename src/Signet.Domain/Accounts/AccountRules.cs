namespace Signet.Accounts;

/// <summary>
/// How a server treats the accounts of its store. The server writes it into the store when it starts, so that a command beside it
/// answers as the server would.
/// </summary>
/// <param name="Defaults">The settings of an account in a region where nobody has set any.</param>
/// <param name="ImplicitAccounts">Whether an account exists as soon as somebody uses it.</param>
/// <param name="VerifiesAtOnce">Whether an identity is verified the moment it is asked for.</param>
public sealed record AccountRules(AccountSettings Defaults, bool ImplicitAccounts, bool VerifiesAtOnce)
{
    /// <summary><c>signet serve</c>, and a store that no server has used yet.</summary>
    public static AccountRules Serve { get; } = new(AccountSettings.NewSandbox, false, false);

    /// <summary><c>signet dev</c>.</summary>
    public static AccountRules Dev { get; } = new(AccountSettings.Unlimited, true, true);

    /// <summary><c>signet dev --strict</c>: production's checks and limits for dev's accounts.</summary>
    public static AccountRules StrictDev { get; } = new(AccountSettings.NewSandbox, true, false);
}
