using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>A campaign that should not have been sent, stopped by commands while the server delivers it.</summary>
public sealed class CampaignTests
{
    private const int Mails = 300;

    [Fact]
    public async Task A_campaign_is_held_and_dropped_while_it_is_being_delivered()
    {
        var gate = new TaskCompletionSource();
        await using var sink = SmtpSink.Start();
        sink.Gate = gate.Task;
        await using var signet = await RunningSignet.StartAsync(
            null, "dev", "--http", "127.0.0.1:0", "--smtp", "none", "--route", $"smtp://127.0.0.1:{sink.Port}");
        using var ses = new SesCaller(signet.Url, "111122223333", "test");
        await ses.CallAsync("VerifyDomainIdentity", ("Domain", "shop.test"));
        for (var i = 0; i < Mails; i++)
        {
            await ses.SendAsync("news@shop.test", $"c{i}@{(i % 2 == 0 ? "one" : "two")}.test", $"mail {i}");
        }

        // As many as there are connections are on their way; the others wait in the server's memory.
        await Eventually.TrueAsync(() => sink.Waiting == 20);
        var held = await Command.RunAsync("queue", "hold", "--domain", "one.test", "--data", signet.Data);
        var dropped = await Command.RunAsync("queue", "drop", "--all", "--yes", "--data", signet.Data);

        Assert.Equal(
            Mails, held.GetProperty("pending").GetInt32() + dropped.GetProperty("changed").GetInt32()
                + dropped.GetProperty("pending").GetInt32() - held.GetProperty("pending").GetInt32());
        Assert.Equal(Mails / 2, held.GetProperty("changed").GetInt32() + held.GetProperty("pending").GetInt32());
        Assert.Equal(20, dropped.GetProperty("pending").GetInt32());
        Assert.Equal(0, dropped.GetProperty("leftAlone").GetInt32());

        gate.SetResult();
        await Eventually.TrueAsync(async () => (await Command.RunAsync("queue", "show", "--data", signet.Data)).GetArrayLength() == 0);
        Assert.Equal(20, sink.Receipts.Count);
        Assert.Equal(0, await signet.StopAsync());
        Assert.Equal(20, sink.Receipts.Count);
    }
}
