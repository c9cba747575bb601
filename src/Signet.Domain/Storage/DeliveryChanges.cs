using System.Data.Common;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>Changes of many deliveries, in portions; of those that nodes have in their memory, by requests to the nodes.</summary>
internal sealed class DeliveryChanges(Database database, TimeProvider time)
{
    /// <summary>Deliveries changed in one unit: bounds how long accepting waits for it.</summary>
    public const int Portion = 500;

    /// <summary>How long nodes are waited for, which look every second.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private const string ByKey = "message_id = @message AND ordinal = @ordinal";

    private static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>A claim of a dead node does not count: another would take the delivery just the same.</summary>
    public static string NotClaimed(Dialect dialect) =>
        $"(is_claimed = 0 OR claimed_by NOT IN (SELECT name FROM node WHERE alive_until > {dialect.Now}))";

    public static DeliveryRow KeyOf(DbDataReader row) => new(row.GetString(0), row.GetInt64(1));

    /// <summary>Makes due what is deferred or held, and calls off holds of what nodes have.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="now">When they are due.</param>
    /// <param name="progress">Gets the number of deliveries that have been looked at; null for none.</param>
    /// <param name="cancel">Heeded between portions.</param>
    public Task<QueueChange> ReleaseAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel)
    {
        var release = OperatorRequest.Release(
            $"{ByKey} AND state IN ('{DeliveryState.Deferred}', '{DeliveryState.Held}') AND {NotClaimed(database.Dialect)}");
        var callOff = OperatorRequest.CallOff(ByKey);
        return EachAsync(
            filter,
            $"(d.state <> '{DeliveryState.Queued}' OR d.requested <> '{OperatorRequest.Drop.Name}')",
            async (session, keys) =>
            {
                var changed = await session.ExecuteAllAsync([.. keys.Select(k => Of(release, k, [("now", now)]))]);
                await session.ExecuteAllAsync([.. keys.Where((_, i) => changed[i] == 0).Select(k => Of(callOff, k, []))]);
                return (changed.Sum(), []);
            },
            now, progress, cancel);
    }

    /// <summary>Does what an operator asks for; of what nodes have in memory it is asked of them, and waited for.</summary>
    public async Task<QueueChange> AskAsync(
        OperatorRequest request, DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel)
    {
        List<DeliveryRow> asked = [];
        var from = $"state IN ({Names(request.From)}) AND {request.Overrides}";
        var ask = $"UPDATE open_delivery SET {request.Asks} WHERE {ByKey} AND {from}";
        var outcome = await EachAsync(
            filter,
            $"d.state IN ({Names(request.From)})",
            async (session, keys) =>
            {
                var changed = await DoAsync(session, request, request.AtOnce, $"{from} AND {NotClaimed(session.Dialect)}", keys, [.. request.Values, ("now", now)]);
                DeliveryRow[] rest = [.. keys.Where((_, i) => changed[i] == 0)];
                var marked = await session.ExecuteAllAsync([.. rest.Select(k => Of(ask, k, request.Values))]);
                DeliveryRow[] ofNodes = [.. rest.Where((_, i) => marked[i] > 0)];

                // A node may have given one back between the two statements. What came of it is counted with the others.
                await FulfilAsync(session, request, null, ofNodes, now);
                return (changed.Sum(), ofNodes);
            },
            now, progress, cancel, asked);
        return asked.Count == 0 ? outcome : await OutcomeAsync(request, outcome, asked, cancel);
    }

    /// <summary>Does what was asked for, to deliveries that a node has given up or that nobody has claimed.</summary>
    public static async Task<int> FulfilAsync(
        Session session, OperatorRequest request, string? node, IReadOnlyList<DeliveryRow> keys, DateTimeOffset now)
    {
        var whose = node is null ? NotClaimed(session.Dialect) : "is_claimed = 1 AND claimed_by = @node";
        return (await DoAsync(session, request, request.Statements, $"requested = '{request.Name}' AND {whose}", keys, [("node", node), ("now", now)])).Sum();
    }

    /// <summary>
    /// One pass over the keys of what matches. They are looked for outside the writer, and changed by key: a narrow selection is read at once, the
    /// queue in portions. What is accepted later is left alone: nobody runs after what keeps coming in.
    /// </summary>
    public async Task<QueueChange> EachAsync(
        DeliveryFilter filter,
        string states,
        Func<Session, IReadOnlyList<DeliveryRow>, Task<(int Changed, DeliveryRow[] Asked)>> change,
        DateTimeOffset now,
        IProgress<long>? progress,
        CancellationToken cancel,
        List<DeliveryRow>? asked = null)
    {
        var selection = new DeliverySelection(filter, database.Dialect, states);
        selection.Conditions.Add($"(d.state <> '{DeliveryState.Queued}' OR d.accepted_at <= @now)", "now", now);
        var (looked, changed) = (0L, 0L);
        await foreach (var keys in KeysAsync(selection, cancel))
        {
            var done = await database.WriteAsync(session => change(session, keys), cancel);
            changed += done.Changed;
            asked?.AddRange(done.Asked);
            looked += keys.Count;
            progress?.Report(looked);
        }

        return new QueueChange(changed, looked - changed);
    }

    private async IAsyncEnumerable<IReadOnlyList<DeliveryRow>> KeysAsync(
        DeliverySelection selection, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var narrow = await database.ReadAsync(
            async session => await selection.IsNarrowAsync(session)
                ? await session.QueryAsync(
                    $"SELECT d.message_id, d.ordinal FROM {selection.From(isNarrow: true)} {selection.Where(isNarrow: true)} ORDER BY d.message_id, d.ordinal",
                    KeyOf, [.. selection.ValuesWith(isNarrow: true)])
                : null,
            cancel);
        if (narrow is not null)
        {
            foreach (var portion in narrow.Chunk(Portion))
            {
                yield return portion;
            }

            yield break;
        }

        var last = new DeliveryRow("", -1);
        while (true)
        {
            var (lastMessage, lastOrdinal) = (last.Message, last.Ordinal);
            var keys = await database.ReadAsync(
                session => session.QueryAsync(
                    $"""
                    SELECT d.message_id, d.ordinal FROM open_delivery d
                    {selection.Conditions.Where} AND (d.message_id, d.ordinal) > (@last_message, @last_ordinal)
                    ORDER BY d.message_id, d.ordinal LIMIT {Portion}
                    """,
                    KeyOf,
                    [.. selection.Conditions.Values, ("last_message", lastMessage), ("last_ordinal", lastOrdinal)]),
                cancel);
            if (keys.Count > 0)
            {
                yield return keys;
                last = keys[^1];
            }

            if (keys.Count < Portion)
            {
                yield break;
            }
        }
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
            fulfilled += request.IsFulfilled is not { } sign ? portion.Length : await database.ReadAsync(
                async session =>
                {
                    var count = 0L;
                    foreach (var key in portion)
                    {
                        count += await session.CountAsync($"SELECT COUNT(*) FROM {sign} AND {ByKey}", [.. Of(ByKey, key, []).Values]);
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

    /// <summary>Does something to each of the deliveries, if a condition holds. Returns for each whether it was done: 1 or 0.</summary>
    private static async Task<IReadOnlyList<int>> DoAsync(
        Session session, OperatorRequest request, Func<Dialect, string, IReadOnlyList<string>> statementsOf, string condition,
        IReadOnlyList<DeliveryRow> keys, IReadOnlyList<(string Name, object? Value)> values)
    {
        var statements = statementsOf(session.Dialect, $"{ByKey} AND {condition}");
        var changed = await session.ExecuteAllAsync([.. keys.SelectMany(k => statements.Select(sql => Of(sql, k, values)))]);
        int[] done = [.. changed.Where((_, i) => i % statements.Count == 0)];
        if (request.Name == OperatorRequest.Drop.Name)
        {
            // Messages whose last deliveries were dropped are finished.
            var now = (DateTimeOffset)values.First(v => v.Name == "now").Value!;
            await session.ExecuteAllAsync([.. keys
                .Where((_, i) => done[i] > 0)
                .GroupBy(k => k.Message)
                .Select(message => ResultStatements.Ended(message.Key, message.Count(), now))]);
        }

        return done;
    }

    // With those of the values that the text names.
    private static SqlStatement Of(string sql, DeliveryRow key, IReadOnlyList<(string Name, object? Value)> values) =>
        new(sql, [("message", key.Message), ("ordinal", key.Ordinal), .. values.Where(v => sql.Contains($"@{v.Name}", StringComparison.Ordinal))]);

    // Constants of the program, not values: the texts stay few, and prepared.
    private static string Names(IEnumerable<DeliveryState> states) => string.Join(", ", states.Select(s => $"'{s}'"));
}
