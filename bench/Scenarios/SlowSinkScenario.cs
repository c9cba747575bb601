using System.Diagnostics;
using System.Globalization;
using System.Text;
using Signet.Bench.Load;
using Signet.Delivery;
using Signet.Tests.Fakes;

namespace Signet.Bench.Scenarios;

/// <summary>
/// Mail for 100 domains that waits in the store, found by MX, to a server that takes 200 ms for each message. What the limits allow is as many connections
/// as Signet opens to each domain, and to all together, five messages a second each.
/// </summary>
internal sealed class SlowSinkScenario(PublishedSignet program, WorkDirectory work)
{
    private const string Figure = "Delivery to a sink that takes 200 ms per message, 100 domains";
    private const string Wanted = "0.8 of what the connection limits allow";
    private const int Domains = 100;
    private const int Messages = 60_000;

    /// <summary>What the file of receivers says of those that it does not name.</summary>
    private const int ConnectionsToDomain = 10;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        await using var sink = new SlowSink(Delay);
        await using var dns = TinyDnsServer.Start(Zone());
        var data = work.NewFolder("slow");
        await Backlog.FillAsync(data, Messages, 1, TimeProvider.System.GetUtcNow(), cancel);
        await using var signet = await program.StartAsync(
            data, cancel,
            "--route", "mx", "--dns", dns.EndPoint.ToString(), "--mx-port", sink.Port.ToString(CultureInfo.InvariantCulture));

        // From the tenth part to nine tenths: the connections are open then, and none has run dry.
        await sink.ReachAsync(Messages / 10, cancel);
        var (before, begun) = (sink.Messages, Stopwatch.GetTimestamp());
        await sink.ReachAsync(Messages / 10 * 9, cancel);
        var rate = (sink.Messages - before) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var connections = Math.Min(DestinationLimits.Default.Connections, Domains * ConnectionsToDomain);
        var allowed = connections / Delay.TotalSeconds;
        Console.WriteLine($"{ResultsTable.PerSecond(rate)} over {sink.MostOpen} connections at most");
        return
        [
            new ResultRow(
                Figure, ResultsTable.PerSecond(rate),
                $"{ResultsTable.PerSecond(allowed)} allowed by {connections.ToString(CultureInfo.InvariantCulture)} connections",
                ResultsTable.Ratio(rate / allowed), Wanted, "slow"),
        ];
    }

    private static string Zone()
    {
        var zone = new StringBuilder();
        for (var domain = 0; domain < Domains; domain++)
        {
            zone.Append(CultureInfo.InvariantCulture, $"d{domain}.test MX 10 mx.d{domain}.test\nmx.d{domain}.test A 127.0.0.1\n");
        }

        return zone.ToString();
    }
}
