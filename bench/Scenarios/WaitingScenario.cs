using System.Diagnostics;
using System.Globalization;
using Signet.Bench.Load;
using Signet.Queue;
using Signet.Storage;

namespace Signet.Bench.Scenarios;

/// <summary>
/// What a million deliveries that wait do to accepting, to memory and to the start. They are ten to a message and not due for a
/// day. An empty Signet and the full one take turns.
/// </summary>
internal sealed class WaitingScenario(PublishedSignet program, WorkDirectory work)
{
    private const int Deliveries = 1_000_000;
    private const int PerMessage = 10;
    private const int Starts = 5;
    private const int Rounds = 3;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        var data = work.NewFolder("waiting");
        await Backlog.FillAsync(data, Deliveries, PerMessage, TimeProvider.System.GetUtcNow().AddDays(1), cancel);
        var other = work.NewFolder("empty");
        List<(double Empty, double Full)> starts = [];
        for (var start = 0; start < Starts; start++)
        {
            starts.Add((await StartAsync(other, cancel), await StartAsync(data, cancel)));
        }

        await using var empty = await program.StartAsync(other, cancel);
        await using var full = await program.StartAsync(data, cancel);
        await Mail.AuthoriseAsync(empty.Url, cancel);
        await Mail.AuthoriseAsync(full.Url, cancel);
        var toEmpty = Mail.SendEmails(empty.Url);
        var toFull = Mail.SendEmails(full.Url);
        await HttpLoad.RunForAsync(empty.Url, toEmpty, WarmUp, cancel);
        await HttpLoad.RunForAsync(full.Url, toFull, WarmUp, cancel);

        List<(double Empty, double Full)> rounds = [];
        List<double> memory = [];
        for (var round = 0; round < Rounds; round++)
        {
            rounds.Add((
                await HttpLoad.RunForAsync(empty.Url, toEmpty, Round, cancel),
                await HttpLoad.RunForAsync(full.Url, toFull, Round, cancel)));
            memory.Add(full.ResidentMegabytes);
            Console.WriteLine(
                $"empty {ResultsTable.PerSecond(rounds[^1].Empty)}, waiting {ResultsTable.PerSecond(rounds[^1].Full)}, {memory[^1]:0} MB");
        }

        var count = Deliveries.ToString("#,0", CultureInfo.InvariantCulture);
        return
        [
            new ResultRow(
                $"SendEmail accepted with {count} deliveries waiting",
                ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Full))),
                $"{ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Empty)))} with none",
                ResultsTable.Ratio(ResultsTable.Median(rounds.Select(r => r.Full / r.Empty))),
                "0.9 × the rate with none",
                "waiting"),
            new ResultRow(
                $"Resident memory with {count} waiting, after each round",
                string.Join(", ", memory.Select(m => m.ToString("0", CultureInfo.InvariantCulture))) + " MB",
                $"{empty.ResidentMegabytes.ToString("0", CultureInfo.InvariantCulture)} MB with none",
                ResultRow.None,
                "220 MB, and flat",
                "waiting"),
            new ResultRow(
                $"Start to `ready` with {count} waiting",
                $"{ResultsTable.Median(starts.Select(s => s.Full)).ToString("0.00", CultureInfo.InvariantCulture)} s",
                $"{ResultsTable.Median(starts.Select(s => s.Empty)).ToString("0.00", CultureInfo.InvariantCulture)} s with none",
                ResultsTable.Ratio(ResultsTable.Median(starts.Select(s => s.Full / s.Empty))),
                "as fast as with none",
                "waiting"),
            .. await LooksAsync(data, full.Url, count, cancel),
        ];
    }

    // The page itself comes over a kept connection. What it asks the store for is what grows with the queue.
    private static async Task<IReadOnlyList<ResultRow>> LooksAsync(string data, Uri url, string count, CancellationToken cancel)
    {
        await using var database = await Database.OpenSqliteAsync(Path.Combine(data, "signet.db"), SecretBox.WithKeyIn(data), cancel);
        var queue = new SqlQueueControl(database, TimeProvider.System);
        var found = await queue.ListDestinationsAsync(DeliveryFilter.Everything, 200, cancel);
        Console.WriteLine($"{found.Total} counted {found.CountedAt:O}");
        using var client = new HttpClient();
        return
        [
            await LookAsync($"`/metrics` with {count} waiting", () => client.GetStringAsync(new Uri(url, "/metrics"), cancel)),
            await LookAsync(
                $"What the queue's page reads with {count} waiting", () => queue.ListDestinationsAsync(DeliveryFilter.Everything, 200, cancel)),
        ];
    }

    private static async Task<ResultRow> LookAsync(string figure, Func<Task> look)
    {
        const int warm = 3;
        const int looks = 15;
        List<double> times = [];
        for (var i = 0; i < warm + looks; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            await look();
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        var median = ResultsTable.Median(times.Skip(warm));
        return new ResultRow(
            figure, string.Create(CultureInfo.InvariantCulture, $"{median:0.0} ms"), ResultRow.None, ResultRow.None, "under 50 ms", "waiting");
    }

    private async Task<double> StartAsync(string data, CancellationToken cancel)
    {
        await using var signet = await program.StartAsync(data, cancel);
        return signet.StartTime.TotalSeconds;
    }
}
