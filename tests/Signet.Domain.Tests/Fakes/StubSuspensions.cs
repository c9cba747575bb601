using Signet.Queue;

namespace Signet.Tests.Fakes;

/// <summary>A stub: those in force are what a test sets. Suspending and resuming are tested over the real stores.</summary>
public sealed class StubSuspensions : ISuspensions
{
    public SuspensionSet InForce { get; set; } = SuspensionSet.Empty;

    public Task<SuspensionSet> InForceAsync(CancellationToken cancel) => Task.FromResult(InForce);

    public Task<IReadOnlyList<SuspensionStatus>> ListAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<SuspensionStatus>>([.. InForce.All.Select(s => new SuspensionStatus(s, 0))]);

    public Task<SuspendResult> SuspendAsync(DeliveryFilter scope, string reason, string by, IProgress<long>? progress, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<QueueChange?> ResumeAsync(long number, IProgress<long>? progress, CancellationToken cancel) => throw new NotSupportedException();

    public Task<long> ReleaseLeftoversAsync(CancellationToken cancel) => Task.FromResult(0L);
}
