namespace Signet.Queue;

/// <summary>This process among those that share a store.</summary>
/// <param name="Name">Unlike that of any other process, also of one that ran here before: claims are held under it.</param>
/// <param name="Life">How long it counts as alive after its last sign of life; what a node that dies had claimed waits no longer than this.</param>
public sealed record Node(string Name, TimeSpan Life)
{
    /// <summary>A name made of the host's name, the process id and chance.</summary>
    public static Node ForThisProcess(string hostname) =>
        new($"{hostname}/{Environment.ProcessId}/{Guid.NewGuid().ToString("N")[..12]}", TimeSpan.FromSeconds(30));
}
