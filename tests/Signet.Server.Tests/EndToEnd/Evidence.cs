using System.Collections.Concurrent;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>What the program answered a MessageId for, by subject, held against what an independent sink received.</summary>
internal sealed class Evidence(SmtpSink sink)
{
    public ConcurrentDictionary<string, byte> Accepted { get; } = new(StringComparer.Ordinal);

    /// <summary>Ends when nothing that was accepted is missing.</summary>
    public Task AllArrivedAsync() => Eventually.TrueAsync(
        () =>
        {
            var received = sink.Receipts.Select(r => r.Subject).ToHashSet(StringComparer.Ordinal);
            return Accepted.Keys.All(received.Contains);
        },
        what: "that all have arrived");

    /// <summary>Says what was seen. Each receipt of one message must be from another life: a kill lay between them.</summary>
    public void Report(ITestOutputHelper output)
    {
        var twice = sink.Receipts.GroupBy(r => (r.Subject, r.Recipient)).Where(g => g.Count() > 1).ToList();
        output.WriteLine($"{Accepted.Count} accepted, {sink.Receipts.Count} received, {twice.Count} more than once");
        Assert.NotEmpty(Accepted);
        Assert.All(twice, g => Assert.Equal(g.Count(), g.Select(r => r.Life).Distinct().Count()));
    }
}
