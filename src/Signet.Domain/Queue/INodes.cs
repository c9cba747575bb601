namespace Signet.Queue;

/// <summary>
/// The nodes that share a store. Each says again and again that it is alive. What a dead one had claimed is free for the others, so nothing is
/// renewed for each delivery. The engine's clock decides: the nodes' own may differ.
/// </summary>
public interface INodes
{
    /// <summary>Says that a node is alive, and will be for a while.</summary>
    /// <param name="node">Its name.</param>
    /// <param name="life">For how long, from now; it counts as dead afterwards.</param>
    /// <param name="cancel">Gives up.</param>
    Task<NodeBeat> BeatAsync(string node, TimeSpan life, CancellationToken cancel);

    /// <summary>Frees the claims of nodes that are dead, or not known. Returns how many deliveries are free now.</summary>
    Task<int> FreeDeadAsync(CancellationToken cancel);

    /// <summary>Frees the claims of all nodes and forgets them: for the start of a node that has the store to itself. Returns how many deliveries.</summary>
    Task<int> FreeAllAsync(CancellationToken cancel);

    /// <summary>
    /// Frees the claims of a node that stops and forgets it. Results that it writes afterwards still count where nobody has claimed the delivery
    /// since. Returns how many deliveries.
    /// </summary>
    Task<int> LeaveAsync(string node, CancellationToken cancel);

    /// <summary>Takes, or keeps, work that one node does for all.</summary>
    /// <param name="duty">Which.</param>
    /// <param name="node">Who.</param>
    /// <param name="hold">For how long others leave it alone; a node that dies keeps it no longer.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>False while another node has it.</returns>
    Task<bool> TryTakeAsync(Duty duty, string node, TimeSpan hold, CancellationToken cancel);
}

/// <summary>What the store answers to a sign of life.</summary>
/// <param name="WasKnown">False when the node was not known: it is new, or was taken for dead, and then has lost its claims.</param>
/// <param name="Alive">How many nodes are alive, this one included.</param>
public readonly record struct NodeBeat(bool WasKnown, int Alive);

/// <summary>Work of which a cluster needs one. The names are stored.</summary>
public enum Duty
{
    IdentityChecks,
    QueueTotals,
    Retention,
    SearchIndexing,
    TrafficCounting,
    Suspensions,
}
