using Signet.Queue;

namespace Signet.Storage;

/// <summary>What the result of an attempt writes: the delivery's new state and, if that was stored, what follows from it.</summary>
internal static class SettleStatements
{
    /// <summary>Changes no row when the delivery is not leased to the node or has ended.</summary>
    public static SqlStatement Update(string node, Settlement result)
    {
        var next = result switch
        {
            { State: DeliveryState.Deferred, NextAttemptAt: { } at } => at,
            { State: DeliveryState.Delivered or DeliveryState.Failed } => (DateTimeOffset?)null,
            _ => throw new ArgumentException($"an attempt does not end {result.State}, or when it is deferred to is missing", nameof(result)),
        };
        return new(
            """
            UPDATE delivery SET state = @state, attempts = attempts + 1, next_attempt_at = @next, last_attempt_at = @at,
                last_result = @result, leased_to = NULL, visible_at = @next,
                requested = CASE WHEN CAST(@next AS BIGINT) IS NOT NULL THEN requested END
            WHERE message_id = @message AND ordinal = @ordinal AND leased_to = @node AND visible_at IS NOT NULL
            """,
            ("state", result.State), ("next", next), ("at", result.At), ("result", result.Result),
            ("message", result.MessageId.Value), ("ordinal", result.Ordinal), ("node", node));
    }

    /// <summary>Of results that were stored: attempts, events, counts, and the end of messages whose last delivery ended.</summary>
    public static IReadOnlyList<SqlStatement> Consequences(IReadOnlyList<Settlement> stored, Dialect dialect)
    {
        // Messages in the order of their ids, shared counters last: units that meet rarely lock each other out.
        var ended = stored
            .Where(r => r.State is DeliveryState.Delivered or DeliveryState.Failed)
            .GroupBy(r => r.MessageId.Value)
            .Select(message => Ended(message.Key, message.Count(), message.Max(r => r.At)));
        var events = stored.Select(r => r.Event).OfType<Events.MessageEvent>().ToList();
        var attempts = stored.Where(r => r.Attempt is not null).Select(r => StoredAttempt.Insert(r, r.Attempt!));
        return [.. ended, .. attempts, .. events.Select(StoredEvent.Insert), .. events.Select(e => SendingCounter.Happened(dialect, e)).OfType<SqlStatement>()];
    }

    /// <summary>So many deliveries of a message have ended; with the last of them the message is finished.</summary>
    public static SqlStatement Ended(string messageId, int count, DateTimeOffset at) => new(
        """
        UPDATE message SET open_deliveries = open_deliveries - @ended,
            finished_at = CASE WHEN open_deliveries <= @ended THEN @at ELSE NULL END
        WHERE id = @id
        """,
        ("ended", count), ("at", at), ("id", messageId));
}
