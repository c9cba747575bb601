namespace Signet.Sending;

/// <summary>Identities, policies and the sandbox allow the send. The refusal names every address that failed.</summary>
internal sealed class Authorization(SendAuthorization authorization) : ISendRule
{
    public async ValueTask<Refusal?> CheckAsync(Send send, CancellationToken cancel)
    {
        var attempt = send.Parsed.ToAttempt(send.Request, send.At);
        send.Decision = await authorization.DecideAsync(attempt, send.Settings, cancel) with { Remark = send.Parsed.Remark };
        return send.Decision.Allowed ? null : Refusal.Of(send.Decision);
    }
}
