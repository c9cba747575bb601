using System.Text.Json;
using System.Text.RegularExpressions;
using Signet.Server.Tests.Clients;
using Signet.Tests.Fakes;
using Signet.Tests.Storage;
using Signet.Viewing;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>
/// Production from the first command on: an account and a key by command, a domain verified by the DNS, an address by the link in
/// its confirmation mail, the sandbox and its limits; on both stores.
/// </summary>
public sealed partial class ServeTests(PostgresServer postgres)
{
    private const string Account = "111122223333";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_account_verifies_its_identities_and_sends_within_its_limits(bool onPostgres)
    {
        var data = Directory.CreateTempSubdirectory("signet-test-").FullName;
        var schema = onPostgres ? await postgres.NewSchemaAsync(Cancel) : null;
        string[] store = schema is null ? ["--data", data] : ["--data", data, "--database", schema];
        await Command.RunAsync(["account", "create", Account, .. store]);
        var key = await Command.RunAsync(["key", "create", "--account", Account, .. store]);
        var records = (await Command.RunAsync(
            ["identity", "verify", "shop.test", "--account", Account, "--hostname", "signet.test", .. store])).GetProperty("records");
        await using var dns = TinyDnsServer.Start(ZoneOf(records));
        await using var client = new ScriptedSmtpServer("EHLO: 250 mx.client.test", TimeProvider.System);

        await using var signet = await RunningSignet.StartAsync(
            data,
            [
                "serve", "--http", "127.0.0.1:0", "--inspection", "127.0.0.1:0", "--smtp", "none",
                "--route", $"client.test=smtp://{client.EndPoint}", "--route", "capture", "--hostname", "signet.test", "--dns", $"{dns.EndPoint}",
                .. store.Skip(2),
            ]);
        using var ses = new SesCaller(
            signet.Url, key.GetProperty("accessKeyId").GetString()!, key.GetProperty("secretAccessKey").GetString()!);

        await VerifiedAsync("shop.test", store);
        Assert.Equal(
            "MessageRejected: Email address is not verified. The following identities failed the check in region US-EAST-1: friend@client.test",
            await ses.SendAsync("news@shop.test", "friend@client.test"));

        await ses.CallAsync("VerifyEmailIdentity", ("EmailAddress", "friend@client.test"));
        var (status, throttled) = await ses.CallAsync("VerifyEmailIdentity", ("EmailAddress", "friend@client.test"));
        Assert.Equal(400, status);
        Assert.Contains("Rate exceeded", throttled, StringComparison.Ordinal);

        var link = await ConfirmationLinkAsync(client);
        Assert.StartsWith(signet.Url, link, StringComparison.Ordinal);
        Assert.Contains("confirmed", await GetAsync(link), StringComparison.OrdinalIgnoreCase);
        await VerifiedAsync("friend@client.test", store);

        Assert.Matches("^0100[0-9a-f]{12}-", await ses.SendAsync("news@shop.test", "friend@client.test"));
        Assert.Equal("Throttling: Maximum sending rate exceeded.", await ses.SendAsync("news@shop.test", "friend@client.test"));
        Assert.Contains("403", await StatusAsync($"{signet.Url}/_signet/messages"), StringComparison.Ordinal);
        Assert.Equal(0, await signet.StopAsync());
        Directory.Delete(data, recursive: true);
        if (schema is not null)
        {
            await PostgresServer.DropSchemaAsync(schema);
        }
    }

    /// <summary>What the owner and the operator are told to publish, published.</summary>
    private static string ZoneOf(JsonElement records) => string.Join('\n', records.EnumerateArray().Select(r =>
    {
        var (name, type, value) = (r.GetProperty("name").GetString(), r.GetProperty("type").GetString(), r.GetProperty("value").GetString()!);
        return type == "TXT" ? $"{name} TXT {string.Join(' ', value.Chunk(200).Select(c => $"\"{new string(c)}\""))}" : $"{name} {type} {value}";
    }));

    private static async Task VerifiedAsync(string identity, string[] store)
    {
        string[] show = ["identity", "show", identity, "--account", Account, .. store];
        await Eventually.TrueAsync(async () => (await Command.RunAsync(show)).GetProperty("status").GetString() == "Success");
    }

    /// <summary>The link as the owner of the address gets it; nobody else does.</summary>
    private static async Task<string> ConfirmationLinkAsync(ScriptedSmtpServer client)
    {
        await client.Answered.InTimeAsync();
        Assert.True(client.Contents.TryDequeue(out var content));
        return Link().Match(MessageView.Read(content).Text!).Value;
    }

    private static async Task<string> GetAsync(string url)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(url), Cancel);
    }

    private static async Task<string> StatusAsync(string url)
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(url), Cancel);
        return $"{(int)response.StatusCode}";
    }

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Link();
}
