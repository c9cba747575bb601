namespace Signet.Queue;

/// <summary>
/// Counts of a long queue, kept apart from it, so that a look at a million deliveries costs as much as one at a thousand. A short queue is
/// counted when somebody looks.
/// </summary>
public interface IQueueTotals
{
    /// <summary>
    /// Counts what waits and stores the counts, if the queue is long; else forgets counts that were stored. The queue is read in portions that hold
    /// up nobody, so what changes meanwhile may be missing or counted twice.
    /// </summary>
    /// <returns>How many deliveries were counted; 0 when the queue is short.</returns>
    Task<long> RefreshAsync(CancellationToken cancel);
}
