namespace Signet.Queue;

/// <summary>What waits, by destination.</summary>
/// <param name="Listed">The destinations with most deliveries, those first.</param>
/// <param name="Queued">Deliveries of all destinations in this state, listed or not; likewise the next two.</param>
/// <param name="Deferred">Waiting for another attempt.</param>
/// <param name="Held">Kept by an operator.</param>
/// <param name="Destinations">How many destinations there are, listed or not; those that were counted together are one.</param>
/// <param name="CountedAt">When this was counted; null when it was counted now.</param>
public sealed record QueuedDestinations(
    IReadOnlyList<Destination> Listed, long Queued, long Deferred, long Held, long Destinations, DateTimeOffset? CountedAt)
{
    public long Total => Queued + Deferred + Held;
}
