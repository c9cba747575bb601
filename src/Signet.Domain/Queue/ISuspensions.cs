namespace Signet.Queue;

/// <summary>
/// Suspends and resumes deliveries. All nodes heed a suspension within a second; what they accept or claim until then is held by a second pass.
/// A delivery that was held by hand stays so when its suspension ends, and one that an operator retries goes out although it is suspended.
/// </summary>
public interface ISuspensions
{
    /// <summary>Those in force. It costs no read of the store as long as nothing changes.</summary>
    Task<SuspensionSet> InForceAsync(CancellationToken cancel);

    /// <summary>Those in force with what they hold, by number.</summary>
    Task<IReadOnlyList<SuspensionStatus>> ListAsync(CancellationToken cancel);

    /// <summary>
    /// Suspends what matches. Holds what waits in two passes, as nodes may not know of the suspension during the first. Suspending the same again
    /// changes nothing of the suspension and makes the passes again.
    /// </summary>
    /// <param name="scope">Which (<see cref="Suspension.IsScope"/>).</param>
    /// <param name="reason">Why; cut to <see cref="Suspension.MaxText"/>.</param>
    /// <param name="by">Who; likewise.</param>
    /// <param name="progress">Gets the number of deliveries that have been looked at so far; null for none.</param>
    /// <param name="cancel">Heeded between portions. The suspension is in force even so.</param>
    Task<SuspendResult> SuspendAsync(DeliveryFilter scope, string reason, string by, IProgress<long>? progress, CancellationToken cancel);

    /// <summary>
    /// Ends a suspension and makes due what it held, except for what another one holds from now on. The parameters are those of
    /// <see cref="SuspendAsync"/>.
    /// </summary>
    /// <returns>What was done; null when there is no such suspension.</returns>
    Task<QueueChange?> ResumeAsync(long number, IProgress<long>? progress, CancellationToken cancel);

    /// <summary>Makes due what suspensions hold that have ended: a node did not know yet, or resuming was broken off. Returns how many deliveries.</summary>
    Task<long> ReleaseLeftoversAsync(CancellationToken cancel);
}

/// <summary>What came of suspending.</summary>
/// <param name="Suspension">The suspension in force; null when it was refused.</param>
/// <param name="Change">What was held.</param>
/// <param name="Refusal">Why nothing was done, in one sentence; null when it was.</param>
public sealed record SuspendResult(Suspension? Suspension, QueueChange Change, string? Refusal);
