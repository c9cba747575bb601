using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Signet.Bench.Load;
using Signet.Bench.Peers;
using Signet.Tests.Fakes;

namespace Signet.Bench.Scenarios;

/// <summary>
/// What a destination in trouble does to others: 200,000 deliveries to one that takes ten seconds for each, beside a backlog for a hundred others;
/// and 500,000 of one account to one that allows three connections, beside another account's single messages elsewhere.
/// </summary>
internal sealed class FairnessScenario(PublishedSignet program, WorkDirectory work)
{
    private const string Slow = "Deliveries to 100 destinations beside 200,000 that wait for one that takes 10 s for each";
    private const string SlowWanted = "0.9 × the rate alone";
    private const string Throttled = "Messages of an account that leave within 1 s, 10 a second, beside 500,000 of another to a throttled destination";
    private const string ThrottledWanted = "99 %";
    private const string Elsewhere = "elsewhere.example";
    private const int SlowDeliveries = 200_000;
    private const int ThrottledDeliveries = 500_000;
    private const int OtherDeliveries = 40_000;
    private const int Rounds = 2;
    private const int Singles = 300;
    private static readonly IPAddress TroubledAddress = IPAddress.Parse("127.0.0.2");

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        ResultRow slow;
        try
        {
            slow = await MeasureSlowAsync(cancel);
        }
        catch (PeerMissingException e)
        {
            slow = ResultRow.LeftOut(Slow, e.Message, SlowWanted, "fair");
        }

        return [slow, await MeasureThrottledAsync(cancel)];
    }

    private async Task<ResultRow> MeasureSlowAsync(CancellationToken cancel)
    {
        await using var others = SmtpSink.Start();
        await using var troubled = new SlowSink(TimeSpan.FromSeconds(10), TroubledAddress, others.Port);
        await using var dns = TinyDnsServer.Start(Zone());
        var now = TimeProvider.System.GetUtcNow();
        var (alone, beside) = (work.NewFolder("fair"), work.NewFolder("fair"));
        await Backlog.FillAsync(alone, OtherDeliveries, 1, now, cancel);
        await Backlog.FillAsync(beside, SlowDeliveries, 10, now.AddMinutes(-1), cancel, domain: "troubled.test");
        await Backlog.FillAsync(beside, OtherDeliveries, 1, now, cancel);
        List<(double Alone, double Beside)> rounds = [];
        for (var round = 0; round < Rounds; round++)
        {
            rounds.Add((
                await DrainAsync(others, CopyOf(alone), OptionsOf(dns, others.Port), cancel),
                await DrainAsync(others, CopyOf(beside), OptionsOf(dns, others.Port), cancel)));
            Console.WriteLine($"alone {ResultsTable.PerSecond(rounds[^1].Alone)}, beside {ResultsTable.PerSecond(rounds[^1].Beside)}");
        }

        return new ResultRow(
            Slow,
            ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Beside))),
            $"{ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Alone)))} alone",
            ResultsTable.Ratio(ResultsTable.Median(rounds.Select(r => r.Beside / r.Alone))),
            SlowWanted,
            "fair");
    }

    private async Task<double> DrainAsync(SmtpSink sink, string data, string[] options, CancellationToken cancel)
    {
        var first = sink.Messages;
        await using var signet = await program.StartAsync(data, cancel, options);
        await sink.ReachAsync(first + 1, cancel);
        var begun = Stopwatch.GetTimestamp();
        await sink.ReachAsync(first + OtherDeliveries, cancel);
        return OtherDeliveries / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private async Task<ResultRow> MeasureThrottledAsync(CancellationToken cancel)
    {
        ConcurrentDictionary<string, long> arrived = [];
        await using var elsewhere = new SlowSink(TimeSpan.Zero) { Arrived = subject => arrived.TryAdd(subject, Stopwatch.GetTimestamp()) };
        await using var troubled = new SlowSink(TimeSpan.FromSeconds(1), TroubledAddress, elsewhere.Port, maxConnections: 3);
        await using var dns = TinyDnsServer.Start(Zone());
        var data = work.NewFolder("throttled");
        await Backlog.FillAsync(data, ThrottledDeliveries, 10, TimeProvider.System.GetUtcNow().AddMinutes(-1), cancel, domain: "troubled.test");
        await using var signet = await program.StartAsync(data, cancel, OptionsOf(dns, elsewhere.Port));
        await HttpLoad.SendAsync(
            signet.Url, [SignedRequest.Of(signet.Url, Mail.Delegate, ("Action", "VerifyDomainIdentity"), ("Domain", "shop.test"))], 1, cancel);
        await troubled.ReachAsync(10, cancel);
        var left = await SendSinglesAsync(signet.Url, cancel);
        await elsewhere.ReachAsync(Singles, cancel);
        double[] seconds = [.. left.Select(l => Stopwatch.GetElapsedTime(l.Value, arrived[l.Key]).TotalSeconds).Order()];
        var share = seconds.Count(s => s <= 1) / (double)Singles;
        var text = string.Create(CultureInfo.InvariantCulture, $"{share:0.0 %}");
        var slowest = string.Create(CultureInfo.InvariantCulture, $"median {seconds[Singles / 2]:0.000} s, slowest {seconds[^1]:0.00} s");
        Console.WriteLine($"{text} within 1 s: {slowest}; the troubled destination took {troubled.Messages}");
        return new ResultRow(Throttled, text, slowest, ResultRow.None, ThrottledWanted, "fair");
    }

    /// <summary>Ten a second; for each subject the time of its answer.</summary>
    private static async Task<Dictionary<string, long>> SendSinglesAsync(Uri url, CancellationToken cancel)
    {
        Dictionary<string, long> answered = [];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        for (var i = 0; i < Singles; i++)
        {
            var subject = $"single {i}";
            await HttpLoad.SendAsync(
                url,
                [
                    SignedRequest.Of(
                        url, Mail.Delegate, ("Action", "SendEmail"), ("Source", "a@shop.test"), ("Destination.ToAddresses.member.1", $"c{i}@{Elsewhere}"),
                        ("Message.Subject.Data", subject), ("Message.Body.Text.Data", "Your code")),
                ],
                1, cancel, connections: 1);
            answered[subject] = Stopwatch.GetTimestamp();
            await timer.WaitForNextTickAsync(cancel);
        }

        return answered;
    }

    private string CopyOf(string data)
    {
        var copy = work.NewFolder("fair");
        foreach (var file in Directory.GetFiles(data))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    private static string[] OptionsOf(TinyDnsServer dns, int port) =>
        ["--route", "mx", "--dns", dns.EndPoint.ToString(), "--mx-port", port.ToString(CultureInfo.InvariantCulture)];

    private static string Zone()
    {
        var zone = new StringBuilder(
            $"troubled.test MX 10 mx.troubled.test\nmx.troubled.test A 127.0.0.2\n{Elsewhere} MX 10 mx.{Elsewhere}\nmx.{Elsewhere} A 127.0.0.1\n");
        for (var domain = 0; domain < 100; domain++)
        {
            zone.Append(CultureInfo.InvariantCulture, $"d{domain}.test MX 10 mx.d{domain}.test\nmx.d{domain}.test A 127.0.0.1\n");
        }

        return zone.ToString();
    }
}
