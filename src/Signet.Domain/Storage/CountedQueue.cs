using Signet.Queue;

namespace Signet.Storage;

/// <summary>Where the counts of the queue come from: from the queue itself while it is short, else from what was counted last.</summary>
/// <param name="Source">Rows of account, domain, state, accepted_at, due_at, last_attempt_at and last_result, as a FROM clause with the name d.</param>
/// <param name="Deliveries">How many deliveries a row stands for, in SQL.</param>
/// <param name="At">When they were counted; null for the queue itself.</param>
internal sealed record CountedQueue(string Source, string Deliveries, DateTimeOffset? At)
{
    /// <summary>Deliveries of a queue that is counted whenever somebody looks.</summary>
    public const int ExactUpTo = 10_000;

    /// <summary>The queue itself.</summary>
    public static readonly CountedQueue Now = new("open_delivery d", "1", null);

    public static async Task<CountedQueue> FindAsync(Session session, int exactUpTo) =>
        await IsShortAsync(session, exactUpTo) || await session.QueryAsync("SELECT MAX(at) FROM queue_counted", r => r.TimeOrNull(0)) is not [{ } at]
            ? Now
            : new CountedQueue("queue_total d", "d.deliveries", at);

    /// <summary>Whether the queue is short. Looks at as many deliveries as a short one has, however long it is.</summary>
    public static async Task<bool> IsShortAsync(Session session, int exactUpTo) =>
        await session.CountAsync($"SELECT COUNT(*) FROM (SELECT 1 FROM open_delivery LIMIT {exactUpTo + 1}) looked") <= exactUpTo;

    /// <summary>Whether counts can answer a filter: they know accounts, destinations and states.</summary>
    public static bool CanAnswer(DeliveryFilter filter) => filter is { Message: null, Recipient: null, Identity: null, Suspension: null, SparesSuspended: false };

    /// <summary>Deliveries by state.</summary>
    public Task<List<(DeliveryState State, long Count)>> CountAsync(Session session) => session.QueryAsync(
        $"SELECT d.state, CAST(SUM({Deliveries}) AS BIGINT) FROM {Source} GROUP BY d.state", r => (r.Name<DeliveryState>(0), r.GetInt64(1)));

    /// <summary>Destinations with most of the deliveries that are selected, and the sums of all of these.</summary>
    public async Task<QueuedDestinations> ListAsync(Session session, DeliverySelection selection, bool isNarrow, int limit)
    {
        var (destinations, sums) = (0L, (Queued: 0L, Deferred: 0L, Held: 0L));
        var listed = await session.QueryAsync(
            $"""
            SELECT domain, {Sum(DeliveryState.Queued)}, {Sum(DeliveryState.Deferred)}, {Sum(DeliveryState.Held)},
                MIN(accepted_at), MIN(due_at), MAX(CASE WHEN place = 1 THEN last_result END),
                COUNT(*) OVER (), {SumOfAll(DeliveryState.Queued)}, {SumOfAll(DeliveryState.Deferred)}, {SumOfAll(DeliveryState.Held)}
            FROM (
                SELECT d.domain, d.state, {Deliveries} AS deliveries, d.accepted_at, d.due_at, d.last_result,
                    ROW_NUMBER() OVER (PARTITION BY d.domain ORDER BY d.last_attempt_at DESC NULLS LAST, d.last_result) AS place
                FROM {(isNarrow ? selection.From(isNarrow) : Source)}
                {selection.Where(isNarrow)}
            ) waiting
            GROUP BY domain ORDER BY CASE WHEN domain = '' THEN 1 ELSE 0 END, SUM(deliveries) DESC, domain LIMIT @limit
            """,
            r =>
            {
                (destinations, sums) = (r.GetInt64(7), (r.GetInt64(8), r.GetInt64(9), r.GetInt64(10)));
                return new Destination(
                    r.GetString(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.Time(4), r.TimeOrNull(5), r.TextOrNull(6));
            },
            [.. selection.ValuesWith(isNarrow), ("limit", limit)]);
        listed.RemoveAll(d => d.Domain.Length == 0);
        return new QueuedDestinations(listed, sums.Queued, sums.Deferred, sums.Held, destinations, At);
    }

    // PostgreSQL sums whole numbers to decimals.
    private static string Sum(DeliveryState state) => $"CAST(SUM(CASE WHEN state = '{state}' THEN deliveries ELSE 0 END) AS BIGINT)";

    private static string SumOfAll(DeliveryState state) => $"CAST(SUM(SUM(CASE WHEN state = '{state}' THEN deliveries ELSE 0 END)) OVER () AS BIGINT)";
}
