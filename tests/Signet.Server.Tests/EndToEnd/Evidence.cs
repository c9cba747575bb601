using System.Collections.Concurrent;
using System.Diagnostics;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>What the program answered a MessageId for, by subject, held against what an independent sink received.</summary>
internal sealed class Evidence(SmtpSink sink)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public ConcurrentDictionary<string, byte> Accepted { get; } = new(StringComparer.Ordinal);

    /// <summary>Ends when nothing that was accepted is missing.</summary>
    public Task AllArrivedAsync() => WaitAsync(() =>
    {
        var received = sink.Receipts.Select(r => r.Subject).ToHashSet(StringComparer.Ordinal);
        return Accepted.Keys.All(received.Contains);
    });

    /// <summary>Says what was seen. Each receipt of one message must be from another life: a kill lay between them.</summary>
    public void Report(ITestOutputHelper output)
    {
        var twice = sink.Receipts.GroupBy(r => (r.Subject, r.Recipient)).Where(g => g.Count() > 1).ToList();
        output.WriteLine($"{Accepted.Count} accepted, {sink.Receipts.Count} received, {twice.Count} more than once");
        Assert.NotEmpty(Accepted);
        Assert.All(twice, g => Assert.Equal(g.Count(), g.Select(r => r.Life).Distinct().Count()));
    }

    /// <summary>Waits for something that a process of its own does; a bound that only a hang breaks.</summary>
    public static Task WaitAsync(Func<bool> condition) => WaitAsync(() => Task.FromResult(condition()));

    /// <inheritdoc cref="WaitAsync(Func{bool})"/>
    public static async Task WaitAsync(Func<Task<bool>> condition)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begin) < Patience, "it took too long");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
