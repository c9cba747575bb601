using Signet.Queue;

namespace Signet.Server.Tests.Fakes;

/// <summary>A stub that is there, and asked for nothing: the queue commands are tested over a real store.</summary>
internal sealed class StubQueueControl : IQueueControl
{
    public Task<QueuedDestinations> ListDestinationsAsync(DeliveryFilter filter, int limit, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<WaitingDelivery>> ListAsync(
        DeliveryFilter filter, DeliveryOrder order, WaitingDelivery? after, int limit, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<QueueChange> RetryAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<QueueChange> HoldAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<QueueChange> DropAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<QueueChange> RerouteAsync(
        DeliveryFilter filter, string? target, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
        throw new NotSupportedException();
}
