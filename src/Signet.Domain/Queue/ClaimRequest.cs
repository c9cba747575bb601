namespace Signet.Queue;

/// <summary>What a node asks the store for (<see cref="IMessageQueue.ClaimAsync"/>).</summary>
/// <param name="Now">Deliveries that are due by then.</param>
/// <param name="Deliveries">How many at most.</param>
public sealed record ClaimRequest(DateTimeOffset Now, int Deliveries)
{
    /// <summary>Stands between a domain and the target that an operator gave deliveries to it; in no domain there is such a character.</summary>
    public const char Rerouted = '>';

    /// <summary>Bytes of the contents that come with them, but for the last one. Those above <see cref="ActiveQueue.MaxSmall"/> do not come.</summary>
    public long Bytes { get; init; } = 16L * 1024 * 1024;

    /// <summary>
    /// How many of so many deliveries to a domain the node can use now; 0 leaves them where they are. The domain comes as it is stored, with <see cref="Rerouted"/> and a
    /// target behind it for deliveries that have one of their own. It is asked
    /// once for each domain, and what it answers is claimed unless another node is quicker.
    /// </summary>
    public Func<string, int, int> Admit { get; init; } = (_, wanted) => wanted;

    /// <summary>Where to go on: <see cref="ClaimedMessages.Next"/> of the request before; empty begins.</summary>
    public string After { get; init; } = "";
}
