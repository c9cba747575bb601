namespace Signet.Queue;

/// <summary>
/// The store cannot write or read just now: disk full, database unreachable, no answer in time. Nothing of the failed unit was stored,
/// unless its commit was under way when the caller's patience ended or the connection broke: nobody can tell then, and trying again
/// may store it twice. Trying again later may succeed. The message names the cause in one sentence, fit for an operator's log.
/// </summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
