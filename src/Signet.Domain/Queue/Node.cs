namespace Signet.Queue;

/// <summary>This process among those that share a store.</summary>
/// <param name="Name">Unlike that of any other process, also of one that ran here before: leases are held under it.</param>
/// <param name="LeaseTime">For how long a delivery is leased; a node that dies keeps its deliveries waiting no longer than this.</param>
public sealed record Node(string Name, TimeSpan LeaseTime)
{
    /// <summary>A name made of the host's name, the process id and chance.</summary>
    public static Node ForThisProcess(string hostname) =>
        new($"{hostname}/{Environment.ProcessId}/{Guid.NewGuid():N}", TimeSpan.FromMinutes(1));

    /// <summary>A lease that begins now.</summary>
    public Lease LeaseFrom(DateTimeOffset now) => new(Name, now + LeaseTime);
}
