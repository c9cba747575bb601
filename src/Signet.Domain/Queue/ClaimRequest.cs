namespace Signet.Queue;

/// <summary>What a node asks the store for (<see cref="IMessageQueue.ClaimAsync"/>).</summary>
/// <param name="Now">Deliveries that are due by then.</param>
/// <param name="Deliveries">How many at most.</param>
public sealed record ClaimRequest(DateTimeOffset Now, int Deliveries)
{
    /// <summary>Bytes of the contents that come with them, but for the last one. Those above <see cref="DeliveryWindow.MaxSmall"/> do not come.</summary>
    public long Bytes { get; init; } = 16L * 1024 * 1024;

    /// <summary>How many more deliveries to a domain the node can use now, as the domain is stored; 0 leaves them where they are.</summary>
    public Func<string, int> RoomFor { get; init; } = _ => int.MaxValue;

    /// <summary>Where to go on: <see cref="ClaimedMessages.Next"/> of the request before; empty begins.</summary>
    public string After { get; init; } = "";
}
