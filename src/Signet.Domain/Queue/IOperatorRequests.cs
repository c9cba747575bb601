namespace Signet.Queue;

/// <summary>
/// What operators ask for of deliveries that nodes have in their memory. An operator's process knows the store only: it leaves its
/// requests there (<see cref="IQueueControl.HoldAsync"/>, <see cref="IQueueControl.DropAsync"/>), and every node looks for them. A
/// delivery with a request is leased by nobody.
/// </summary>
public interface IOperatorRequests
{
    /// <summary>The requests that wait to be fulfilled.</summary>
    /// <param name="node">Who asks.</param>
    /// <param name="now">Tells whose lease still runs.</param>
    /// <param name="cancel">Gives up.</param>
    Task<PendingRequests> ListAsync(string node, DateTimeOffset now, CancellationToken cancel);

    /// <summary>
    /// Holds or drops deliveries as was asked: with a node, those leased to it, which it does not attempt any more; with null, those
    /// that are leased to nobody. Others are left alone. Returns how many were held or dropped.
    /// </summary>
    Task<int> FulfilAsync(string? node, IReadOnlyList<DeliveryKey> deliveries, DateTimeOffset now, CancellationToken cancel);
}

/// <summary>Deliveries that an operator asked to be held or dropped.</summary>
/// <param name="OfNode">Leased to the node that asks, also when the lease is over.</param>
/// <param name="Unleased">Leased to nobody, or the lease is over.</param>
/// <param name="Unknown">
/// How many deliveries have a request that this version does not know: another version stored it. They wait until that is fulfilled, or
/// <see cref="IQueueControl.RetryAsync"/> calls it off.
/// </param>
public sealed record PendingRequests(IReadOnlyList<DeliveryKey> OfNode, IReadOnlyList<DeliveryKey> Unleased, int Unknown);
