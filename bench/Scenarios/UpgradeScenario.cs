using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Signet.Bench.Peers;
using Signet.Queue;
using Signet.Storage;

namespace Signet.Bench.Scenarios;

/// <summary>
/// The start with a store of the version before open deliveries had a table of their own: 1,000,000 of them waiting, 10,000,000 ended, a hundred to
/// a message. Nothing may be lost.
/// </summary>
internal sealed class UpgradeScenario(WorkDirectory work)
{
    private const int Before = 23;
    private const int PerMessage = 100;
    private const int Waiting = 1_000_000;
    private const int Ended = 10_000_000;
    private const string Figure = "Upgrade of a store with 1,000,000 waiting and 10,000,000 ended deliveries";

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        List<ResultRow> rows = [await MeasureSqliteAsync(cancel)];
        try
        {
            await using var server = await Postgres.StartAsync(cancel);
            rows.Add(await MeasurePostgresAsync(await server.NewDatabaseAsync("upgrade", cancel), cancel));
        }
        catch (PeerMissingException e)
        {
            rows.Add(ResultRow.LeftOut($"{Figure}, PostgreSQL", e.Message, "written down", "upgrade"));
        }

        return rows;
    }

    private async Task<ResultRow> MeasureSqliteAsync(CancellationToken cancel)
    {
        var data = work.NewFolder("upgrade");
        var secrets = SecretBox.WithKeyIn(data);
        var file = Path.Combine(data, "signet.db");
        SqliteFile.Prepare(file);
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=false"))
        {
            await connection.OpenAsync(cancel);
            await using var session = new Session(connection, Dialect.Sqlite);
            await session.ExecuteAsync("PRAGMA journal_mode = WAL");
            await SqliteFile.MarkAsync(session);
            await FillAsync(session, secrets);
        }

        var size = new FileInfo(file).Length;
        return await MeasureAsync("SQLite", size, () => Database.OpenSqliteAsync(file, secrets, cancel), cancel);
    }

    private async Task<ResultRow> MeasurePostgresAsync(string connectionString, CancellationToken cancel)
    {
        var secrets = SecretBox.WithKeyIn(work.NewFolder("upgrade"));
        long size;
        await using (var source = NpgsqlDataSource.Create($"{connectionString};Command Timeout=0"))
        {
            await using var connection = await source.OpenConnectionAsync(cancel);
            await using var session = new Session(connection, Dialect.Postgres);
            await FillAsync(session, secrets);
            size = await session.CountAsync("SELECT pg_database_size(current_database())");
        }

        return await MeasureAsync("PostgreSQL", size, () => Database.OpenPostgresAsync(connectionString, secrets, cancel), cancel);
    }

    private static async Task<ResultRow> MeasureAsync(string engine, long size, Func<Task<Database>> open, CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        await using var database = await open();
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var waiting = await database.ReadAsync(session => session.CountAsync("SELECT COUNT(*) FROM open_delivery"), cancel);
        var ended = await database.ReadAsync(session => session.CountAsync("SELECT COUNT(*) FROM delivery"), cancel);
        var claimed = await new SqlMessageQueue(database).ClaimAsync("bench", new ClaimRequest(TimeProvider.System.GetUtcNow().AddYears(1), 100), cancel);
        if ((waiting, ended) != (Waiting, Ended) || claimed.Sum(m => m.Deliveries.Count) != 100)
        {
            throw new InvalidOperationException($"{engine} lost deliveries: {waiting} open, {ended} ended, {claimed.Count} messages claimed");
        }

        return new ResultRow(
            $"{Figure}, {engine}", string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
            string.Create(CultureInfo.InvariantCulture, $"{size / 1e9:0.0} GB before"), ResultRow.None, "written down", "upgrade");
    }

    private static async Task FillAsync(Session session, SecretBox secrets)
    {
        Console.WriteLine("filling a store of the version before");
        await Migrations.ApplyAsync(session, secrets, upTo: Before);
        await session.ExecuteAsync("BEGIN");
        var random = new Random(1);
        var at = TimeProvider.System.GetUtcNow().AddDays(-1);
        SqlStatement[] inserts = new SqlStatement[1_000];
        for (var made = 0; made < (Waiting + Ended) / PerMessage; made += inserts.Length)
        {
            for (var i = 0; i < inserts.Length; i++)
            {
                var isOpen = made + i < Waiting / PerMessage;
                inserts[i] = new SqlStatement(
                    """
                    INSERT INTO message (
                        id, account, region, accepted_at, principal, operation, source, source_folded, source_arn, feedback_address,
                        envelope_from, subject, subject_folded, source_ip, size, tags, decision, has_content, open_deliveries, finished_at)
                    VALUES (
                        @id, '111122223333', 'us-east-1', @at, 'arn:aws:iam::111122223333:root', 'SendEmail', 'a@example.com', 'a@example.com', NULL,
                        'a@example.com', 'a@example.com', 'Order', 'order', NULL, 1000, '[]', '{}', 1, @open, @finished)
                    """,
                    ("id", Messages.MessageId.New(Names.Region.Default, at, random).Value), ("at", at), ("open", isOpen ? PerMessage : 0),
                    ("finished", isOpen ? null : at));
            }

            await session.ExecuteAllAsync(session.Dialect.HasSets ? RowSets.Of(inserts) : inserts);
        }

        const string numbers = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99)";
        await session.ExecuteAsync(
            $"""
            INSERT INTO delivery (message_id, ordinal, recipient, domain, state, attempts, next_attempt_at, last_attempt_at, last_result, visible_at)
            {numbers}
            SELECT m.id, n.i, 'customer' || n.i || '@d' || n.i || '.test', 'd' || n.i || '.test',
                CASE WHEN m.open_deliveries > 0 THEN 'Queued' ELSE 'Delivered' END, CASE WHEN m.open_deliveries > 0 THEN 0 ELSE 1 END,
                CASE WHEN m.open_deliveries > 0 THEN m.accepted_at END, CASE WHEN m.open_deliveries > 0 THEN NULL ELSE m.accepted_at END,
                CASE WHEN m.open_deliveries > 0 THEN NULL ELSE '250 2.0.0 Ok: queued as 1F2E3' END,
                CASE WHEN m.open_deliveries > 0 THEN m.accepted_at END
            FROM message m CROSS JOIN n
            """);
        await session.ExecuteAsync("INSERT INTO message_content (message_id, content) SELECT id, CAST('Subject: Order' AS {0}) FROM message".Replace("{0}", session.Dialect.Blob, StringComparison.Ordinal));
        await session.ExecuteAsync("COMMIT");
    }
}
