using System.Diagnostics;
using System.Globalization;
using Signet.Bench.Load;

namespace Signet.Bench.Scenarios;

/// <summary>
/// Mail for 100 domains to servers that take 200 ms for each message. What the limits allow is the number of connections that were
/// open at once, five messages a second each.
/// </summary>
internal sealed class SlowSinkScenario(PublishedSignet program, WorkDirectory work)
{
    private const string Figure = "Delivery to a sink that takes 200 ms per message, 100 domains";
    private const string Wanted = "0.8 of what the connections allow";
    private const int Domains = 100;
    private const int Messages = 6_000;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(8);

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancel)
    {
        await using var sink = new SlowSink(Delay);
        try
        {
            // A route each, so that no rule for one domain is in the way of the others.
            var routes = Enumerable.Range(0, Domains).SelectMany(d => (string[])["--route", $"d{d}.test=smtp://127.0.0.1:{sink.Port}"]);
            await using var signet = await program.StartAsync(work.NewFolder("slow"), cancel, [.. routes]);
            await Mail.AuthoriseAsync(signet.Url, cancel);
            await HttpLoad.SendAsync(signet.Url, Mail.SendRawEmails(signet.Url, Domains), Messages, cancel);
            var (before, begun) = (sink.Messages, Stopwatch.GetTimestamp());
            while (sink.Messages < Messages && Stopwatch.GetElapsedTime(begun) < Span)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancel);
            }

            var rate = (sink.Messages - before) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var allowed = sink.MostOpen / Delay.TotalSeconds;
            return
            [
                new ResultRow(
                    Figure, ResultsTable.PerSecond(rate),
                    $"{ResultsTable.PerSecond(allowed)} allowed by {sink.MostOpen.ToString(CultureInfo.InvariantCulture)} connections",
                    ResultsTable.Ratio(rate / allowed), Wanted, "slow"),
            ];
        }
        catch (PeerMissingException e)
        {
            return [ResultRow.LeftOut(Figure, "Signet does not deliver over SMTP yet: " + e.Message[..Math.Min(60, e.Message.Length)] + "…`", Wanted, "slow")];
        }
    }
}
