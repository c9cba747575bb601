using Signet.Bench.Load;
using Signet.Bench.Peers;

namespace Signet.Bench.Scenarios;

/// <summary>
/// How many SendEmail a second are accepted on 64 connections. Signet checks the signature, evaluates the owner's policy for a
/// delegate, and answers when the message is on the disk; the peer looks at none of it and keeps mail in memory.
/// </summary>
internal sealed class AcceptScenario(PublishedSignet program, WorkDirectory work)
{
    private const string Figure = "SendEmail accepted: signature, delegate's policy, durable; 64 connections";
    private const int Rounds = 3;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        await using var signet = await program.StartAsync(work.NewFolder("accept"), cancel);
        await Mail.AuthoriseAsync(signet.Url, cancel);
        var mine = Mail.SendEmails(signet.Url);
        await HttpLoad.RunForAsync(signet.Url, mine, WarmUp, cancel);
        SesLocal peer;
        try
        {
            peer = await SesLocal.StartAsync(work, cancel);
        }
        catch (PeerMissingException e)
        {
            Console.WriteLine(e.Message);
            var alone = await HttpLoad.RunForAsync(signet.Url, mine, Round, cancel);
            return [new ResultRow(Figure, ResultsTable.PerSecond(alone), e.Message, ResultRow.None, "2 × aws-ses-v2-local", "accept")];
        }

        await using (peer)
        {
            var theirs = Mail.SendEmails(peer.Url);
            await HttpLoad.RunForAsync(peer.Url, theirs, WarmUp, cancel);
            List<(double Signet, double Peer)> rounds = [];
            for (var round = 0; round < Rounds; round++)
            {
                var before = signet.ProcessorTime;
                var rate = await HttpLoad.RunForAsync(signet.Url, mine, Round, cancel);
                var each = (signet.ProcessorTime - before).TotalMicroseconds / (rate * Round.TotalSeconds);
                rounds.Add((rate, await HttpLoad.RunForAsync(peer.Url, theirs, Round, cancel)));
                Console.WriteLine(
                    $"signet {ResultsTable.PerSecond(rounds[^1].Signet)} with {each:0} µs of processor time each, "
                    + $"aws-ses-v2-local {ResultsTable.PerSecond(rounds[^1].Peer)}");
            }

            return
            [
                new ResultRow(
                    Figure,
                    ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Signet))),
                    $"{ResultsTable.PerSecond(ResultsTable.Median(rounds.Select(r => r.Peer)))} aws-ses-v2-local",
                    ResultsTable.Ratio(ResultsTable.Median(rounds.Select(r => r.Signet / r.Peer))),
                    "2 × aws-ses-v2-local",
                    "accept"),
            ];
        }
    }
}
