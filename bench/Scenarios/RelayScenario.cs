using System.Diagnostics;
using Signet.Bench.Load;
using Signet.Bench.Peers;

namespace Signet.Bench.Scenarios;

/// <summary>
/// Messages of 4 KB from a client through the relay into <c>smtp-sink</c>, from the first byte sent to the last message counted by
/// the sink: Signet by SendRawEmail on 64 connections, Postfix by <c>smtp-source</c> on twenty sessions. Also what a Signet delivers in the first
/// twenty seconds after its start, beside what Postfix does when it has run for a while.
/// </summary>
internal sealed class RelayScenario(PublishedSignet program, WorkDirectory work)
{
    private const string Plain = "4 KB messages from SendRawEmail to `smtp-sink`, no DKIM";
    private const string Signed = "The same with DKIM, RSA 2048";
    private const int Rounds = 5;
    private const int ColdRounds = 2;
    private const int WarmUpMessages = 15_000;
    private const int SignetMessages = 10_000;
    private const int PostfixMessages = 2_000;
    private static readonly TimeSpan ColdTime = TimeSpan.FromSeconds(20);

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        try
        {
            await using var sink = SmtpSink.Start();
            var route = $"smtp://127.0.0.1:{sink.Port}";
            await using var plain = await program.StartAsync(work.NewFolder("relay"), cancel, "--route", route);
            await using var signed = await program.StartAsync(work.NewFolder("relay"), cancel, "--route", route);
            await using var postfix = await Postfix.StartAsync(work, sink.Port, cancel);
            await Mail.AuthoriseAsync(plain.Url, cancel);
            await Mail.AuthoriseAsync(signed.Url, cancel);
            await Mail.SignAsync(signed.Url, cancel);
            var warm = await MeasureAsync(sink, plain.Url, signed.Url, postfix, cancel);
            return [.. warm, await MeasureColdAsync(sink, postfix, isSigned: false, cancel), await MeasureColdAsync(sink, postfix, isSigned: true, cancel)];
        }
        catch (PeerMissingException e)
        {
            return
            [
                ResultRow.LeftOut(Plain, e.Message, "10 × Postfix", "relay"),
                ResultRow.LeftOut(Signed, e.Message, "5 × Postfix without DKIM", "relay"),
            ];
        }
    }

    private async Task<ResultRow> MeasureColdAsync(SmtpSink sink, Postfix postfix, bool isSigned, CancellationToken cancel)
    {
        List<(double Mine, double Theirs)> rounds = [];
        for (var round = 0; round < ColdRounds; round++)
        {
            var first = sink.Messages;
            double mine;
            await using (var signet = await program.StartAsync(work.NewFolder("relay"), cancel, "--route", $"smtp://127.0.0.1:{sink.Port}"))
            {
                await Mail.AuthoriseAsync(signet.Url, cancel);
                if (isSigned)
                {
                    await Mail.SignAsync(signet.Url, cancel);
                }

                await HttpLoad.RunForAsync(signet.Url, Mail.SendRawEmails(signet.Url, 1), ColdTime, cancel);
                mine = (sink.Messages - first) / ColdTime.TotalSeconds;
            }

            var begun = Stopwatch.GetTimestamp();
            var goal = sink.Messages + PostfixMessages;
            await postfix.SendAsync(PostfixMessages, cancel);
            await sink.ReachAsync(goal, cancel);
            rounds.Add((mine, PostfixMessages / Stopwatch.GetElapsedTime(begun).TotalSeconds));
            Console.WriteLine($"after a start {ResultsTable.PerSecond(rounds[^1].Mine)}, postfix {ResultsTable.PerSecond(rounds[^1].Theirs)}");
        }

        return new ResultRow(
            $"{(isSigned ? Signed : Plain)}, in the first 20 s after a start",
            ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Mine))),
            $"{ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Theirs)))} Postfix",
            ResultsTable.Ratio(ResultsTable.Median(rounds.Select(r => r.Mine / r.Theirs))),
            isSigned ? "4 × Postfix without DKIM" : "8 × Postfix",
            "relay");
    }

    private static async Task<IReadOnlyList<ResultRow>> MeasureAsync(
        SmtpSink sink, Uri plain, Uri signed, Postfix postfix, CancellationToken cancel)
    {
        List<(double Plain, double Signed, double Postfix)> rounds = [];
        await RateAsync(WarmUpMessages, count => HttpLoad.SendAsync(plain, Mail.SendRawEmails(plain, 1), count, cancel));
        await RateAsync(WarmUpMessages, count => HttpLoad.SendAsync(signed, Mail.SendRawEmails(signed, 1), count, cancel));
        for (var round = 0; round < Rounds; round++)
        {
            rounds.Add((
                await RateAsync(SignetMessages, count => HttpLoad.SendAsync(plain, Mail.SendRawEmails(plain, 1), count, cancel)),
                await RateAsync(SignetMessages, count => HttpLoad.SendAsync(signed, Mail.SendRawEmails(signed, 1), count, cancel)),
                await RateAsync(PostfixMessages, count => postfix.SendAsync(count, cancel))));
            Console.WriteLine(
                $"signet {ResultsTable.PerSecond(rounds[^1].Plain)}, with DKIM {ResultsTable.PerSecond(rounds[^1].Signed)}, "
                + $"postfix {ResultsTable.PerSecond(rounds[^1].Postfix)}");
        }

        var peer = $"{ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Postfix)))} Postfix";
        return
        [
            Row(Plain, rounds.Select(r => (r.Plain, r.Postfix)), "10 × Postfix"),
            Row(Signed, rounds.Select(r => (r.Signed, r.Postfix)), "5 × Postfix without DKIM"),
        ];

        async Task<double> RateAsync(int count, Func<int, Task> send)
        {
            var goal = sink.Messages + count;
            var begun = Stopwatch.GetTimestamp();
            await send(count);
            await sink.ReachAsync(goal, cancel);
            return count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        }

        ResultRow Row(string figure, IEnumerable<(double Mine, double Theirs)> pairs, string wanted) => new(
            figure,
            ResultsTable.PerSecond(ResultsTable.Median(pairs.Select(p => p.Mine))),
            peer,
            ResultsTable.Ratio(ResultsTable.Median(pairs.Select(p => p.Mine / p.Theirs))),
            wanted,
            "relay");
    }
}
