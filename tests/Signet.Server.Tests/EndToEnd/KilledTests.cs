using System.Text.Json;
using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

public sealed class KilledTests
{
    [Fact]
    public async Task What_was_accepted_is_there_after_kill_9()
    {
        var data = Directory.CreateTempSubdirectory("signet-test-").FullName;
        List<string> accepted = [];
        await using (var first = await RunningSignet.StartAsync(data, "dev", "--http", "127.0.0.1:0", "--smtp", "none"))
        {
            using var ses = new SesCaller(first.Url, "111122223333", "test");
            await ses.CallAsync("VerifyDomainIdentity", ("Domain", "shop.test"));
            for (var i = 0; i < 20; i++)
            {
                accepted.Add(await ses.SendAsync("news@shop.test", $"c{i}@client.test"));
            }

            await first.KillAsync();
        }

        await using var second = await RunningSignet.StartAsync(data, "dev", "--http", "127.0.0.1:0", "--smtp", "none");
        using var http = new HttpClient();
        using var found = JsonDocument.Parse(await http.GetStringAsync(
            new Uri($"{second.Url}/_signet/messages?limit=100"), TestContext.Current.CancellationToken));

        Assert.Equal(
            accepted.Order(StringComparer.Ordinal),
            found.RootElement.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
        Directory.Delete(data, recursive: true);
    }
}
