using System.Data.Common;
using Signet.Events;
using Signet.Names;
using Signet.Traffic;

namespace Signet.Storage;

/// <inheritdoc cref="ITrafficCounter"/>
public sealed class SqlTrafficCounter(Database database) : ITrafficCounter
{
    private const string Key =
        "resolution = @resolution AND dimension = @dimension AND account = @account AND region = @region AND start = @start";

    // A name that is not there yet finds room or goes to the others.
    private static readonly string AddSql =
        $"""
        INSERT INTO traffic (
            resolution, dimension, name, account, region, start, accepted, delivered, deferred, bounced, complained, rejected)
        SELECT @resolution, @dimension,
            CASE WHEN EXISTS (SELECT 1 FROM traffic WHERE {Key} AND name = @name) THEN @name
                WHEN (SELECT COUNT(*) FROM traffic WHERE {Key}) < {Tally.MostNames} THEN @name
                ELSE '{Tally.Others}' END,
            @account, @region, @start, @accepted, @delivered, @deferred, @bounced, @complained, @rejected
        WHERE true
        ON CONFLICT (resolution, dimension, name, start, account, region) DO UPDATE SET
            accepted = traffic.accepted + excluded.accepted,
            delivered = traffic.delivered + excluded.delivered,
            deferred = traffic.deferred + excluded.deferred,
            bounced = traffic.bounced + excluded.bounced,
            complained = traffic.complained + excluded.complained,
            rejected = traffic.rejected + excluded.rejected
        """;

    /// <summary>All that is counted or waits to be.</summary>
    internal static IReadOnlyList<SqlStatement> ForgetAll(Dialect dialect) =>
        [new("DELETE FROM traffic"), .. dialect.Counted.ForgetAll, new("UPDATE traffic_progress SET version = version + 1")];

    /// <summary>All that is counted of one account. What waits to be counted goes with its messages.</summary>
    internal static IReadOnlyList<SqlStatement> Forget(AccountId account) =>
    [
        new("DELETE FROM traffic WHERE account = @account", ("account", account.Value)),
        new("UPDATE traffic_progress SET version = version + 1"),
    ];

    /// <inheritdoc/>
    public async Task<CountedPortion> CountAsync(int limit, DateTimeOffset now, CancellationToken cancel)
    {
        var portion = await NextAsync(limit, cancel);
        if (portion.Looked > 0)
        {
            await AddAsync(portion, now, cancel);
        }

        return new CountedPortion(portion.Looked, portion.Unreadable);
    }

    /// <inheritdoc/>
    public Task ForgetAsync(DateTimeOffset now, CancellationToken cancel) => database.WriteAsync(
        session => session.ExecuteAllAsync(
        [
            .. database.Dialect.Counted.Mend,
            .. TrafficResolution.All.Select(r => new SqlStatement(
                "DELETE FROM traffic WHERE resolution = @resolution AND start < @before",
                ("resolution", r.Name), ("before", r.StartOf(now - r.Kept)))),
        ]),
        cancel);

    /// <summary>Reads what waits, outside the writer, and the version that it is of.</summary>
    internal Task<Portion> NextAsync(int limit, CancellationToken cancel) => database.ReadAsync(
        async session =>
        {
            // First: whoever counts or deletes after this makes the portion void.
            var version = await session.CountAsync("SELECT version FROM traffic_progress");
            var unreadable = 0;
            var events = await session.QueryAsync(
                """
                SELECT number, account, region, at, source_arn, type, recipients FROM uncounted_event ORDER BY number LIMIT @limit
                """,
                r => (r.GetInt64(0), ReadOrPass(() => KindOf(r, 5) is { } kind ? Read(r, kind, Domains(r.GetString(6))) : null)), ("limit", limit));
            var attempts = await session.QueryAsync(
                "SELECT number, account, region, at, source_arn, domain FROM uncounted_attempt ORDER BY number LIMIT @limit",
                r => (r.GetInt64(0), ReadOrPass(() => r.IsDBNull(1) ? null : Read(r, TrafficKind.Deferred, [r.GetString(5)]))), ("limit", limit));
            return new Portion(version, events, attempts) { Unreadable = unreadable };

            CountedEvent? ReadOrPass(Func<CountedEvent?> read)
            {
                if (Rows.TryRead(read, out var counted))
                {
                    return counted;
                }

                unreadable++;
                return null;
            }
        },
        cancel);

    /// <summary>Adds a portion, once: false when it is void.</summary>
    internal Task<bool> AddAsync(Portion portion, DateTimeOffset now, CancellationToken cancel)
    {
        // Made here, not in the unit: the writer has better things to do.
        SqlStatement[] statements =
        [
            .. database.Dialect.Counted.Pass([.. portion.Events.Select(e => e.Number)], [.. portion.Attempts.Select(a => a.Number)]),
            .. Tally.Of(portion.Events.Concat(portion.Attempts).Select(r => r.Counted).OfType<CountedEvent>(), now)
                .Select(c => Add(c.Cell, c.Counts)),
        ];
        return database.WriteAsync(
            async session =>
            {
                var taken = await session.ExecuteAsync(
                    "UPDATE traffic_progress SET version = version + 1 WHERE version = @version", ("version", portion.Version));
                if (taken > 0)
                {
                    await session.ExecuteAllAsync(statements);
                }

                return taken > 0;
            },
            cancel);
    }

    private static SqlStatement Add(TrafficCell cell, TrafficCounts counts) => new(
        AddSql,
        ("resolution", cell.Resolution.Name), ("dimension", cell.Dimension?.ToString() ?? ""), ("name", cell.Name),
        ("account", cell.Account), ("region", cell.Region), ("start", cell.Start),
        ("accepted", counts.Accepted), ("delivered", counts.Delivered), ("deferred", counts.Deferred),
        ("bounced", counts.Bounced), ("complained", counts.Complained), ("rejected", counts.Rejected));

    private static CountedEvent Read(DbDataReader row, TrafficKind kind, IReadOnlyList<string> destinations) =>
        new(row.GetString(1), row.GetString(2), row.Time(3), kind, row.TextOrNull(4), destinations);

    // Not every deferred attempt emits a DeliveryDelay: deferrals are counted by the attempts.
    private static TrafficKind? KindOf(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Name<EventType>(column) switch
    {
        EventType.Send => TrafficKind.Accepted,
        EventType.Delivery => TrafficKind.Delivered,
        EventType.Bounce => TrafficKind.Bounced,
        EventType.Complaint => TrafficKind.Complained,
        EventType.Reject => TrafficKind.Rejected,
        EventType.DeliveryDelay => null,
        var other => throw new System.Diagnostics.UnreachableException($"{other}"),
    };

    private static List<string> Domains(string recipients) =>
        [.. StorageJson.Read(recipients, StorageJson.Default.IReadOnlyListString).Select(r => r[(r.LastIndexOf('@') + 1)..])];

    /// <summary>What waits to be counted, each with the number of its row; null for what is not counted.</summary>
    internal sealed record Portion(
        long Version, List<(long Number, CountedEvent? Counted)> Events, List<(long Number, CountedEvent? Counted)> Attempts)
    {
        public int Looked => Events.Count + Attempts.Count;

        public int Unreadable { get; init; }
    }
}
