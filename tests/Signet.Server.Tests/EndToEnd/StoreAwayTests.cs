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
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(signet));
            await postgres.StartAsync(Cancel);
            var before = load.Answered;
            await Evidence.WaitAsync(() => load.Answered > before + 100);
            Assert.Equal(HttpStatusCode.OK, await ReadyAsync(signet));
        }

        load.Dispose();
        await evidence.AllArrivedAsync();
        output.WriteLine(string.Join(", ", load.Refusals.Select(r => $"{r.Key}: {r.Value}")));
        evidence.Report(output);
        Assert.Equal(["503 ServiceUnavailable"], load.Refusals.Keys);
        Assert.Equal(0, await signet.StopAsync());
    }

    private static async Task<HttpStatusCode> ReadyAsync(RunningSignet signet)
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri($"{signet.Url}/health/ready"), Cancel);
        return response.StatusCode;
    }
}
