namespace Signet.Queue;

/// <summary>
/// What operators ask for of deliveries that nodes have in their memory. An operator's process knows the store only: it leaves its
/// requests there (<see cref="IQueueControl.HoldAsync"/>, <see cref="IQueueControl.DropAsync"/>, <see cref="IQueueControl.RerouteAsync"/>), and every node looks for them. A
/// delivery with a request is claimed by nobody.
/// </summary>
public interface IOperatorRequests
{
    /// <summary>The requests that wait to be fulfilled.</summary>
    /// <param name="node">Who asks.</param>
    /// <param name="cancel">Gives up.</param>
    Task<PendingRequests> ListAsync(string node, CancellationToken cancel);

    /// <summary>
    /// Holds, drops or gives up deliveries as operators asked. A node gives its name and deliveries of its own that it will not attempt. Null stands for
    /// deliveries that nobody has claimed. Others stay as they are. Returns for how many that was done.
    /// </summary>
    Task<int> FulfilAsync(string? node, IReadOnlyList<DeliveryKey> deliveries, DateTimeOffset now, CancellationToken cancel);
}

/// <summary>Deliveries that an operator asked to be held, dropped or taken along another route.</summary>
/// <param name="OfNode">Claimed by the node that asks.</param>
/// <param name="Unclaimed">Claimed by nobody, or by a node that is dead.</param>
/// <param name="Unknown">
/// How many deliveries have a request that this version does not know: another version stored it. They wait until that is fulfilled, or
/// <see cref="IQueueControl.RetryAsync"/> calls it off.
/// </param>
public sealed record PendingRequests(IReadOnlyList<DeliveryKey> OfNode, IReadOnlyList<DeliveryKey> Unclaimed, int Unknown);
