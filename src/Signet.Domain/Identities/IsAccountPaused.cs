using Signet.Names;

namespace Signet.Identities;

/// <summary>Whether an account is paused: no confirmation mail is sent for it.</summary>
public delegate Task<bool> IsAccountPaused(AccountId account, CancellationToken cancel);
