using System.Net;
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
        await Evidence.WaitAsync(() => load.Answered > 100);

        for (var restart = 0; restart < Restarts; restart++)
        {
            var refused = load.Refusals.Values.Sum();
            await postgres.StopAsync(mode, Cancel);
            await Evidence.WaitAsync(() => load.Refusals.Values.Sum() > refused + 20);
            await UntilReadyIsAsync(HttpStatusCode.ServiceUnavailable, signet);
            await postgres.StartAsync(Cancel);
            var before = load.Answered;
            await Evidence.WaitAsync(() => load.Answered > before + 100);
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
            await Evidence.WaitAsync(() => load.Answered > 100);
            await disk.FillAsync(signet);
            await Evidence.WaitAsync(() => load.Refusals.Values.Sum() > 100);
            Assert.Equal(["503 ServiceUnavailable"], load.Refusals.Keys);
        }

        // Something as small as a check may find room at first, where a larger group did not.
        await UntilReadyIsAsync(HttpStatusCode.ServiceUnavailable, signet);
        disk.MakeRoom(signet);
        using (var load = Load.Start(signet.Url, evidence.Accepted, 1))
        {
            await Evidence.WaitAsync(() => load.Answered > 100);
            await UntilReadyIsAsync(HttpStatusCode.OK, signet);
        }

        await evidence.AllArrivedAsync();
        evidence.Report(output);
        Assert.DoesNotContain(sink.Receipts.GroupBy(r => r.Subject), g => g.Count() > 1);
        Assert.Equal(0, await signet.StopAsync());
        Directory.Delete(data, recursive: true);
    }

    // The answer may be a second old.
    private static async Task UntilReadyIsAsync(HttpStatusCode expected, RunningSignet signet)
    {
        using var http = new HttpClient();
        await Evidence.WaitAsync(async () =>
        {
            using var response = await http.GetAsync(new Uri($"{signet.Url}/health/ready"), Cancel);
            return response.StatusCode == expected;
        });
    }
}
