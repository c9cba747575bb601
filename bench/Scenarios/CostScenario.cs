using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Signet.Bench.Load;
using Signet.Bench.Peers;

namespace Signet.Bench.Scenarios;

/// <summary>
/// What a message costs the server in processor time and memory, from the client's socket to the sink, signed with RSA 2048: messages of
/// 100 KB on eight connections, and messages of 10 MB one after the other and eight at once. Also what a message of 4 KB costs it on PostgreSQL beside
/// SQLite.
/// </summary>
internal sealed class CostScenario(PublishedSignet program, WorkDirectory work)
{
    private const string Processor = "Processor time of a 100 KB message from SendRawEmail to `smtp-sink`, DKIM with RSA 2048";
    private const string ProcessorWanted = "1.5 ms where a core signs 3,000 a second";
    private const string Memory = "Resident memory that one message of 10 MB adds, from socket to sink";
    private const string MemoryOfEight = "The same for eight at once, each";
    private const string Throughput = "Messages of 100 KB with DKIM, accepted durably and delivered, per second and core";
    private const string Engines = "Processor time of a delivered message of 4 KB on PostgreSQL";
    private const int EngineRounds = 5;
    private const int EngineMessages = 5_000;
    private const int Rounds = 7;
    private const int WarmUp = 8_000;
    private const int Messages = 1_500;
    private const int LargeMessages = 16;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        try
        {
            await using var sink = SmtpSink.Start();
            return
            [
                .. await MeasureProcessorAsync(sink, cancel),
                await MeasureEnginesAsync(sink, cancel),
                await MeasureMemoryAsync(sink, Memory, 1, cancel),
                await MeasureMemoryAsync(sink, MemoryOfEight, 8, cancel),
            ];
        }
        catch (PeerMissingException e)
        {
            return
            [
                ResultRow.LeftOut(Processor, e.Message, ProcessorWanted, "cost"), ResultRow.LeftOut(Memory, e.Message, "", "cost"),
                ResultRow.LeftOut(MemoryOfEight, e.Message, "", "cost"),
            ];
        }
    }

    private async Task<ResultRow> MeasureEnginesAsync(SmtpSink sink, CancellationToken cancel)
    {
        await using var server = await Postgres.StartAsync(cancel);
        await using var postgres = await StartAsync(sink, cancel, "--database", await server.NewDatabaseAsync("cost", cancel));
        await using var sqlite = await StartAsync(sink, cancel);
        List<(double Postgres, double Sqlite)> rounds = [];
        await EachAsync(postgres, 3 * EngineMessages);
        await EachAsync(sqlite, 3 * EngineMessages);
        for (var round = 0; round < EngineRounds; round++)
        {
            rounds.Add((await EachAsync(postgres, EngineMessages), await EachAsync(sqlite, EngineMessages)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PostgreSQL {rounds[^1].Postgres:0.00} ms, SQLite {rounds[^1].Sqlite:0.00} ms"));
        }

        return new ResultRow(
            Engines,
            string.Create(CultureInfo.InvariantCulture, $"{ResultsTable.Median(rounds.Select(r => r.Postgres)):0.00} ms"),
            string.Create(CultureInfo.InvariantCulture, $"{ResultsTable.Median(rounds.Select(r => r.Sqlite)):0.00} ms on SQLite"),
            ResultsTable.Ratio(ResultsTable.Median(rounds.Select(r => r.Postgres / r.Sqlite))), "1.5 × SQLite at most", "cost");

        async Task<double> EachAsync(RunningSignet signet, int count)
        {
            var before = signet.ProcessorTime;
            await SendAsync(sink, signet, Mail.SendRawEmails(signet.Url, 1), count, HttpLoad.Connections, cancel);
            return (signet.ProcessorTime - before).TotalMilliseconds / count;
        }
    }

    private async Task<IReadOnlyList<ResultRow>> MeasureProcessorAsync(SmtpSink sink, CancellationToken cancel)
    {
        await using var signet = await StartAsync(sink, cancel);
        var requests = Mail.SendRawEmails(signet.Url, 1, 100_000, 50);
        await SendAsync(sink, signet, requests, WarmUp, 8, cancel);
        List<(double Milliseconds, double Rate, double Signatures)> rounds = [];
        for (var round = 0; round < Rounds; round++)
        {
            var (before, begun) = (signet.ProcessorTime, Stopwatch.GetTimestamp());
            await SendAsync(sink, signet, requests, Messages, 8, cancel);
            var rate = Messages / Stopwatch.GetElapsedTime(begun).TotalSeconds / Environment.ProcessorCount;
            rounds.Add(((signet.ProcessorTime - before).TotalMilliseconds / Messages, rate, SignaturesPerSecond()));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{rounds[^1].Milliseconds:0.00} ms, {rounds[^1].Rate:0} a second and core; a core signs {rounds[^1].Signatures:#,0} a second"));
        }

        return
        [
            new ResultRow(
                Processor,
                string.Create(CultureInfo.InvariantCulture, $"{ResultsTable.Median(rounds.Select(r => r.Milliseconds)):0.00} ms"),
                $"{ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Signatures)))} signed by a core",
                ResultRow.None, ProcessorWanted, "cost"),
            new ResultRow(
                Throughput, ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Rate))), ResultRow.None, ResultRow.None, "400/s", "cost"),
        ];
    }

    private async Task<ResultRow> MeasureMemoryAsync(SmtpSink sink, string figure, int connections, CancellationToken cancel)
    {
        await using var signet = await StartAsync(sink, cancel);

        // Until the code is compiled and the parts that every mail uses are there.
        await SendAsync(sink, signet, Mail.SendRawEmails(signet.Url, 1, 4_096, 8), 200, 8, cancel);
        var before = signet.ResidentMegabytes;
        await SendAsync(sink, signet, Mail.SendRawEmails(signet.Url, 1, 10_000_000, 2), LargeMessages, connections, cancel);
        var added = (signet.PeakMegabytes - before) / connections;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{added:0} MB for each of {connections}"));
        return new ResultRow(figure, string.Create(CultureInfo.InvariantCulture, $"{added:0} MB"), ResultRow.None, ResultRow.None, ResultRow.None, "cost");
    }

    private async Task<RunningSignet> StartAsync(SmtpSink sink, CancellationToken cancel, params string[] more)
    {
        var signet = await program.StartAsync(work.NewFolder("cost"), cancel, ["--route", $"smtp://127.0.0.1:{sink.Port}", .. more]);
        await Mail.AuthoriseAsync(signet.Url, cancel);
        await Mail.SignAsync(signet.Url, cancel);
        return signet;
    }

    private static async Task SendAsync(
        SmtpSink sink, RunningSignet signet, IReadOnlyList<byte[]> requests, int count, int connections, CancellationToken cancel)
    {
        var goal = sink.Messages + count;
        await HttpLoad.SendAsync(signet.Url, requests, count, cancel, connections);
        await sink.ReachAsync(goal, cancel);
    }

    private static double SignaturesPerSecond()
    {
        const int count = 1_000;
        using var rsa = RSA.Create(2048);
        var hash = new byte[32];

        // By processor time as well, since others may use the machine.
        var begun = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < count; i++)
        {
            rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        return count / (Environment.CpuUsage.TotalTime - begun).TotalSeconds;
    }
}
