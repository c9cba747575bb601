using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Signet.Bench.Peers;

namespace Signet.Bench.Scenarios;

/// <summary>What 500 waiting messages of 10 MB, signed when they leave, do to the memory of the server that delivers them.</summary>
internal sealed class LargeScenario(PublishedSignet program, WorkDirectory work)
{
    private const string Figure = "Peak resident memory while 500 waiting messages of 10 MB are delivered, DKIM with RSA 2048";
    private const string Wanted = "under 400 MB";
    private const int Messages = 500;
    private const int Size = 10_000_000;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        try
        {
            await using var sink = SmtpSink.Start();
            var data = work.NewFolder("large");
            await Backlog.FillAsync(data, Messages, 1, TimeProvider.System.GetUtcNow(), cancel, Size);
            await using var signet = await program.StartAsync(
                data, cancel, "--route", $"smtp://127.0.0.1:{sink.Port}", "--dkim-domain", "example.com", "--dkim-selector", "s1",
                "--dkim-key", await WriteKeyAsync(data, cancel));
            var begun = Stopwatch.GetTimestamp();
            await sink.ReachAsync(Messages, cancel);
            var took = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var megabytes = signet.PeakMegabytes.ToString("0", CultureInfo.InvariantCulture);
            Console.WriteLine($"{megabytes} MB, {took:0} s");
            return [new ResultRow(Figure, $"{megabytes} MB", $"{Messages / took:0.0}/s", ResultRow.None, Wanted, "large")];
        }
        catch (PeerMissingException e)
        {
            return [ResultRow.LeftOut(Figure, e.Message, Wanted, "large")];
        }
    }

    private static async Task<string> WriteKeyAsync(string data, CancellationToken cancel)
    {
        using var rsa = RSA.Create(2048);
        var file = Path.Combine(data, "dkim.pem");
        await File.WriteAllTextAsync(file, rsa.ExportPkcs8PrivateKeyPem(), cancel);
        return file;
    }
}
