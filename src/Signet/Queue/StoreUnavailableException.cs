namespace Signet.Queue;

/// <summary>
/// The store cannot write or read just now: disk full, database unreachable. Nothing of the failed unit was stored; trying again
/// later may succeed. The message names the cause in one sentence, fit for an operator's log.
/// </summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
