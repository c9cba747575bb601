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
    private readonly DeliveryChanges _changes = new(database, time);

    /// <summary>Requests that wait: one look at an index that is nearly empty, for every node looks every second.</summary>
    internal static string Pending(Dialect dialect) =>
        $"""
        SELECT message_id, ordinal, claimed_by, CASE WHEN {DeliveryChanges.NotClaimed(dialect)} THEN 1 ELSE 0 END, requested FROM open_delivery
        WHERE requested IS NOT NULL
        """;

    /// <inheritdoc/>
    public Task<QueuedDestinations> ListDestinationsAsync(DeliveryFilter filter, int limit, CancellationToken cancel) => database.ReadAsync(
        async session =>
        {
            var selection = new DeliverySelection(filter, session.Dialect);
            if (CountedQueue.CanAnswer(filter) && await CountedQueue.FindAsync(session, exactUpTo) is { At: not null } counted)
            {
                return await counted.ListAsync(session, selection, isNarrow: false, limit);
            }

            return await CountedQueue.Now.ListAsync(session, selection, await selection.IsNarrowAsync(session), limit);
        },
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WaitingDelivery>> ListAsync(
        DeliveryFilter filter, DeliveryOrder order, WaitingDelivery? after, int limit, CancellationToken cancel)
    {
        var (comparison, direction) = order == DeliveryOrder.OldestFirst ? (">", "ASC") : ("<", "DESC");
        var selection = new DeliverySelection(filter, database.Dialect);
        if (after is not null)
        {
            selection.Conditions.Add(
                $"(d.message_id, d.ordinal) {comparison} (@after_message, @after_ordinal)", "after_message", after.MessageId.Value);
            selection.Conditions.Value("after_ordinal", after.Ordinal);
        }

        return await database.ReadAsync(
            async session =>
            {
                var isNarrow = await selection.IsNarrowAsync(session);
                return await session.QueryReadableAsync(
                    $"""
                    SELECT d.message_id, d.ordinal, d.recipient, d.state, d.accepted_at, d.attempts, d.due_at, d.last_result,
                        CASE WHEN NOT {DeliveryChanges.NotClaimed(session.Dialect)} THEN d.claimed_by END, d.route, d.suspended_by
                    FROM {selection.From(isNarrow)}
                    {selection.Where(isNarrow)}
                    ORDER BY d.message_id {direction}, d.ordinal {direction} LIMIT @limit
                    """,
                    ReadDelivery,
                    [.. selection.ValuesWith(isNarrow), ("limit", limit)]);
            },
            cancel);
    }

    /// <inheritdoc/>
    public Task<QueueChange> RetryAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
        _changes.ReleaseAsync(filter, now, progress, cancel);

    /// <inheritdoc/>
    public Task<QueueChange> HoldAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
        _changes.AskAsync(OperatorRequest.Hold, filter, now, progress, cancel);

    /// <inheritdoc/>
    public Task<QueueChange> DropAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
        _changes.AskAsync(OperatorRequest.Drop, filter, now, progress, cancel);

    /// <inheritdoc/>
    public Task<QueueChange> RerouteAsync(
        DeliveryFilter filter, string? target, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
        _changes.AskAsync(OperatorRequest.RerouteTo(target), filter, now, progress, cancel);

    /// <inheritdoc/>
    public async Task<PendingRequests> ListAsync(string node, CancellationToken cancel)
    {
        var pending = await database.ReadAsync(
            session => session.QueryAsync(
                Pending(session.Dialect),
                r => (Row: DeliveryChanges.KeyOf(r), Node: r.TextOrNull(2), IsUnclaimed: r.Flag(3), Request: r.GetString(4))),
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
        foreach (var portion in deliveries.OrderBy(d => d.MessageId.Value, StringComparer.Ordinal).ThenBy(d => d.Ordinal).Chunk(DeliveryChanges.Portion))
        {
            DeliveryRow[] rows = [.. portion.Select(d => new DeliveryRow(d.MessageId.Value, d.Ordinal))];
            fulfilled += await database.WriteAsync(
                async session =>
                {
                    var count = 0;
                    foreach (var request in OperatorRequest.All)
                    {
                        count += await DeliveryChanges.FulfilAsync(session, request, node, rows, now);
                    }

                    return count;
                },
                cancel);
        }

        return fulfilled;
    }

    private static WaitingDelivery ReadDelivery(DbDataReader row) => new(
        MessageId.Parse(row.GetString(0)),
        row.Int(1),
        row.GetString(2),
        row.Name<DeliveryState>(3),
        row.Time(4),
        row.Int(5),
        row.TimeOrNull(6),
        row.TextOrNull(7),
        row.TextOrNull(8))
    {
        Route = row.TextOrNull(9),
        Suspension = row.IsDBNull(10) ? null : row.GetInt64(10),
    };
}
