using Microsoft.Data.Sqlite;
using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>Rows that make no sense to the program, as another version or a hand leaves them.</summary>
public sealed class PoisonedRowTests
{
    [Fact]
    public async Task A_server_runs_on_with_rows_that_it_cannot_read_and_delivers_the_others()
    {
        var gate = new TaskCompletionSource();
        var data = Directory.CreateTempSubdirectory("signet-test-").FullName;
        await using var sink = SmtpSink.Start();
        sink.Gate = gate.Task;
        string[] arguments = ["dev", "--http", "127.0.0.1:0", "--smtp", "none", "--route", $"smtp://127.0.0.1:{sink.Port}"];
        List<string> sent = [];
        await using (var first = await RunningSignet.StartAsync(data, arguments))
        {
            using var ses = new SesCaller(first.Url, "111122223333", "test");
            await ses.CallAsync("VerifyDomainIdentity", ("Domain", "shop.test"));
            for (var i = 0; i < 5; i++)
            {
                sent.Add(await ses.SendAsync("news@shop.test", $"c{i}@client.test", $"mail {i}"));
            }

            await Eventually.TrueAsync(() => sink.Waiting == 5);
            await first.KillAsync();
        }

        await using (var store = new SqliteConnection($"Data Source={Path.Combine(data, "signet.db")};Pooling=false"))
        {
            await store.OpenAsync(TestContext.Current.CancellationToken);
            await using var change = store.CreateCommand();
            change.CommandText =
                $$"""
                UPDATE message SET decision = '{"of another version": 1}', tags = 'none' WHERE id = '{{sent[0]}}';
                UPDATE message SET account = 'nobody' WHERE id = '{{sent[1]}}';
                UPDATE open_delivery SET recipient = 'nobody' WHERE message_id = '{{sent[2]}}';
                UPDATE open_delivery SET message_id = 'x' WHERE message_id = '{{sent[3]}}';
                UPDATE event SET type = 'Of another version', recipients = 'none';
                UPDATE traffic_progress SET event = 0;
                """;
            await change.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        sink.Life++;
        gate.SetResult();
        await using var second = await RunningSignet.StartAsync(data, arguments);
        using var other = new SesCaller(second.Url, "111122223333", "test");
        await other.SendAsync("news@shop.test", "c5@client.test", "mail 5");

        await Eventually.TrueAsync(() => sink.Receipts.Count(r => r.Life == 1) >= 3);
        Assert.Equal(["mail 0", "mail 4", "mail 5"], sink.Receipts.Where(r => r.Life == 1).Select(r => r.Subject).Order(StringComparer.Ordinal));
        await Eventually.TrueAsync(() => second.Output.Contains("events or attempts cannot be read", StringComparison.Ordinal));
        Assert.Equal(3, second.Output.Split('\n').Count(l => l.Contains("cannot be read: another version wrote it", StringComparison.Ordinal)));
        var history = await Command.RunAsync("message", "show", sent[0], "--data", data);
        Assert.Equal("the stored reason cannot be read", history.GetProperty("decision").GetProperty("reason").GetString());
        Assert.Equal(0, await second.StopAsync());
        Directory.Delete(data, recursive: true);
    }
}
