using System.Data.Common;
using Signet.Messages;
using Signet.Queue;

namespace Signet.Storage;

/// <inheritdoc cref="IQueueControl"/>
/// <param name="database">The store.</param>
/// <param name="time">For waiting until nodes have seen what they are asked for.</param>
/// <param name="exactUpTo">Deliveries of a queue that is counted when somebody looks (<see cref="IQueueTotals"/>).</param>
public sealed class SqlQueueControl(Database database, TimeProvider time, int exactUpTo = CountedQueue.ExactUpTo) : IQueueControl, IOperatorRequests
{
    /// <summary>How long nodes are waited for, which look every second.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Deliveries changed in one unit: bounds how long accepting waits for it.</summary>
    private const int Portion = 500;

    /// <summary>Requests that wait: one look at an index that is nearly empty, for every node looks every second.</summary>
    internal static string Pending(Dialect dialect) =>
        $"""
        SELECT message_id, ordinal, claimed_by, CASE WHEN {NotClaimed(dialect)} THEN 1 ELSE 0 END, requested FROM open_delivery
        WHERE requested IS NOT NULL
        """;

    /// <inheritdoc/>
    public Task<QueuedDestinations> ListDestinationsAsync(DeliveryFilter filter, int limit, CancellationToken cancel) => database.ReadAsync(
        async session =>
        {
            var counted = CountedQueue.CanAnswer(filter) ? await CountedQueue.FindAsync(session, exactUpTo) : CountedQueue.Now;
            return await counted.ListAsync(session, Of(filter), limit);
        },
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WaitingDelivery>> ListAsync(
        DeliveryFilter filter, DeliveryOrder order, WaitingDelivery? after, int limit, CancellationToken cancel)
    {
        var (comparison, direction) = order == DeliveryOrder.OldestFirst ? (">", "ASC") : ("<", "DESC");
        var conditions = Of(filter);
        if (after is not null)
        {
            conditions.Add(
                $"(d.message_id, d.ordinal) {comparison} (@after_message, @after_ordinal)", "after_message", after.MessageId.Value);
        }

        return await database.ReadAsync(
            session => session.QueryReadableAsync(
                $"""
                SELECT d.message_id, d.ordinal, d.recipient, d.state, d.accepted_at, d.attempts, d.due_at, d.last_result,
                    CASE WHEN NOT {NotClaimed(session.Dialect)} THEN d.claimed_by END
                FROM open_delivery d
                {conditions.Where}
                ORDER BY d.message_id {direction}, d.ordinal {direction} LIMIT @limit
                """,
                ReadDelivery,
                [
                    .. conditions.Values,
                    .. after is null ? default(ReadOnlySpan<(string, object?)>)
                        : [("after_ordinal", after.Ordinal)],
                    ("limit", limit),
                ]),
            cancel);
    }

    /// <inheritdoc/>
    public Task<QueueChange> RetryAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel)
    {
        // What is due already keeps its place among those that are due.
        var update =
            $"""
            UPDATE open_delivery SET
                state = CASE WHEN attempts = 0 THEN '{DeliveryState.Queued}' ELSE '{DeliveryState.Deferred}' END,
                due_at = CASE WHEN due_at <= @now THEN due_at ELSE @now END,
                requested = CASE WHEN requested = '{OperatorRequest.Drop.Name}' THEN requested END
            WHERE message_id = @message AND ordinal = @ordinal
                AND state IN ('{DeliveryState.Deferred}', '{DeliveryState.Held}') AND {NotClaimed(database.Dialect)}
            """;
        var callOff = $"UPDATE open_delivery SET requested = NULL WHERE message_id = @message AND ordinal = @ordinal AND requested <> '{OperatorRequest.Drop.Name}'";
        return ChangeAsync(
            filter,
            $"(d.state <> '{DeliveryState.Queued}' OR d.requested <> '{OperatorRequest.Drop.Name}')",
            async (session, keys) =>
            {
                var changed = await session.ExecuteAllAsync([.. keys.Select(k => Of(update, k, now))]);
                await session.ExecuteAllAsync([.. keys.Where((_, i) => changed[i] == 0).Select(k => Of(callOff, k))]);
                return (changed.Sum(), []);
            },
            now, progress, cancel);
    }

    /// <inheritdoc/>
    public Task<QueueChange> HoldAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
        AskAsync(OperatorRequest.Hold, filter, now, progress, cancel);

    /// <inheritdoc/>
    public Task<QueueChange> DropAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
        AskAsync(OperatorRequest.Drop, filter, now, progress, cancel);

