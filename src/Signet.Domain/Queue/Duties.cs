using System.Collections.Concurrent;

namespace Signet.Queue;

/// <summary>
/// Which of the work that one node does for all is this node's. What it has it keeps while it asks again and again; another takes it over when this
/// node has ended. Doing a duty twice at the end of a hold does no harm, only work.
/// </summary>
public sealed class Duties
{
    /// <summary>For how long a duty is taken: how long it rests when its node is killed.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);

    // Early enough that a write may fail, and rarely enough that it costs nothing.
    private static readonly TimeSpan AsksEvery = Hold / 3;

    private readonly INodes? _nodes;
    private readonly string _node = "";
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ConcurrentDictionary<Duty, (long At, bool IsMine)> _asked = [];

    private Duties()
    {
    }

    /// <param name="nodes">The nodes that share the store.</param>
    /// <param name="node">This one.</param>
    /// <param name="time">The clock of this node: only lengths of time are measured with it.</param>
    public Duties(INodes nodes, Node node, TimeProvider time) => (_nodes, _node, _time) = (nodes, node.Name, time);

    /// <summary>Those of a node that shares its store with no other.</summary>
    public static Duties Alone { get; } = new();

    /// <summary>Whether this node does it now. Asks the store every ten seconds at most.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot tell.</exception>
    public async Task<bool> IsMineAsync(Duty duty, CancellationToken cancel)
    {
        if (_nodes is null)
        {
            return true;
        }

        var now = _time.GetTimestamp();
        if (_asked.TryGetValue(duty, out var asked) && _time.GetElapsedTime(asked.At, now) < AsksEvery)
        {
            return asked.IsMine;
        }

        var isMine = await _nodes.TryTakeAsync(duty, _node, Hold, cancel);
        _asked[duty] = (now, isMine);
        return isMine;
    }
}
