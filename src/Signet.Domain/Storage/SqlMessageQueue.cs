using Signet.Messages;
using Signet.Queue;

namespace Signet.Storage;

/// <inheritdoc cref="IMessageQueue"/>
public sealed class SqlMessageQueue(Database database) : IMessageQueue, IAsyncDisposable
{
    /// <summary>
    /// The states are named, so that the index over states leads to what waits: what has ended stays for weeks, and is far more.
    /// </summary>
    internal const string CountOpen =
        $"""
        SELECT state, COUNT(*) FROM delivery
        WHERE state IN ('{nameof(DeliveryState.Queued)}', '{nameof(DeliveryState.Deferred)}', '{nameof(DeliveryState.Held)}') GROUP BY state
        """;

    private readonly QuotaHeadroom _headroom = new(
        (owner, now) => database.ReadAsync(session => SendingCounter.QuotaUsedAsync(session, owner, now), CancellationToken.None));

    // SQLite's one writer groups all units by itself.
    private readonly EnqueueGroups? _groups = database.Dialect.HasSets ? new EnqueueGroups(database) : null;

    /// <inheritdoc/>
    public async Task<EnqueueResult> EnqueueAsync(NewMessage message, double? quota, Lease? lease, CancellationToken cancel)
    {
        var owner = message.QuotaUse > 0 ? message.Owner : null;
        var limit = quota is { } allowed && owner is { } sender && !await _headroom.IsPlentyAsync(sender, message.AcceptedAt, allowed) ? quota : null;
        if (_groups is not null)
        {
            return await _groups.EnqueueAsync(message, limit, lease, cancel);
        }

        // Made here, not in the unit: the writer has better things to do, and a unit that is begun again repeats itself.
        var statements = EnqueueStatements.Of(message, lease, database.Dialect, database.Secrets);
        return await database.WriteAsync(
            async session =>
            {
                if (limit is { } most && await SendingCounter.QuotaUsedAsync(session, owner!.Value, message.AcceptedAt) >= most)
                {
                    await session.ExecuteAllAsync([SendingCounter.Expire(owner.Value, message.AcceptedAt)]);
                    return EnqueueResult.QuotaExceeded;
                }

                await session.ExecuteAllAsync(statements);
                return EnqueueResult.Stored;
            },
            cancel);
    }