    /// <inheritdoc/>
    public async Task<PendingRequests> ListAsync(string node, CancellationToken cancel)
    {
        var pending = await database.ReadAsync(
            session => session.QueryAsync(
                Pending(session.Dialect),
                r => (Row: KeyOf(r), Node: r.TextOrNull(2), IsUnclaimed: r.Flag(3), Request: r.GetString(4))),
            cancel);
        var known = pending.Where(p => OperatorRequest.All.Any(r => r.Name == p.Request)).ToList();
        return new PendingRequests(
            [.. known.Where(p => p.Node == node).Select(p => p.Row.Key).OfType<DeliveryKey>()],
            [.. known.Where(p => p.IsUnclaimed).Select(p => p.Row.Key).OfType<DeliveryKey>()],
            pending.Count - known.Count);
    }

    /// <inheritdoc/>
    public async Task<int> FulfilAsync(string? node, IReadOnlyList<DeliveryKey> deliveries, DateTimeOffset now, CancellationToken cancel)
    {
        var fulfilled = 0;
        foreach (var portion in deliveries.OrderBy(d => d.MessageId.Value, StringComparer.Ordinal).ThenBy(d => d.Ordinal).Chunk(Portion))
        {
            DeliveryRow[] rows = [.. portion.Select(d => new DeliveryRow(d.MessageId.Value, d.Ordinal))];
            fulfilled += await database.WriteAsync(
                async session =>
                {
                    var count = 0;
                    foreach (var request in OperatorRequest.All)
                    {
                        count += await FulfilAsync(session, request, node, rows, now);
                    }

                    return count;
                },
                cancel);
        }

        return fulfilled;
    }

    private static async Task<int> FulfilAsync(
        Session session, OperatorRequest request, string? node, IReadOnlyList<DeliveryRow> keys, DateTimeOffset now)
    {
        var whose = node is null ? NotClaimed(session.Dialect) : "is_claimed = 1 AND claimed_by = @node";
        return (await DoAsync(session, request, $"requested = '{request.Name}' AND {whose}", keys, now, node)).Sum();
    }

    private async Task<QueueChange> AskAsync(
        OperatorRequest request, DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel)
    {
        List<DeliveryRow> asked = [];
        var from = $"state IN ({Names(request.From)}) AND {request.Overrides}";
        var ask = $"UPDATE open_delivery SET requested = '{request.Name}' WHERE message_id = @message AND ordinal = @ordinal AND {from}";
        var outcome = await ChangeAsync(
            filter,

            $"d.state IN ({Names(request.From)})",
            async (session, keys) =>
            {
                var changed = await DoAsync(session, request, $"{from} AND {NotClaimed(session.Dialect)}", keys, now);
                DeliveryRow[] rest = [.. keys.Where((_, i) => changed[i] == 0)];
                var marked = await session.ExecuteAllAsync([.. rest.Select(k => Of(ask, k))]);
                DeliveryRow[] ofNodes = [.. rest.Where((_, i) => marked[i] > 0)];

                // A node may have given one back between the two statements. What came of it is counted with the others.
                await FulfilAsync(session, request, null, ofNodes, now);
                return (changed.Sum(), ofNodes);
            },
            now, progress, cancel, asked);
        return asked.Count == 0 ? outcome : await OutcomeAsync(request, outcome, asked, cancel);
    }

    /// <summary>Waits for nodes, and counts what came of what they were asked for.</summary>
    private async Task<QueueChange> OutcomeAsync(OperatorRequest request, QueueChange change, List<DeliveryRow> asked, CancellationToken cancel)
    {
        var begin = time.GetTimestamp();
        var pending = await PendingAsync(asked, cancel);
        while (pending.Count > 0 && time.GetElapsedTime(begin) < Patience)
        {
            await Task.Delay(LooksEvery, time, cancel);
            pending = await PendingAsync(asked, cancel);
        }

        var fulfilled = 0L;
        foreach (var portion in asked.Where(k => !pending.Contains(k)).Chunk(Portion))
        {
            fulfilled += await database.ReadAsync(
                async session =>
                {
                    var count = 0L;
                    foreach (var key in portion)
                    {
                        count += await session.CountAsync(
                            $"SELECT COUNT(*) FROM {request.IsFulfilled} AND message_id = @message AND ordinal = @ordinal",
                            [.. Of("", key).Values]);
                    }

                    return count;
                },
                cancel);
        }

        var changed = change.Changed + fulfilled;
        return new QueueChange(changed, change.Changed + change.LeftAlone - changed - pending.Count) { Pending = pending.Count };
    }

