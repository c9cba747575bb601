namespace Signet.Accounts;

/// <summary>What holds for an account's mail in a region.</summary>
/// <param name="Settings">Those in force.</param>
/// <param name="Pause">Of the whole account; null while it is not paused.</param>
public sealed record AccountStanding(AccountSettings Settings, AccountPause? Pause)
{
    /// <summary>Whether anything is accepted: the account is not paused, and its own switch is on (GetAccountSendingEnabled).</summary>
    public bool SendingEnabled => Pause is null && Settings.SendingEnabled;
}