    /// <summary>Finishes what was handed in.</summary>
    public ValueTask DisposeAsync() => _groups?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async Task<LeasedMessages> LeaseAsync(Lease lease, DateTimeOffset now, int limit, CancellationToken cancel)
    {
        var due = await database.WriteAsync(session => DueStatements.TakeAsync(session, lease, now, limit), cancel);
        if (due.Count == 0)
        {
            return new LeasedMessages([]);
        }

        // Read after the commit, so that large messages do not hold up the writer; not cancelled, for they are leased now.
        return await database.ReadAsync(
            async session =>
            {
                List<LeasedMessage> messages = [];
                List<UnreadableDelivery> unreadable = [.. due.Where(d => d.Id is null).Select(d => d.Unreadable(null, "its MessageId"))];
                foreach (var deliveries in due.Where(d => d.Id is not null).GroupBy(d => d.MessageId))
                {
                    if (await DueStatements.ReadAsync(session, [.. deliveries], unreadable, database.Secrets) is { } message)
                    {
                        messages.Add(message);
                    }
                }

                return new LeasedMessages(messages) { Unreadable = unreadable, IsMore = due.Count >= limit };
            },
            CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task<bool> ReadContentAsync(MessageId id, Memory<byte> into, CancellationToken cancel)
    {
        var read = await database.ReadAsync(
            session => session.QueryAsync(
                $"SELECT content, sealed{session.Dialect.RowOfBlob} FROM message_content WHERE message_id = @id",
                row => StoredContent.TryRead(id.Value, row, database.Secrets, into.Span),
                ("id", id.Value)),
            cancel);
        return read is [true];
    }

    /// <inheritdoc/>
    public Task<int> SettleAsync(string node, IReadOnlyList<Settlement> results, CancellationToken cancel)
    {
        if (results.Count == 0)
        {
            return Task.FromResult(0);
        }

        // In one order everywhere, so that nodes that settle the same messages wait for each other instead of locking each other out.
        Settlement[] sorted = [.. results.OrderBy(r => r.MessageId.Value, StringComparer.Ordinal).ThenBy(r => r.Ordinal)];
        SqlStatement[] updates = [.. sorted.Select(r => SettleStatements.Update(node, r))];
        return database.WriteAsync(
            async session =>
            {
                var changed = await session.ExecuteAllAsync(updates);
                Settlement[] stored = [.. sorted.Where((_, i) => changed[i] > 0)];
                await session.ExecuteAllAsync(SettleStatements.Consequences(stored, session.Dialect));
                return stored.Length;
            },
            cancel);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeliveryKey>> RenewAsync(Lease lease, IReadOnlyList<DeliveryKey> deliveries, CancellationToken cancel)
    {
        var (sorted, changed) = await ChangeAsync("visible_at = @until", lease.Node, deliveries, lease.Until, cancel);
        return [.. sorted.Where((_, i) => changed[i] == 0)];
    }

    /// <inheritdoc/>
    public async Task<int> PostponeAsync(
        string node, IReadOnlyList<DeliveryKey> deliveries, DateTimeOffset until, CancellationToken cancel)
    {
        var (_, changed) = await ChangeAsync(
            "leased_to = NULL, next_attempt_at = @until, visible_at = @until", node, deliveries, until, cancel);
        return changed.Sum();
    }

    /// <inheritdoc/>
    public Task<int> ReleaseAllAsync(DateTimeOffset now, DateTimeOffset until, CancellationToken cancel) => database.WriteAsync(
        session => session.ExecuteAsync(
            """
            UPDATE delivery SET leased_to = NULL, visible_at = next_attempt_at
            WHERE visible_at > @now AND visible_at <= @until AND leased_to IS NOT NULL
            """,
            ("now", now), ("until", until)),
        cancel);

    /// <inheritdoc/>
    public Task<int> ReleaseAsync(string node, CancellationToken cancel) => database.WriteAsync(
        session => session.ExecuteAsync(
            """
            UPDATE delivery SET leased_to = NULL, visible_at = next_attempt_at
            WHERE visible_at IS NOT NULL AND leased_to = @node
            """,
            ("node", node)),
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<DeliveryState, long>> CountAsync(CancellationToken cancel)
    {
        var counts = IMessageQueue.OpenStates.ToDictionary(s => s, _ => 0L);
        var rows = await database.ReadAsync(
            session => session.QueryAsync(CountOpen, r => (State: r.Name<DeliveryState>(0), Count: r.GetInt64(1))), cancel);
        rows.ForEach(r => counts[r.State] = r.Count);
        return counts;
    }

    private async Task<(DeliveryKey[] Sorted, IReadOnlyList<int> Changed)> ChangeAsync(
        string change, string node, IReadOnlyList<DeliveryKey> deliveries, DateTimeOffset until, CancellationToken cancel)
    {
        if (deliveries.Count == 0)
        {
            return ([], []);
        }

        // In the order of settling, so that nodes wait for each other instead of locking each other out.
        DeliveryKey[] sorted = [.. deliveries.OrderBy(d => d.MessageId.Value, StringComparer.Ordinal).ThenBy(d => d.Ordinal)];
        SqlStatement[] updates =
        [
            .. sorted.Select(d => new SqlStatement(
                $"""
                UPDATE delivery SET {change}
                WHERE message_id = @message AND ordinal = @ordinal AND leased_to = @node AND visible_at IS NOT NULL
                """,
                ("message", d.MessageId.Value), ("ordinal", d.Ordinal), ("node", node), ("until", until))),
        ];
        return (sorted, await database.WriteAsync(session => session.ExecuteAllAsync(updates), cancel));
    }
}
