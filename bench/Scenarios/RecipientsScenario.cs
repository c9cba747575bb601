using System.Diagnostics;
using System.Globalization;
using System.Text;
using Signet.Bench.Peers;
using Signet.Tests.Fakes;

namespace Signet.Bench.Scenarios;

/// <summary>
/// How fast a backlog drains whose messages have 50 recipients each, beside one of single recipients: to a smarthost, which takes the
/// recipients of a message in one transaction, and by MX to 100 domains, where each delivery is a transaction. They take turns.
/// </summary>
internal sealed class RecipientsScenario(PublishedSignet program, WorkDirectory work)
{
    private const string Wanted = "0.8 × single recipients";
    private const int Many = 50;
    private const int Deliveries = 100_000;
    private const int Rounds = 2;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        try
        {
            await using var sink = SmtpSink.Start();
            await using var dns = TinyDnsServer.Start(Zone());
            return
            [
                await MeasureAsync("to a smarthost", sink, Many, ["--route", $"smtp://127.0.0.1:{sink.Port}"], cancel),
                await MeasureAsync(
                    "by MX to 100 domains", sink, 1,
                    ["--route", "mx", "--dns", dns.EndPoint.ToString(), "--mx-port", sink.Port.ToString(CultureInfo.InvariantCulture)], cancel),
            ];
        }
        catch (PeerMissingException e)
        {
            return [ResultRow.LeftOut("Deliveries from a backlog of 50-recipient messages", e.Message, Wanted, "recipients")];
        }
    }

    private async Task<ResultRow> MeasureAsync(
        string where, SmtpSink sink, int recipientsPerTransaction, string[] options, CancellationToken cancel)
    {
        List<(double Single, double Many)> rounds = [];
        for (var round = 0; round < Rounds; round++)
        {
            rounds.Add((
                await RateAsync(sink, 1, 1, options, cancel), await RateAsync(sink, Many, recipientsPerTransaction, options, cancel)));
            Console.WriteLine(
                $"{where}: single {ResultsTable.PerSecond(rounds[^1].Single)}, of {Many} {ResultsTable.PerSecond(rounds[^1].Many)}");
        }

        return new ResultRow(
            $"Deliveries from a backlog of {Many}-recipient messages {where}",
            ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Many))),
            $"{ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Single)))} of single recipients",
            ResultsTable.Ratio(ResultsTable.Median(rounds.Select(r => r.Many / r.Single))),
            Wanted,
            "recipients");
    }

    /// <summary>Deliveries a second, from the first message at the sink to the last.</summary>
    private async Task<double> RateAsync(
        SmtpSink sink, int perMessage, int recipientsPerTransaction, string[] options, CancellationToken cancel)
    {
        var data = work.NewFolder("recipients");
        await Backlog.FillAsync(data, Deliveries, perMessage, TimeProvider.System.GetUtcNow(), cancel);
        var (first, transactions) = (sink.Messages, Deliveries / recipientsPerTransaction);
        await using var signet = await program.StartAsync(data, cancel, options);
        await sink.ReachAsync(first + 1, cancel);
        var begun = Stopwatch.GetTimestamp();
        await sink.ReachAsync(first + transactions, cancel);
        return Deliveries / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static string Zone()
    {
        var zone = new StringBuilder();
        for (var domain = 0; domain < 100; domain++)
        {
            zone.Append(CultureInfo.InvariantCulture, $"d{domain}.test MX 10 mx.d{domain}.test\nmx.d{domain}.test A 127.0.0.1\n");
        }

        return zone.ToString();
    }
}
