using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Signet.Server.Tests.Clients;
using Signet.Tests.Storage;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>
/// The promise that accepted means stored, under load and kill -9: what the program answered a MessageId for is compared with what an
/// independent sink received. Nothing may be missing; a message may come twice only when a kill fell between the sink's final reply
/// and the record of it.
/// </summary>
public sealed class NothingLostTests(PostgresServer postgres, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>How often the program is killed: a hundred times in CI, ten elsewhere, or what <c>SIGNET_KILLS</c> says.</summary>
    private static int Kills =>
        int.TryParse(Environment.GetEnvironmentVariable("SIGNET_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills
        : Environment.GetEnvironmentVariable("CI") == "true" ? 100 : 10;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_at_random_moments_it_loses_nothing()
    {
        var data = Directory.CreateTempSubdirectory("signet-test-").FullName;
        await using var sink = SmtpSink.Start();
        var accepted = new ConcurrentDictionary<string, byte>();
        var random = new Random(Environment.TickCount);

        for (var life = 1; life <= Kills; life++)
        {
            await using var signet = await StartAsync(data, sink);
            using var load = Load.Start(signet.Url, accepted, life);
            await WaitAsync(() => load.Answered > 0);
            await Task.Delay(random.Next(150), Cancel);
            await signet.KillAsync();
            sink.Life++;
        }

        await using var last = await StartAsync(data, sink);
        await WaitAsync(() => Missing(accepted, sink).Count == 0);
        Report(accepted, sink);
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Of_two_nodes_on_PostgreSQL_one_takes_over_what_the_killed_one_had()
    {
        var schema = await postgres.NewSchemaAsync(Cancel);
        var (first, second) = (Directory.CreateTempSubdirectory("signet-test-").FullName, Directory.CreateTempSubdirectory("signet-test-").FullName);
        await using var sink = SmtpSink.Start();
        var accepted = new ConcurrentDictionary<string, byte>();
        await using var survivor = await StartAsync(first, sink, "--database", schema);
        File.Copy(Path.Combine(first, "secret.key"), Path.Combine(second, "secret.key"));
        using var steady = Load.Start(survivor.Url, accepted, 0);

        for (var life = 1; life <= Math.Max(1, Kills / 10); life++)
        {
            await using var victim = await StartAsync(second, sink, "--database", schema);
            using var load = Load.Start(victim.Url, accepted, life);
            await WaitAsync(() => load.Answered > 20);
            await victim.KillAsync();
            sink.Life++;
        }

        steady.Dispose();
        await WaitAsync(() => Missing(accepted, sink).Count == 0);
        Report(accepted, sink);
        Directory.Delete(first, recursive: true);
        Directory.Delete(second, recursive: true);
        await PostgresServer.DropSchemaAsync(schema);
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task PostgreSQL_may_be_restarted_under_load(string mode)
    {
        await using var server = await PostgresServer.StartOwnAsync(Cancel);
        var schema = await server.NewSchemaAsync(Cancel);
        await using var sink = SmtpSink.Start();
        var accepted = new ConcurrentDictionary<string, byte>();
        await using var signet = await StartAsync(null, sink, "--database", schema);
        using var load = Load.Start(signet.Url, accepted, 0);

        for (var restart = 0; restart <= 3; restart++)
        {
            var before = load.Answered;
            await WaitAsync(() => load.Answered > before + 50);
            if (restart < 3)
            {
                await server.RestartAsync(mode, Cancel);
            }
        }

        load.Dispose();
        await WaitAsync(() => Missing(accepted, sink).Count == 0);

        // Signet was not killed: no message may come twice.
        Report(accepted, sink);
        Assert.NotEmpty(load.Refusals);
        Assert.All(load.Refusals, r => Assert.StartsWith("ServiceUnavailable: ", r, StringComparison.Ordinal));
    }

    private static Task<RunningSignet> StartAsync(string? data, SmtpSink sink, params string[] more) => RunningSignet.StartAsync(
        data, ["dev", "--http", "127.0.0.1:0", "--smtp", "none", "--route", $"smtp://127.0.0.1:{sink.Port}", .. more]);

    private static List<string> Missing(ConcurrentDictionary<string, byte> accepted, SmtpSink sink)
    {
        var received = sink.Receipts.Select(r => r.Subject).ToHashSet();
        return [.. accepted.Keys.Where(s => !received.Contains(s))];
    }

    private void Report(ConcurrentDictionary<string, byte> accepted, SmtpSink sink)
    {
        var twice = sink.Receipts.GroupBy(r => (r.Subject, r.Recipient)).Where(g => g.Count() > 1).ToList();
        output.WriteLine($"{accepted.Count} accepted, {sink.Receipts.Count} received, {twice.Count} more than once");
        Assert.NotEmpty(accepted);

        // Each receipt of one message from another life: a kill lay between them.
        Assert.All(twice, g => Assert.Equal(g.Count(), g.Select(r => r.Life).Distinct().Count()));
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begin) < Patience, "it took too long");
            await Task.Delay(10, Cancel);
        }
    }
}
