using Signet.Accounts;

namespace Signet.Sending;

/// <summary>A paused account cannot send: an operator paused it, or it paused itself in a region (UpdateAccountSendingEnabled).</summary>
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
