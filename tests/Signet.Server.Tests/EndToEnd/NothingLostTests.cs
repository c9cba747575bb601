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
        var evidence = new Evidence(sink);
        var random = TestRandom.New();

        for (var life = 1; life <= Kills; life++)
        {
            await using var signet = await StartAsync(data, sink);
            using var load = Load.Start(signet.Url, evidence.Accepted, life);
            await Eventually.TrueAsync(() => load.Answered > 0);
            await Task.Delay(random.Next(150), Cancel);
            await signet.KillAsync();
            sink.Life++;
        }

        await using var last = await StartAsync(data, sink);
        await evidence.AllArrivedAsync();
        evidence.Report(output);
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Of_two_nodes_on_PostgreSQL_one_takes_over_what_the_killed_one_had()
    {
        var schema = await postgres.NewSchemaAsync(Cancel);
        var (first, second) = (Directory.CreateTempSubdirectory("signet-test-").FullName, Directory.CreateTempSubdirectory("signet-test-").FullName);
        await using var sink = SmtpSink.Start();
        var evidence = new Evidence(sink);
        await using var survivor = await StartAsync(first, sink, "--database", schema);
        File.Copy(Path.Combine(first, "secret.key"), Path.Combine(second, "secret.key"));
        using var steady = Load.Start(survivor.Url, evidence.Accepted, 0);

        for (var life = 1; life <= Math.Max(1, Kills / 10); life++)
        {
            await using var victim = await StartAsync(second, sink, "--database", schema);
            using var load = Load.Start(victim.Url, evidence.Accepted, life);
            await Eventually.TrueAsync(() => load.Answered > 20);
            await victim.KillAsync();
            sink.Life++;
        }

        steady.Dispose();
        await evidence.AllArrivedAsync();
        evidence.Report(output);
        Directory.Delete(first, recursive: true);
        Directory.Delete(second, recursive: true);
        await PostgresServer.DropSchemaAsync(schema);
    }

    private static Task<RunningSignet> StartAsync(string data, SmtpSink sink, params string[] more) => RunningSignet.StartAsync(
        data, ["dev", "--http", "127.0.0.1:0", "--smtp", "none", "--route", $"smtp://127.0.0.1:{sink.Port}", .. more]);
}
