using System.Net;
using System.Runtime.Versioning;
using Signet.Server.Tests.Clients;
using Signet.Tests.Storage;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>The store goes away under load and comes back, while Signet runs on.</summary>
public sealed class StoreAwayTests(ITestOutputHelper output)
{
    private const int Restarts = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task PostgreSQL_restarts_and_nothing_accepted_is_lost_or_repeated(string mode)
    {
        await using var postgres = await PostgresInstance.StartNewAsync(Cancel);
        await using var sink = SmtpSink.Start();
        var evidence = new Evidence(sink);
        await using var signet = await RunningSignet.StartAsync(
            null,
            "dev", "--http", "127.0.0.1:0", "--smtp", "none", "--route", $"smtp://127.0.0.1:{sink.Port}",
            "--database", postgres.ConnectionString);
        using var load = Load.Start(signet.Url, evidence.Accepted, 0);
        await Eventually.TrueAsync(() => load.Answered > 100);

        for (var restart = 0; restart < Restarts; restart++)
        {
            var refused = load.Refusals.Values.Sum();
            await postgres.StopAsync(mode, Cancel);
            await Eventually.TrueAsync(() => load.Refusals.Values.Sum() > refused + 20);
            await UntilReadyIsAsync(HttpStatusCode.ServiceUnavailable, signet);
            await postgres.StartAsync(Cancel);
            var before = load.Answered;
            await Eventually.TrueAsync(() => load.Answered > before + 100);
            await UntilReadyIsAsync(HttpStatusCode.OK, signet);
        }

        load.Dispose();
        await evidence.AllArrivedAsync();
        output.WriteLine(string.Join(", ", load.Refusals.Select(r => $"{r.Key}: {r.Value}")));
        evidence.Report(output);
        Assert.DoesNotContain(sink.Receipts.GroupBy(r => r.Subject), g => g.Count() > 1);
        Assert.Equal(["503 ServiceUnavailable"], load.Refusals.Keys);
        Assert.Equal(0, await signet.StopAsync());
    }

    [Fact]
    public async Task The_disk_fills_up_and_nothing_accepted_is_lost_or_repeated()
    {
        await SmallDisk.RequireAsync();
        await using var sink = SmtpSink.Start();
        var evidence = new Evidence(sink);
        var data = Directory.CreateTempSubdirectory("signet-test-").FullName;
        var disk = new SmallDisk(data, "64m");
        await using var signet = await RunningSignet.StartThroughAsync(
            disk.Command, data, "dev", "--http", "127.0.0.1:0", "--smtp", "none", "--route", $"smtp://127.0.0.1:{sink.Port}");
        using (var load = Load.Start(signet.Url, evidence.Accepted, 0))
        {
            await Eventually.TrueAsync(() => load.Answered > 100);
            await disk.FillAsync(signet);
            await Eventually.TrueAsync(() => load.Refusals.Values.Sum() > 100);
            Assert.Equal(["503 ServiceUnavailable"], load.Refusals.Keys);
        }

        // Something as small as a check may find room at first, where a larger group did not.
        await UntilReadyIsAsync(HttpStatusCode.ServiceUnavailable, signet);
        disk.MakeRoom(signet);
        using (var load = Load.Start(signet.Url, evidence.Accepted, 1))
        {
            await Eventually.TrueAsync(() => load.Answered > 100);
            await UntilReadyIsAsync(HttpStatusCode.OK, signet);
        }

        await evidence.AllArrivedAsync();
        evidence.Report(output);
        Assert.DoesNotContain(sink.Receipts.GroupBy(r => r.Subject), g => g.Count() > 1);
        Assert.Equal(0, await signet.StopAsync());
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task A_file_that_another_program_holds_leaves_no_caller_without_an_answer()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "locks a file as Linux does");
        await using var signet = await RunningSignet.StartAsync(null, "dev", "--http", "127.0.0.1:0", "--smtp", "none");
        await CallAtOnceAsync(signet, 200);

        // Where SQLite's readers and writer agree on what each may do.
        await using (var file = new FileStream(
            Path.Combine(signet.Data, "signet.db-shm"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            const int firstLock = 120;
            const int locks = 8;
            file.Lock(firstLock, locks);
            await CallAtOnceAsync(signet, 503);
        }

        await CallAtOnceAsync(signet, 200);
        Assert.Equal(0, await signet.StopAsync());
    }

    [Fact]
    public async Task PostgreSQL_frozen_leaves_no_caller_without_an_answer()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "freezes processes as Linux does");
        await using var postgres = await PostgresInstance.StartNewAsync(Cancel);
        await using var signet = await RunningSignet.StartAsync(
            null, "dev", "--http", "127.0.0.1:0", "--smtp", "none", "--database", postgres.ConnectionString);
        await CallAtOnceAsync(signet, 200);

        await postgres.FreezeAsync(Cancel);
        await CallAtOnceAsync(signet, 503);
        await postgres.ThawAsync(Cancel);

        await CallAtOnceAsync(signet, 200);
        Assert.Equal(0, await signet.StopAsync());
    }

    // Ten seconds are promised, and a busy machine gets some more.
    private static async Task CallAtOnceAsync(RunningSignet signet, int expected)
    {
        using var ses = new SesCaller(signet.Url, "111122223333", "test");
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => ses.CallAsync("ListIdentities")))
            .WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        Assert.All(answers, a => Assert.Equal(expected, a.Status));
    }

    // The answer may be a second old.
    private static async Task UntilReadyIsAsync(HttpStatusCode expected, RunningSignet signet)
    {
        using var http = new HttpClient();
        await Eventually.TrueAsync(async () =>
        {
            using var response = await http.GetAsync(new Uri($"{signet.Url}/health/ready"), Cancel);
            return response.StatusCode == expected;
        });
    }
}
