using Signet.Messages;
using Signet.Queue;

namespace Signet.Storage;

/// <inheritdoc cref="IMessageQueue"/>
/// <param name="database">The store.</param>
/// <param name="exactUpTo">Deliveries of a queue that is counted when somebody looks (<see cref="IQueueTotals"/>).</param>
public sealed class SqlMessageQueue(Database database, int exactUpTo = CountedQueue.ExactUpTo) : IMessageQueue, IAsyncDisposable
{
    private readonly QuotaHeadroom _headroom = new(
        (owner, now) => database.ReadAsync(session => SendingCounter.QuotaUsedAsync(session, owner, now), CancellationToken.None));

    // SQLite's one writer groups all units by itself.
    private readonly EnqueueGroups? _groups = database.Dialect.HasSets ? new EnqueueGroups(database) : null;

    /// <inheritdoc/>
    public async Task<EnqueueResult> EnqueueAsync(NewMessage message, double? quota, string? node, CancellationToken cancel)
    {
        var owner = message.QuotaUse > 0 ? message.Owner : null;
        var limit = quota is { } allowed && owner is { } sender && !await _headroom.IsPlentyAsync(sender, message.AcceptedAt, allowed) ? quota : null;
        if (_groups is not null)
        {
            return await _groups.EnqueueAsync(message, limit, node, cancel);
        }

        // Made here, not in the unit: the writer has better things to do, and a unit that is begun again repeats itself.
        var statements = EnqueueStatements.Of(message, node, database.Dialect, database.Secrets);
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
    public async Task<ClaimedMessages> ClaimAsync(string node, ClaimRequest request, CancellationToken cancel)
    {
        var lanes = await LanesAsync(request, cancel);
        var (shares, reached) = LaneShares.Of(lanes, request);
        var next = reached < lanes.Count ? lanes[reached - 1].Name : lanes.Count == ClaimStatements.MaxLanes ? lanes[^1].Name : "";
        if (shares.Count == 0)
        {
            return new ClaimedMessages([]) { Next = next, IsMore = next.Length > 0 };
        }

        var due = await ByIndexAsync(session => ClaimStatements.TakeAsync(session, node, request.Now, request.Bytes, shares), cancel);
        return await ReadAsync(due, next, isMore: next.Length > 0 || due.Count >= request.Deliveries);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListOverdueAsync(DateTimeOffset acceptedBy, CancellationToken cancel) =>
        await database.ReadAsync(session => ClaimStatements.OverdueDomainsAsync(session, acceptedBy), cancel);

    /// <inheritdoc/>
    public async Task<ClaimedMessages> ClaimOverdueAsync(string node, string domain, DateTimeOffset acceptedBy, int limit, CancellationToken cancel)
    {
        var due = await ByIndexAsync(session => ClaimStatements.TakeOverdueAsync(session, node, domain, acceptedBy, limit), cancel);
        return await ReadAsync(due, next: "", isMore: due.Count >= limit);
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
    public Task<int> StoreResultsAsync(string node, IReadOnlyList<DeliveryResult> results, CancellationToken cancel)
    {
        if (results.Count == 0)
        {
            return Task.FromResult(0);
        }

        // In one order everywhere, so that nodes that store results of the same messages wait for each other instead of locking each other out.
        DeliveryResult[] sorted =
        [
            .. results.DistinctBy(r => (r.MessageId, r.Ordinal)).OrderBy(r => r.MessageId.Value, StringComparer.Ordinal).ThenBy(r => r.Ordinal),
        ];
        return ByIndexAsync(async session => (await ResultStatements.StoreAsync(session, node, sorted)).Count, cancel);
    }

    /// <inheritdoc/>
    public async Task<int> PostponeAsync(
        string node, IReadOnlyList<DeliveryKey> deliveries, DateTimeOffset until, CancellationToken cancel)
    {
        if (deliveries.Count == 0)
        {
            return 0;
        }

        // In the order of results, so that nodes wait for each other instead of locking each other out.
        SqlStatement[] updates =
        [
            .. deliveries.OrderBy(d => d.MessageId.Value, StringComparer.Ordinal).ThenBy(d => d.Ordinal).Select(d => new SqlStatement(
                """
                UPDATE open_delivery SET is_claimed = 0, due_at = @until
                WHERE message_id = @message AND ordinal = @ordinal AND claimed_by = @node AND is_claimed = 1
                """,
                ("message", d.MessageId.Value), ("ordinal", d.Ordinal), ("node", node), ("until", until))),
        ];
        return await database.WriteAsync(async session => (await session.ExecuteAllAsync(updates)).Sum(), cancel);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<DeliveryState, long>> CountAsync(CancellationToken cancel)
    {
        var counts = IMessageQueue.OpenStates.ToDictionary(s => s, _ => 0L);
        var rows = await database.ReadAsync(
            async session => await (await CountedQueue.FindAsync(session, exactUpTo)).CountAsync(session), cancel);
        rows.ForEach(r => counts[r.State] = r.Count);
        return counts;
    }

    // Read after the commit, so that large messages do not hold up the writer; not cancelled, for they are claimed now.
    private async Task<ClaimedMessages> ReadAsync(List<DueDelivery> due, string next, bool isMore)
    {
        List<UnreadableDelivery> unreadable = [.. due.Where(d => d.Id is null).Select(d => d.Unreadable(null, "its MessageId"))];
        var messages = due.Count == 0
            ? []
            : await database.ReadAsync(session => ClaimStatements.ReadAsync(session, due, unreadable, database.Secrets), CancellationToken.None);
        return new ClaimedMessages(messages) { Unreadable = unreadable, Next = next, IsMore = isMore };
    }

    // On SQLite outside the writer, which has better things to do than to look for lanes.
    private Task<List<Lane>> LanesAsync(ClaimRequest request, CancellationToken cancel) => database.Dialect.PreferIndexes is null
        ? database.ReadAsync(session => ClaimStatements.LanesAsync(session, request.After, request.Now), cancel)
        : ByIndexAsync(session => ClaimStatements.LanesAsync(session, request.After, request.Now), cancel);

    private Task<T> ByIndexAsync<T>(Func<Session, Task<T>> unit, CancellationToken cancel) => database.WriteAsync(
        async session =>
        {
            await session.PreferIndexesAsync();
            return await unit(session);
        },
        cancel);
}
