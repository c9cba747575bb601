using Signet.Queue;

namespace Signet.Storage;

/// <summary>
/// What results of attempts write. A result is taken only from the node that claimed the delivery last, and for the attempt that is next: one that
/// comes twice, or from a node that was taken for dead while another delivered, changes nothing.
/// </summary>
internal static class ResultStatements
{
    private const string Fence = "claimed_by = @node AND attempts = @attempts";

    /// <summary>Stores results, and what follows from them. Returns those that were stored.</summary>
    /// <param name="session">A unit of writing.</param>
    /// <param name="node">Whose results.</param>
    /// <param name="results">One for each delivery.</param>
    public static async Task<IReadOnlyList<DeliveryResult>> StoreAsync(Session session, string node, IReadOnlyList<DeliveryResult> results)
    {
        var stored = session.Dialect.HasSets ? await StoreSetAsync(session, node, results) : await StoreEachAsync(session, node, results);
        await session.ExecuteAllAsync(Consequences(stored, session.Dialect));
        return stored;
    }

    /// <summary>So many deliveries of a message have ended; with the last of them the message is finished.</summary>
    public static SqlStatement Ended(string messageId, int count, DateTimeOffset at) => new(
        """
        UPDATE message SET open_deliveries = open_deliveries - @ended,
            finished_at = CASE WHEN open_deliveries <= @ended THEN @at ELSE NULL END
        WHERE id = @id
        """,
        ("ended", count), ("at", at), ("id", messageId));

    // The rows are locked in the order of their ids first: an update by itself takes them in any order.
    private static SqlStatement EndedSet(IReadOnlyList<(string Id, int Count, DateTimeOffset At)> messages) => new(
        """
        WITH ended AS (
            SELECT m.id, e.count, e.at FROM unnest(@ids, @counts, @ats) AS e (id, count, at) JOIN message m ON m.id = e.id
            ORDER BY m.id FOR UPDATE OF m
        )
        UPDATE message m SET open_deliveries = m.open_deliveries - e.count,
            finished_at = CASE WHEN m.open_deliveries <= e.count THEN e.at ELSE NULL END
        FROM ended e WHERE m.id = e.id
        """,
        ("ids", RowSets.Texts(messages.Select(m => m.Id))), ("counts", RowSets.Numbers(messages.Select(m => (long?)m.Count))),
        ("ats", RowSets.Numbers(messages.Select(m => (long?)m.At.ToUnixTimeMilliseconds()))));

    private static async Task<IReadOnlyList<DeliveryResult>> StoreSetAsync(Session session, string node, IReadOnlyList<DeliveryResult> results)
    {
        const string mine =
            "o.message_id = r.message_id AND o.ordinal = r.ordinal AND o.claimed_by = @node AND o.attempts = r.attempts";
        var stored = await session.QueryAsync(
            $"""
            WITH result AS (
                SELECT * FROM unnest(@messages, @ordinals, @attempts, @states, @nexts, @ats, @results)
                    AS r (message_id, ordinal, attempts, state, next, at, result)
            ), deferred AS (
                UPDATE open_delivery o SET state = r.state, attempts = o.attempts + 1, due_at = r.next, last_attempt_at = r.at, last_result = r.result,
                    is_claimed = 0
                FROM result r WHERE r.next IS NOT NULL AND o.state <> '{DeliveryState.Held}' AND {mine} RETURNING o.message_id, o.ordinal
            ), gone AS (
                DELETE FROM open_delivery o USING result r WHERE r.next IS NULL AND {mine}
                RETURNING o.message_id, o.ordinal, o.recipient, o.domain, r.state, o.attempts + 1 AS attempts, r.at, r.result
            ), ended AS (
                INSERT INTO delivery (message_id, ordinal, recipient, domain, state, attempts, last_attempt_at, last_result) SELECT * FROM gone
            )
            SELECT message_id, ordinal FROM deferred UNION ALL SELECT message_id, ordinal FROM gone
            """,
            r => new DeliveryRow(r.GetString(0), r.GetInt64(1)),
            ("messages", RowSets.Texts(results.Select(r => r.MessageId.Value))), ("ordinals", RowSets.Numbers(results.Select(r => (long?)r.Ordinal))),
            ("attempts", RowSets.Numbers(results.Select(r => (long?)r.Attempts))), ("states", RowSets.Texts(results.Select(r => $"{r.State}"))),
            ("nexts", RowSets.Numbers(results.Select(r => Next(r)?.ToUnixTimeMilliseconds()))),
            ("ats", RowSets.Numbers(results.Select(r => (long?)r.At.ToUnixTimeMilliseconds()))),
            ("results", RowSets.Texts(results.Select(r => r.Result))), ("node", node));
        HashSet<DeliveryRow> keys = [.. stored];
        return [.. results.Where(r => keys.Contains(new DeliveryRow(r.MessageId.Value, r.Ordinal)))];
    }

