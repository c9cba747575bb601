namespace Signet.Archive;

/// <summary>
/// Tells those who wait for a message that this process has just committed one. It carries nothing: who is woken looks in the
/// archive. Messages that other nodes accept do not raise it.
/// </summary>
public sealed class ArrivalSignal
{
    // Made only when somebody waits: accepting costs nothing while nobody does.
    private TaskCompletionSource? next;

    /// <summary>
    /// Ends with the next <see cref="Raise"/>. Take it before looking in the archive: what is committed after the look has then
    /// ended it already, and nothing is missed.
    /// </summary>
    public Task Next
    {
        get
        {
            var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref next, fresh, null) ?? fresh).Task;
        }
    }

    /// <summary>Wakes all who wait. Called after the commit, by any thread.</summary>
    public void Raise() => Interlocked.Exchange(ref next, null)?.SetResult();
}
