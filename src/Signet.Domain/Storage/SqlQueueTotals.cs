using System.Runtime.InteropServices;
using Signet.Queue;

namespace Signet.Storage;

/// <inheritdoc cref="IQueueTotals"/>
/// <param name="database">The store.</param>
/// <param name="time">The clock.</param>
/// <param name="exactUpTo">Deliveries of a queue that is short.</param>
public sealed class SqlQueueTotals(Database database, TimeProvider time, int exactUpTo = CountedQueue.ExactUpTo) : IQueueTotals
{
    /// <summary>Counts of accounts and destinations that are stored one by one: those with most deliveries.</summary>
    internal const int MaxListed = 5_000;

    // Beyond so many, in memory, the destinations of an account are counted together.
    private const int MaxApart = 100_000;

    private const int Portion = 5_000;

    /// <inheritdoc/>
    public async Task<long> RefreshAsync(CancellationToken cancel)
    {
        if (await database.ReadAsync(session => CountedQueue.IsShortAsync(session, exactUpTo), cancel))
        {
            await ForgetAsync(cancel);
            return 0;
        }

        var at = time.GetUtcNow();
        var (counts, total) = await CountAsync(cancel);
        var listed = Listed(counts);
        await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("DELETE FROM queue_total");
                await session.ExecuteAsync("DELETE FROM queue_counted");
                var inserts = listed.Select(c => Insert(c.Key, c.Value)).ToList();
                await session.ExecuteAllAsync(session.Dialect.HasSets ? RowSets.Of(inserts) : inserts);
                return await session.ExecuteAsync("INSERT INTO queue_counted (at) VALUES (@at)", ("at", at));
            },
            cancel);
        return total;
    }

    private async Task ForgetAsync(CancellationToken cancel)
    {
        if (await database.ReadAsync(session => session.CountAsync("SELECT COUNT(*) FROM queue_counted"), cancel) > 0)
        {
            await database.WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync("DELETE FROM queue_total");
                    return await session.ExecuteAsync("DELETE FROM queue_counted");
                },
                cancel);
        }
    }

    private async Task<(Dictionary<CountKey, Count> Counts, long Total)> CountAsync(CancellationToken cancel)
    {
        Dictionary<CountKey, Count> counts = [];
        var total = 0L;
        var last = new DeliveryRow("", -1);
        while (true)
        {
            var keys = await database.ReadAsync(
                session => session.QueryAsync(
                    """
                    SELECT message_id, ordinal, account, domain, state, accepted_at, due_at, last_attempt_at, last_result FROM open_delivery
                    WHERE (message_id, ordinal) > (@message, @ordinal) ORDER BY message_id, ordinal LIMIT @limit
                    """,
                    row =>
                    {
                        var key = new CountKey(row.GetString(2), row.GetString(3), row.GetString(4));
                        Add(counts, key, row.GetInt64(5), row.IsDBNull(6) ? null : row.GetInt64(6), row.IsDBNull(7) ? null : row.GetInt64(7), () => row.TextOrNull(8));
                        return new DeliveryRow(row.GetString(0), row.GetInt64(1));
                    },
                    ("message", last.Message), ("ordinal", last.Ordinal), ("limit", Portion)),
                cancel);
            total += keys.Count;
            if (keys.Count < Portion)
            {
                return (counts, total);
            }

            last = keys[^1];
        }
    }

    private static void Add(Dictionary<CountKey, Count> counts, CountKey key, long acceptedAt, long? dueAt, long? attemptAt, Func<string?> result)
    {
        if (counts.Count >= MaxApart && !counts.ContainsKey(key))
        {
            key = key with { Domain = "" };
        }

        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _);
        count ??= new Count();
        count.Add(1, acceptedAt, dueAt, attemptAt, result);
    }

    // The largest, and for each account what is left of its destinations.
    private static Dictionary<CountKey, Count> Listed(Dictionary<CountKey, Count> counts)
    {
        if (counts.Count <= MaxListed)
        {
            return counts;
        }

        Dictionary<CountKey, Count> listed = [];
        foreach (var (key, count) in counts.OrderByDescending(c => c.Value.Deliveries))
        {
            if (listed.Count < MaxListed)
            {
                listed.TryAdd(key, count);
                continue;
            }

            ref var rest = ref CollectionsMarshal.GetValueRefOrAddDefault(listed, key with { Domain = "" }, out _);
            rest ??= new Count();
            rest.Add(count.Deliveries, count.AcceptedAt, count.DueAt, count.AttemptAt, () => count.Result);
        }

        return listed;
    }

    private static SqlStatement Insert(CountKey key, Count count) => new(
        """
        INSERT INTO queue_total (account, domain, state, deliveries, accepted_at, due_at, last_attempt_at, last_result)
        VALUES (@account, @domain, @state, @deliveries, @accepted, @due, @attempt, @result)
        """,
        ("account", key.Account), ("domain", key.Domain), ("state", key.State), ("deliveries", count.Deliveries), ("accepted", count.AcceptedAt),
        ("due", count.DueAt), ("attempt", count.AttemptAt), ("result", count.Result));

    private readonly record struct CountKey(string Account, string Domain, string State);

    private sealed class Count
    {
        public long Deliveries { get; private set; }

        public long AcceptedAt { get; private set; } = long.MaxValue;

        public long? DueAt { get; private set; }

        public long? AttemptAt { get; private set; }

        public string? Result { get; private set; }

        public void Add(long deliveries, long acceptedAt, long? dueAt, long? attemptAt, Func<string?> result)
        {
            Deliveries += deliveries;
            AcceptedAt = Math.Min(AcceptedAt, acceptedAt);
            DueAt = dueAt < DueAt || DueAt is null ? dueAt ?? DueAt : DueAt;
            if (attemptAt > (AttemptAt ?? long.MinValue))
            {
                (AttemptAt, Result) = (attemptAt, result());
            }
        }
    }
}
