using Signet.Server.Hosting;
using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>SIGTERM while mail is on its way.</summary>
public sealed class StoppedTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("signet-test-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task What_is_under_way_is_finished_and_does_not_go_out_again()
    {
        await using var sink = SmtpSink.Start();
        var gate = new TaskCompletionSource();
        sink.Gate = gate.Task;
        await using (var signet = await StartAsync(sink))
        {
            await SendAsync(signet, "first", "second", "third");
            await Eventually.TrueAsync(() => sink.Waiting == 3);

            var stopped = signet.StopAsync();
            Assert.False(stopped.IsCompleted);
            gate.SetResult();

            Assert.Equal(0, await stopped);
        }

        await using var next = await StartAsync(sink);
        await SendAsync(next, "last");
        await Eventually.TrueAsync(() => sink.Receipts.Any(r => r.Subject == "last"));
        Assert.Equal(["first", "last", "second", "third"], sink.Receipts.Select(r => r.Subject).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_server_that_never_answers_holds_it_up_for_so_long_only_and_the_message_waits_for_the_next_start()
    {
        await using var silent = SmtpSink.Start();
        silent.Gate = new TaskCompletionSource().Task;
        await using (var signet = await StartAsync(silent))
        {
            await SendAsync(signet, "patient");
            await Eventually.TrueAsync(() => silent.Waiting == 1);

            Assert.Equal(0, await signet.StopAsync().WaitAsync(ServerHost.Patience * 3, Cancel));
        }

        await using var sink = SmtpSink.Start();
        await using var next = await StartAsync(sink);
        await Eventually.TrueAsync(() => !sink.Receipts.IsEmpty);
        Assert.Equal("patient", Assert.Single(sink.Receipts).Subject);
    }

    private Task<RunningSignet> StartAsync(SmtpSink sink) => RunningSignet.StartAsync(
        _data, "dev", "--http", "127.0.0.1:0", "--smtp", "none", "--route", $"smtp://127.0.0.1:{sink.Port}");

    private static async Task SendAsync(RunningSignet signet, params string[] subjects)
    {
        using var ses = new SesCaller(signet.Url, "111122223333", "test");
        await ses.CallAsync("VerifyDomainIdentity", ("Domain", "shop.test"));
        foreach (var subject in subjects)
        {
            Assert.StartsWith("01", await ses.SendAsync("news@shop.test", "c@client.test", subject), StringComparison.Ordinal);
        }
    }
}
