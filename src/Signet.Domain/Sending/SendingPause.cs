using Signet.Accounts;

namespace Signet.Sending;

/// <summary>A paused account sends nothing: paused by the operator in all regions, or by itself in one (UpdateAccountSendingEnabled).</summary>
internal sealed class SendingPause(AccountRegistry accounts) : ISendRule
{
    public async ValueTask<Refusal?> CheckAsync(Send send, CancellationToken cancel)
    {
        var (settings, pause) = await accounts.StandingAsync(send.Request.Caller.Scope, cancel);
        send.Settings = settings;
        return pause is not null ? new Refusal.AccountPaused()
            : settings.SendingEnabled ? null
            : new Refusal.SendingPaused();
    }
}
