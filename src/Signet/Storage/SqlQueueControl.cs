using System.Data.Common;
using Signet.Messages;
using Signet.Queue;

namespace Signet.Storage;

/// <inheritdoc cref="IQueueControl"/>
public sealed class SqlQueueControl(Database database) : IQueueControl
{
    /// <summary>Deliveries changed in one unit: bounds how long accepting waits for it.</summary>
    private const int Portion = 500;

    // A lease that is over does not count: its node may be dead, and another would take the delivery just the same.
    private const string NotLeased = "(leased_to IS NULL OR visible_at IS NULL OR visible_at <= @now)";

    private static readonly DeliveryState[] Waiting = [DeliveryState.Queued, DeliveryState.Deferred, DeliveryState.Held];

    private static readonly string AmongWaiting = $"d.state IN ({Names(Waiting)})";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Destination>> ListDestinationsAsync(DeliveryFilter filter, int limit, CancellationToken cancel)
    {
        var conditions = Of(filter, AmongWaiting);
        return await database.ReadAsync(
            session => session.QueryAsync(
                $"""
                SELECT domain,
                    SUM(CASE WHEN state = '{DeliveryState.Queued}' THEN 1 ELSE 0 END),
                    SUM(CASE WHEN state = '{DeliveryState.Deferred}' THEN 1 ELSE 0 END),
                    SUM(CASE WHEN state = '{DeliveryState.Held}' THEN 1 ELSE 0 END),
                    MIN(accepted_at), MIN(next_attempt_at), MAX(CASE WHEN place = 1 THEN last_result END)
                FROM (
                    SELECT d.domain, d.state, m.accepted_at, d.next_attempt_at, d.last_result,
                        ROW_NUMBER() OVER (
                            PARTITION BY d.domain ORDER BY d.last_attempt_at DESC NULLS LAST, d.message_id, d.ordinal) AS place
                    FROM delivery d JOIN message m ON m.id = d.message_id
                    {conditions.Where}
                ) waiting
                GROUP BY domain ORDER BY COUNT(*) DESC, domain LIMIT @limit
                """,
                r => new Destination(
                    r.GetString(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.Time(4), r.TimeOrNull(5), r.TextOrNull(6)),
                [.. conditions.Values, ("limit", limit)]),
            cancel);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WaitingDelivery>> ListAsync(
        DeliveryFilter filter, DeliveryOrder order, WaitingDelivery? after, DateTimeOffset now, int limit, CancellationToken cancel)
    {
        var (comparison, direction) = order == DeliveryOrder.OldestFirst ? (">", "ASC") : ("<", "DESC");
        var conditions = Of(filter, AmongWaiting);
        if (after is not null)
        {
            conditions.Add(
                $"(m.accepted_at, d.message_id, d.ordinal) {comparison} (@after_at, @after_message, @after_ordinal)",
                "after_at", after.AcceptedAt);
        }

        return await database.ReadAsync(
            session => session.QueryAsync(
                $"""
                SELECT d.message_id, d.ordinal, d.recipient, d.state, m.accepted_at, d.attempts, d.next_attempt_at, d.last_result,
                    CASE WHEN d.visible_at > @now THEN d.leased_to END
                FROM delivery d JOIN message m ON m.id = d.message_id
                {conditions.Where}
                ORDER BY m.accepted_at {direction}, d.message_id {direction}, d.ordinal {direction} LIMIT @limit
                """,
                ReadDelivery,
                [
                    .. conditions.Values,
                    .. after is null ? default(ReadOnlySpan<(string, object?)>)
                        : [("after_message", after.MessageId.Value), ("after_ordinal", after.Ordinal)],
                    ("now", now), ("limit", limit),
                ]),
            cancel);
    }

    /// <inheritdoc/>
    public Task<QueueChange> RetryAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
        ChangeAsync(
            filter,
            [DeliveryState.Deferred, DeliveryState.Held],
            // What is due already keeps its place among those that are due.
            $"""
            UPDATE delivery SET
                state = CASE WHEN attempts = 0 THEN '{DeliveryState.Queued}' ELSE '{DeliveryState.Deferred}' END,
                next_attempt_at = CASE WHEN visible_at <= @now THEN next_attempt_at ELSE @now END,
                visible_at = CASE WHEN visible_at <= @now THEN visible_at ELSE @now END
            """,
            ends: false, now, progress, cancel);

    /// <inheritdoc/>
    public Task<QueueChange> HoldAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
        ChangeAsync(
            filter,
            [DeliveryState.Queued, DeliveryState.Deferred],
            $"UPDATE delivery SET state = '{DeliveryState.Held}', next_attempt_at = NULL, leased_to = NULL, visible_at = NULL",
            ends: false, now, progress, cancel);

    /// <inheritdoc/>
    public Task<QueueChange> DropAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
        ChangeAsync(
            filter,
            Waiting,
            $"""
            UPDATE delivery SET state = '{DeliveryState.Failed}', next_attempt_at = NULL, leased_to = NULL, visible_at = NULL,
                last_result = '{WaitingDelivery.DroppedResult}'
            """,
            ends: true, now, progress, cancel);

    // One pass over the keys. What to change is looked for outside the writer, however far apart it lies, and changed by key.
    private async Task<QueueChange> ChangeAsync(
        DeliveryFilter filter,
        DeliveryState[] from,
        string update,
        bool ends,
        DateTimeOffset now,
        IProgress<long>? progress,
        CancellationToken cancel)
    {
        var (looked, changed) = (0L, 0L);
        (string Message, int Ordinal) last = ("", -1);
        while (true)
        {
            var keys = await NextKeysAsync(filter, from, now, last, cancel);
            if (keys.Count > 0)
            {
                changed += await database.WriteAsync(session => ChangeAsync(session, keys, from, update, ends, now), cancel);
                looked += keys.Count;
                progress?.Report(looked);
                last = keys[^1];
            }

            if (keys.Count < Portion)
            {
                return new QueueChange(changed, looked - changed);
            }
        }
    }

    private Task<List<(string Message, int Ordinal)>> NextKeysAsync(
        DeliveryFilter filter, DeliveryState[] from, DateTimeOffset now, (string Message, int Ordinal) last, CancellationToken cancel)
    {
        // States are named by those left out, which no index finds: the key's own then gives each portion without sorting all that
        // waits. A queued delivery's next attempt is the time of acceptance: so nobody runs after what keeps coming in.
        var message = filter.Account is null ? "" : "JOIN message m ON m.id = d.message_id";
        var conditions = Of(filter, $"d.state NOT IN ({Names(Enum.GetValues<DeliveryState>().Except(from))})");
        return database.ReadAsync(
            session => session.QueryAsync(
                $"""
                SELECT d.message_id, d.ordinal FROM delivery d {message}
                {conditions.Where} AND (d.state <> '{DeliveryState.Queued}' OR d.next_attempt_at <= @now)
                    AND (d.message_id, d.ordinal) > (@last_message, @last_ordinal)
                ORDER BY d.message_id, d.ordinal LIMIT {Portion}
                """,
                r => (r.GetString(0), r.Int(1)),
                [.. conditions.Values, ("now", now), ("last_message", last.Message), ("last_ordinal", last.Ordinal)]),
            cancel);
    }

    private static async Task<int> ChangeAsync(
        Session session, List<(string Message, int Ordinal)> keys, DeliveryState[] from, string update, bool ends, DateTimeOffset now)
    {
        var sql = $"{update} WHERE message_id = @message AND ordinal = @ordinal AND state IN ({Names(from)}) AND {NotLeased}";
        var counts = await session.ExecuteAllAsync(
            [.. keys.Select(k => new Statement(sql, ("now", now), ("message", k.Message), ("ordinal", k.Ordinal)))]);
        if (ends)
        {
            await session.ExecuteAllAsync([.. keys
                .Where((_, i) => counts[i] > 0)
                .GroupBy(k => k.Message)
                .Select(message => SettleStatements.Ended(message.Key, message.Count(), now))]);
        }

        return counts.Sum();
    }

    private static Conditions Of(DeliveryFilter filter, string states)
    {
        var conditions = new Conditions();
        conditions.Add(states);
        if (filter.Message is { } message)
        {
            conditions.Add("d.message_id = @of_message", "of_message", message.Value);
        }

        if (filter.Account is { } account)
        {
            conditions.Add("m.account = @account", "account", account.Value);
        }
        else if (!filter.WithServerMail)
        {
            conditions.Add(StoredContent.NotOfServer("d.message_id"));
        }

        if (filter.Recipient is { } recipient)
        {
            conditions.Add("d.recipient = @recipient", "recipient", recipient.ToString());
        }

        if (filter.Domain is { } domain)
        {
            conditions.Add("d.domain = @domain", "domain", domain.Value);
        }

        if (filter.State is { } state)
        {
            // Not for an index to find, see NextKeysAsync.
            conditions.Add("d.state || '' = @state", "state", state);
        }

        return conditions;
    }

    // Constants of the program, not values: the texts stay few, and prepared.
    private static string Names(IEnumerable<DeliveryState> states) => string.Join(", ", states.Select(s => $"'{s}'"));

    private static WaitingDelivery ReadDelivery(DbDataReader row) => new(
        MessageId.Parse(row.GetString(0)),
        row.Int(1),
        row.GetString(2),
        row.Name<DeliveryState>(3),
        row.Time(4),
        row.Int(5),
        row.TimeOrNull(6),
        row.TextOrNull(7),
        row.TextOrNull(8));
}
