namespace Signet.Queue;

/// <summary>
/// How many nodes share the store, as the last sign of life heard: limits that are counted in memory are divided by it. A node that dies counts
/// until its <see cref="Node.Life"/> is over. While the store is away the number stays as it was.
/// </summary>
public sealed class AliveNodes
{
    private volatile int _count = 1;

    /// <summary>This one included, so at least 1. A process without a heartbeat is alone.</summary>
    public int Count
    {
        get => _count;
        set => _count = Math.Max(1, value);
    }
}