    private async Task<HashSet<DeliveryRow>> PendingAsync(List<DeliveryRow> asked, CancellationToken cancel)
    {
        var pending = await database.ReadAsync(
            session => session.QueryAsync("SELECT message_id, ordinal FROM open_delivery WHERE requested IS NOT NULL", KeyOf), cancel);
        HashSet<DeliveryRow> ofAsked = [.. asked];
        ofAsked.IntersectWith(pending);
        return ofAsked;
    }

    // One pass over the keys. What to change is looked for outside the writer, however far apart it lies, and changed by key.
    private async Task<QueueChange> ChangeAsync(
        DeliveryFilter filter,
        string states,
        Func<Session, IReadOnlyList<DeliveryRow>, Task<(int Changed, DeliveryRow[] Asked)>> change,
        DateTimeOffset now,
        IProgress<long>? progress,
        CancellationToken cancel,
        List<DeliveryRow>? asked = null)
    {
        var (looked, changed) = (0L, 0L);
        var last = new DeliveryRow("", -1);
        while (true)
        {
            var keys = await NextKeysAsync(filter, states, now, last, cancel);
            if (keys.Count > 0)
            {
                var done = await database.WriteAsync(session => change(session, keys), cancel);
                changed += done.Changed;
                asked?.AddRange(done.Asked);
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

    private Task<List<DeliveryRow>> NextKeysAsync(
        DeliveryFilter filter, string states, DateTimeOffset now, DeliveryRow last, CancellationToken cancel)
    {
        // Nobody runs after what keeps coming in.
        var conditions = Of(filter, states);
        return database.ReadAsync(
            session => session.QueryAsync(
                $"""
                SELECT d.message_id, d.ordinal FROM open_delivery d
                {conditions.Where} AND (d.state <> '{DeliveryState.Queued}' OR d.accepted_at <= @now)
                    AND (d.message_id, d.ordinal) > (@last_message, @last_ordinal)
                ORDER BY d.message_id, d.ordinal LIMIT {Portion}
                """,
                KeyOf,
                [.. conditions.Values, ("now", now), ("last_message", last.Message), ("last_ordinal", last.Ordinal)]),
            cancel);
    }

    /// <summary>Does to each of the deliveries what was asked for, if a condition holds. Returns for each whether it was done: 1 or 0.</summary>
    private static async Task<IReadOnlyList<int>> DoAsync(
        Session session, OperatorRequest request, string condition, IReadOnlyList<DeliveryRow> keys, DateTimeOffset now, string? node = null)
    {
        var statements = request.Statements(session.Dialect, $"message_id = @message AND ordinal = @ordinal AND {condition}");
        (string Name, object? Value)[] more = node is null ? [] : [("node", node)];
        var changed = await session.ExecuteAllAsync([.. keys.SelectMany(k => statements.Select(sql => new SqlStatement(sql, [.. Of(sql, k).Values, .. more])))]);
        int[] done = [.. changed.Where((_, i) => i % statements.Count == 0)];
        if (request == OperatorRequest.Drop)
        {
            // Messages whose last deliveries were dropped are finished.
            await session.ExecuteAllAsync([.. keys
                .Where((_, i) => done[i] > 0)
                .GroupBy(k => k.Message)
                .Select(message => ResultStatements.Ended(message.Key, message.Count(), now))]);
        }

        return done;
    }

    // A claim of a dead node does not count: another would take the delivery just the same.
    private static string NotClaimed(Dialect dialect) =>
        $"(is_claimed = 0 OR claimed_by NOT IN (SELECT name FROM node WHERE alive_until > {dialect.Now}))";

    private static SqlStatement Of(string sql, DeliveryRow key) => new(sql, ("message", key.Message), ("ordinal", key.Ordinal));

    private static SqlStatement Of(string sql, DeliveryRow key, DateTimeOffset now) =>
        new(sql, ("now", now), ("message", key.Message), ("ordinal", key.Ordinal));

    private static DeliveryRow KeyOf(DbDataReader row) => new(row.GetString(0), row.GetInt64(1));

    private static Conditions Of(DeliveryFilter filter, string? states = null)
    {
        var conditions = new Conditions();
        conditions.Add(states ?? "1 = 1");
        if (filter.Message is { } message)
        {
            conditions.Add("d.message_id = @of_message", "of_message", message.Value);
        }

        if (filter.Account is { } account)
        {
            conditions.Add("d.account = @account", "account", account.Value);
        }
        else if (!filter.WithServerMail)
        {
            conditions.Add("d.account <> ''");
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
            conditions.Add("d.state = @state", "state", state);
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
