using Signet.Bench.Load;
using Signet.Bench.Peers;
using Signet.Storage;

namespace Signet.Bench.Scenarios;

/// <summary>
/// What the limits of production cost: `accept` with a 24-hour quota, a send rate and the limit on requests, none of which is reached,
/// and a day of counters that the quota is about. A Signet with the same counters and without limits takes turns with it.
/// </summary>
internal sealed class LimitsScenario(PublishedSignet program, WorkDirectory work)
{
    private const int Rounds = 3;
    private const string Quota = "1000000";
    private const string Rate = "100000";
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        var sqlite = await MeasureAsync("SQLite", [], [], cancel);
        try
        {
            await using var server = await Postgres.StartAsync(cancel);
            var limited = await server.NewDatabaseAsync("limited", cancel);
            var free = await server.NewDatabaseAsync("free", cancel);
            return [sqlite, await MeasureAsync("PostgreSQL", ["--database", limited], ["--database", free], cancel)];
        }
        catch (PeerMissingException e)
        {
            return [sqlite, ResultRow.LeftOut(Figure("PostgreSQL"), e.Message, Wanted, "limits")];
        }
    }

    private const string Wanted = "0.9 × the rate without limits";

    private static string Figure(string engine) => $"SendEmail accepted with quota, rate and request limits and a day of counters, {engine}";

    private async Task<ResultRow> MeasureAsync(string engine, string[] toLimited, string[] toFree, CancellationToken cancel)
    {
        var (withLimits, without) = (work.NewFolder("limited"), work.NewFolder("free"));
        await PrepareAsync(withLimits, toLimited, cancel);
        await PrepareAsync(without, toFree, cancel);
        await program.RunAsync(
            ["account", "create", Mail.Delegate, "--production", "--quota", Quota, "--rate", Rate, "--data", withLimits, .. toLimited], cancel);
        await using var limited = await program.StartAsync(withLimits, cancel, ["--strict", .. toLimited]);
        await using var free = await program.StartAsync(without, cancel, toFree);
        var (sendLimited, sendFree) = (Mail.SendEmails(limited.Url), Mail.SendEmails(free.Url));
        await HttpLoad.RunForAsync(limited.Url, sendLimited, WarmUp, cancel);
        await HttpLoad.RunForAsync(free.Url, sendFree, WarmUp, cancel);

        List<(double Limited, double Free)> rounds = [];
        for (var round = 0; round < Rounds; round++)
        {
            var (ofLimited, ofFree) = (limited.ProcessorTime, free.ProcessorTime);
            rounds.Add((
                await HttpLoad.RunForAsync(limited.Url, sendLimited, Round, cancel),
                await HttpLoad.RunForAsync(free.Url, sendFree, Round, cancel)));
            Console.WriteLine(
                $"{engine}: limited {ResultsTable.PerSecond(rounds[^1].Limited)} with "
                + $"{Each(limited.ProcessorTime - ofLimited, rounds[^1].Limited):0} µs of processor time each, "
                + $"free {ResultsTable.PerSecond(rounds[^1].Free)} with {Each(free.ProcessorTime - ofFree, rounds[^1].Free):0} µs");
        }

        return new ResultRow(
            Figure(engine),
            ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Limited))),
            $"{ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Free)))} without limits",
            ResultsTable.Ratio(ResultsTable.Median(rounds.Select(r => r.Limited / r.Free))),
            Wanted,
            "limits");
    }

    private static double Each(TimeSpan processor, double rate) => processor.TotalMicroseconds / (rate * Round.TotalSeconds);

    // The identity is verified by a Signet without limits; then comes the day.
    private async Task PrepareAsync(string data, string[] database, CancellationToken cancel)
    {
        await using (var signet = await program.StartAsync(data, cancel, database))
        {
            await Mail.AuthoriseAsync(signet.Url, cancel);
        }

        var secrets = SecretBox.WithKeyIn(data);
        await using var store = database is [_, var connection]
            ? await Database.OpenPostgresAsync(connection, secrets, cancel)
            : await Database.OpenSqliteAsync(Path.Combine(data, "signet.db"), secrets, cancel);
        await store.WriteAsync(
            session => session.ExecuteAsync(
                """
                INSERT INTO sending_counter (account, region, minute, slot, quota_recipients, attempts, bounces, complaints, rejects)
                WITH RECURSIVE minutes (ago) AS (SELECT 1 UNION ALL SELECT ago + 1 FROM minutes WHERE ago < 1440),
                    slots (slot) AS (SELECT 0 UNION ALL SELECT slot + 1 FROM slots WHERE slot < @last)
                SELECT @account, 'us-east-1', @now - ago, slot, 10, 10, 0, 0, 0 FROM minutes CROSS JOIN slots
                """,
                ("account", Mail.Delegate), ("now", TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60),
                ("last", session.Dialect.CounterSlots - 1)),
            cancel);
    }
}