    private static async Task<IReadOnlyList<DeliveryResult>> StoreEachAsync(Session session, string node, IReadOnlyList<DeliveryResult> results)
    {
        var changed = await session.ExecuteAllAsync([.. results.Select(r => Next(r) is { } next ? Deferred(node, r, next) : Ended(node, r))]);
        DeliveryResult[] stored = [.. results.Where((_, i) => changed[i] > 0)];
        await session.ExecuteAllAsync([.. stored.Where(r => Next(r) is null).Select(r => new SqlStatement(
            "DELETE FROM open_delivery WHERE message_id = @message AND ordinal = @ordinal",
            ("message", r.MessageId.Value), ("ordinal", r.Ordinal)))]);
        return stored;
    }

    private static SqlStatement Deferred(string node, DeliveryResult result, DateTimeOffset next) => new(
        $"""
        UPDATE open_delivery SET state = @state, attempts = attempts + 1, due_at = @next, last_attempt_at = @at, last_result = @result, is_claimed = 0
        WHERE message_id = @message AND ordinal = @ordinal AND {Fence} AND state <> '{DeliveryState.Held}'
        """,
        ("state", result.State), ("next", next), ("at", result.At), ("result", result.Result), ("message", result.MessageId.Value),
        ("ordinal", result.Ordinal), ("node", node), ("attempts", result.Attempts));

    private static SqlStatement Ended(string node, DeliveryResult result) => new(
        $"""
        INSERT INTO delivery (message_id, ordinal, recipient, domain, state, attempts, last_attempt_at, last_result)
        SELECT message_id, ordinal, recipient, domain, @state, attempts + 1, @at, @result FROM open_delivery
        WHERE message_id = @message AND ordinal = @ordinal AND {Fence}
        """,
        ("state", result.State), ("at", result.At), ("result", result.Result), ("message", result.MessageId.Value), ("ordinal", result.Ordinal),
        ("node", node), ("attempts", result.Attempts));

    // Null when the delivery has ended.
    private static DateTimeOffset? Next(DeliveryResult result) => result switch
    {
        { State: DeliveryState.Deferred, NextAttemptAt: { } at } => at,
        { State: DeliveryState.Delivered or DeliveryState.Failed } => null,
        _ => throw new ArgumentException($"an attempt does not end {result.State}, or when it is deferred to is missing", nameof(result)),
    };

    // Attempts, events, counts, and the end of messages whose last delivery ended. Messages in the order of their ids, shared counters last: units
    // that meet rarely lock each other out.
    private static IReadOnlyList<SqlStatement> Consequences(IReadOnlyList<DeliveryResult> stored, Dialect dialect)
    {
        var ended = stored
            .Where(r => r.State is DeliveryState.Delivered or DeliveryState.Failed)
            .GroupBy(r => r.MessageId.Value)
            .Select(message => (Id: message.Key, Count: message.Count(), At: message.Max(r => r.At)))
            .ToList();
        var events = stored.Select(r => r.Event).OfType<Events.MessageEvent>().ToList();
        List<SqlStatement> inserts =
        [
            .. stored.Where(r => r.Attempt is not null).Select(r => StoredAttempt.Insert(r, r.Attempt!)),
            .. events.Select(StoredEvent.Insert),
        ];
        return
        [
            .. ended.Count > 0 && dialect.HasSets ? [EndedSet(ended)] : ended.Select(e => Ended(e.Id, e.Count, e.At)),
            .. dialect.HasSets ? RowSets.Of(inserts) : inserts,
            .. events.Select(e => SendingCounter.Happened(dialect, e)).OfType<SqlStatement>(),
        ];
    }
}
