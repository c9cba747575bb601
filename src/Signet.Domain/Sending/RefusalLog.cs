using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Sending;

/// <summary>Records and logs the requests that are refused, whatever refuses them, so that their senders and the operator can see why.</summary>
/// <param name="history">Where they are recorded.</param>
/// <param name="limit">Bounds how many; null records all.</param>
/// <param name="console">Where the console's pages are; null outside <c>signet dev</c>, whose log links to them.</param>
/// <param name="logger">Gets one line for each.</param>
public sealed class RefusalLog(ISendingHistory history, RefusalLimit? limit, Uri? console, ILogger<RefusalLog> logger)
{
    /// <summary>
    /// Records one refusal. It is stored when this returns, unless the store is unavailable, which the log tells: the answer to the caller is
    /// the same with or without the record.
    /// </summary>
    /// <returns>False, with nothing recorded or logged, when the source was refused too often lately.</returns>
    public async Task<bool> RecordAsync(RefusedRequest refusal, CancellationToken cancel)
    {
        if (limit?.TryTake(new RefusalSource(refusal.Owner?.Account, refusal.Kind)) == false)
        {
            return false;
        }

        // A wrong signature goes on with what should have been signed, which may hold the mail. The record has it, the log has not.
        var reason = refusal.Decision?.Reason ?? refusal.Refusal.Split('\n')[0];
        Tell(refusal, reason);
        try
        {
            await history.RecordRefusalAsync(refusal, cancel);
        }
        catch (StoreUnavailableException e)
        {
            Log.RefusalNotRecorded(logger, reason, e.Message);
        }

        return true;
    }

    private void Tell(RefusedRequest refusal, string reason)
    {
        var action = refusal.Action.Length > 0 ? refusal.Action : "a request";
        var caller = refusal.IsProven ? refusal.Caller : refusal.Caller.Length > 0 ? $"access key {refusal.Caller} (not proven)" : "nobody";
        var place = console is null ? $"refusal {refusal.Id}" : $"{new Uri(console, $"why/refusals/{refusal.Id}")}";
        if (refusal.Decision is not null)
        {
            Log.NotAuthorised(logger, action, caller, reason, place);
        }
        else
        {
            Log.Refused(logger, console is null ? LogLevel.Debug : LogLevel.Information, action, caller, refusal.Code, reason, place);
        }
    }
}
