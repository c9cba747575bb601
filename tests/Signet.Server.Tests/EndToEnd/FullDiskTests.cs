using System.Net;
using System.Text.Json;
using Signet.Server.Tests.Clients;

namespace Signet.Server.Tests.EndToEnd;

public sealed class FullDiskTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_refuses_with_an_error_to_try_again_and_is_over_when_there_is_room()
    {
        var disk = Directory.CreateTempSubdirectory("signet-test-").FullName;
        await Counterpart.RequireAsync("a file system of our own", "mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk);
        try
        {
            var filler = Path.Combine(disk, "filler");
            await using var signet = await RunningSignet.StartAsync(
                Path.Combine(disk, "data"), "dev", "--http", "127.0.0.1:0", "--smtp", "none");
            using var ses = new SesCaller(signet.Url, "111122223333", "test");
            await ses.CallAsync("VerifyDomainIdentity", ("Domain", "shop.test"));
            List<string> accepted = [await SendAsync(ses)];

            Fill(filler);
            var refusal = "";
            for (var i = 0; i < 100 && refusal.Length == 0; i++)
            {
                var answer = await SendAsync(ses);
                if (answer.StartsWith("01", StringComparison.Ordinal))
                {
                    accepted.Add(answer);
                }
                else
                {
                    refusal = answer;
                }
            }

            var (status, _) = await ses.CallAsync("VerifyDomainIdentity", ("Domain", "other.test"));
            var stored = await StoredAsync(signet.Url);
            File.Delete(filler);
            accepted.Add(await SendAsync(ses));

            Assert.StartsWith("ServiceUnavailable: ", refusal, StringComparison.Ordinal);
            Assert.Equal((int)HttpStatusCode.ServiceUnavailable, status);
            Assert.Equal(accepted[..^1].Order(StringComparer.Ordinal), stored);
            Assert.StartsWith("01", accepted[^1], StringComparison.Ordinal);
            Assert.Equal(accepted.Order(StringComparer.Ordinal), await StoredAsync(signet.Url));
            Assert.Equal(0, await signet.StopAsync());
        }
        finally
        {
            await Counterpart.RunAsync("umount", [disk], new Dictionary<string, string>(), CancellationToken.None);
            Directory.Delete(disk, recursive: true);
        }
    }

    private static Task<string> SendAsync(SesCaller ses) => ses.SendAsync("news@shop.test", "c@client.test");

    private static void Fill(string file)
    {
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                stream.Write(block);
            }
        }
        catch (IOException)
        {
            // That is what was wanted.
        }
    }

    private static async Task<IEnumerable<string>> StoredAsync(string url)
    {
        using var http = new HttpClient();
        using var found = JsonDocument.Parse(await http.GetStringAsync(new Uri($"{url}/_signet/messages?limit=200"), Cancel));
        return [.. found.RootElement.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];
    }
}
