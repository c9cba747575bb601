using System.Globalization;
using Signet.Bench.Load;
using Signet.Queue;
using Signet.Storage;

namespace Signet.Bench.Scenarios;

/// <summary>
/// What a million deliveries that wait do to accepting and to memory. They are put into the store by the store's own code, ten
/// to a message, and are not due for a day. An empty Signet and the full one take turns.
/// </summary>
internal sealed class WaitingScenario(PublishedSignet program, WorkDirectory work)
{
    private const int Deliveries = 1_000_000;
    private const int PerMessage = 10;
    private const int AtOnce = 200;
    private const int Rounds = 3;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        var data = work.NewFolder("waiting");
        await FillAsync(data, cancel);
        await using var empty = await program.StartAsync(work.NewFolder("empty"), cancel);
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
                "0.8 × the rate with none",
                "waiting"),
            new ResultRow(
                $"Resident memory with {count} waiting, after each round",
                string.Join(", ", memory.Select(m => m.ToString("0", CultureInfo.InvariantCulture))) + " MB",
                $"{empty.ResidentMegabytes.ToString("0", CultureInfo.InvariantCulture)} MB with none",
                ResultRow.None,
                "under 300 MB, and flat",
                "waiting"),
        ];
    }

    private static async Task FillAsync(string data, CancellationToken cancel)
    {
        Console.WriteLine($"putting {Deliveries} deliveries into the store");
        var secrets = new SecretBox(MasterKey.LoadOrCreate(data));
        await using var database = await Database.OpenSqliteAsync(Path.Combine(data, "signet.db"), secrets, cancel);
        var queue = new SqlMessageQueue(database);
        var now = TimeProvider.System.GetUtcNow();
        var samples = new SampleMessages(now);
        for (var stored = 0; stored < Deliveries; stored += AtOnce * PerMessage)
        {
            // As if another node had them: the simplest way to have deliveries that are not due.
            var lease = new Lease("another", now.AddDays(1));
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => queue.EnqueueAsync(samples.Next(PerMessage), null, lease, cancel)));
        }
    }
}
