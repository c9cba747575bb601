using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Signet.Server.Tests.Clients;
using Signet.Tests.Fakes;
using Signet.Viewing;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>
/// An account that has somebody else's address verified without its owner: it asks for the confirmation mail and looks for the link in
/// everything that the server shows, stores and says, to it and to those who run the server.
/// </summary>
public sealed partial class ConfirmationTests
{
    private const string Account = "111122223333";
    private const string Victim = "ceo@bank.test";
    private const string Password = "correct horse battery";

    private readonly string data = Directory.CreateTempSubdirectory("signet-test-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_link_of_a_confirmation_mail_reaches_the_owner_of_the_address_and_nobody_else()
    {
        await using var mx = new ScriptedSmtpServer("EHLO: 250 mx.bank.test", TimeProvider.System);
        var key = await PrepareAsync();
        await using var signet = await RunningSignet.StartAsync(
            data,
            "serve", "--http", "127.0.0.1:0", "--inspection", "127.0.0.1:0", "--smtp", "none", "--hostname", "signet.test",
            "--route", $"bank.test=smtp://{mx.EndPoint}", "--route", "capture");
        using var ses = new SesCaller(
            signet.Url, key.GetProperty("accessKeyId").GetString()!, key.GetProperty("secretAccessKey").GetString()!);

        Assert.Equal(200, (await ses.CallAsync("VerifyEmailIdentity", ("EmailAddress", Victim))).Status);
        var token = await TokenAsync(mx);
        var id = await DeliveredAsync(signet);

        // Nobody has followed the link yet, and whoever finds it now could.
        List<(string Where, string What)> seen =
        [
            .. await SeenInConsoleAsync(signet, "reader", id), .. await SeenInConsoleAsync(signet, "operator", id),
            .. await SeenInConsoleAsync(signet, "administrator", id), .. await SeenInInspectionAsync(signet, id, token),
            .. await SeenByCommandAsync(id), .. await SeenByApiAsync(ses), ("output", signet.Output),
        ];
        Assert.DoesNotContain(seen, s => Holds(s.What, token));
        Assert.Contains(seen, s => s.Where == "history" && s.What.Contains(Victim, StringComparison.Ordinal));
        Assert.Empty(await FilesWithAsync(token));

        var link = $"{signet.Url}/_signet/confirm/{token}";
        Assert.Equal(405, await StatusAsync(HttpMethod.Head, link));
        Assert.Equal(405, await StatusAsync(HttpMethod.Post, link));
        Assert.Equal("Pending", await StatusOfVictimAsync());
        Assert.Equal(200, await StatusAsync(HttpMethod.Get, link));
        Assert.Equal("Success", await StatusOfVictimAsync());

        Assert.Equal(0, await signet.StopAsync());
        Assert.Empty(await FilesWithAsync(token));
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task In_strict_dev_the_developer_reads_the_link_of_a_confirmation_mail()
    {
        await using var signet = await RunningSignet.StartAsync(null, "dev", "--strict", "--http", "127.0.0.1:0", "--smtp", "none");
        using var ses = new SesCaller(signet.Url, "test", "test");

        Assert.Equal(200, (await ses.CallAsync("VerifyEmailIdentity", ("EmailAddress", Victim))).Status);
        var found = await JsonAsync($"{signet.Url}/_signet/messages?wait=30&to={Victim}");
        var id = found.GetProperty("messages")[0].GetProperty("id").GetString();
        var message = await JsonAsync($"{signet.Url}/_signet/messages/{id}");
        var link = Link().Match(message.GetProperty("text").GetString()!).Value;

        Assert.StartsWith($"{signet.Url}/_signet/confirm/", link, StringComparison.Ordinal);
        Assert.Contains(link, MessageView.Read(Encoding.ASCII.GetBytes(await GetAsync($"{signet.Url}/_signet/messages/{id}/raw"))).Text, StringComparison.Ordinal);
        Assert.Contains(link, await GetAsync($"{signet.Url}/_aws/ses"), StringComparison.Ordinal);
        Assert.Empty(await FilesWithAsync(link[(link.LastIndexOf('/') + 1)..], signet.Data));
        Assert.Equal(200, await StatusAsync(HttpMethod.Get, link));
        Assert.Equal(0, await signet.StopAsync());
    }

    private async Task<JsonElement> PrepareAsync()
    {
        var password = Path.Combine(data, "password");
        await File.WriteAllTextAsync(password, Password, Cancel);
        await Command.RunAsync("account", "create", Account, "--data", data);
        await OperatorAsync("reader", "--role", "read", "--account", Account);
        await OperatorAsync("operator", "--role", "operate");
        await OperatorAsync("administrator", "--role", "administer");
        File.Delete(password);
        return await Command.RunAsync("key", "create", "--account", Account, "--data", data);

        Task<JsonElement> OperatorAsync(string name, params string[] options) =>
            Command.RunAsync(["operator", "create", name, "--password-file", password, "--data", data, .. options]);
    }

    private static async Task<string> TokenAsync(ScriptedSmtpServer mx)
    {
        await mx.Answered.InTimeAsync();
        Assert.True(mx.Contents.TryDequeue(out var content));
        return Link().Match(MessageView.Read(content).Text!).Value.Split('/')[^1];
    }

    /// <summary>Waits until the store knows that the mail arrived, and the index has it; gives its MessageId.</summary>
    private static async Task<string> DeliveredAsync(RunningSignet signet)
    {
        var found = await JsonAsync($"{signet.InspectionUrl}/_signet/messages?wait=60&state=delivered&text=confirm&to={Victim}");
        return found.GetProperty("messages")[0].GetProperty("id").GetString()!;
    }

    // What the pages show comes over a connection of its own and is looked at in a browser by the tests of the console.
    private static async Task<List<(string, string)>> SeenInConsoleAsync(RunningSignet signet, string name, string id)
    {
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false })
        {
            BaseAddress = new Uri($"{signet.Url}/console/"),
        };
        var form = AntiForgery().Match(await browser.GetStringAsync(new Uri("sign-in", UriKind.Relative), Cancel)).Groups[1].Value;
        using var fields = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["name"] = name,
            ["password"] = Password,
            ["__RequestVerificationToken"] = form,
        });
        using var signedIn = await browser.PostAsync(new Uri("sign-in", UriKind.Relative), fields, Cancel);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);

        List<(string, string)> seen = [];
        foreach (var (path, status) in ((string, int)[])
            [("messages", 200), ($"messages/{id}", 200), ($"messages/{id}/html", 404), ($"messages/{id}/message.eml", 404),
                ($"messages/{id}/parts/1", 404), ($"messages/{id}/parts/2", 404), ($"messages/{id}/parts/", 404), ($"why/messages/{id}", 200)])
        {
            using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            Assert.Equal((path, status), (path, (int)answer.StatusCode));
            seen.Add(($"{path} by {name}", await answer.Content.ReadAsStringAsync(Cancel)));
        }

        return seen;
    }

    private static async Task<List<(string, string)>> SeenInInspectionAsync(RunningSignet signet, string id, string token)
    {
        List<(string, string)> seen = [];
        foreach (var path in (string[])
            ["messages", $"messages/{id}", $"messages/{id}/raw", $"messages/{id}/events", $"messages/{id}/attempts", $"messages/{id}/decision", "events", "refusals"])
        {
            seen.Add(($"inspection {path}", await GetAsync($"{signet.InspectionUrl}/_signet/{path}")));
        }

        seen.Add(("LocalStack's inbox", await GetAsync($"{signet.InspectionUrl}/_aws/ses")));
        seen.Add(("metrics", await GetAsync($"{signet.InspectionUrl}/metrics")));
        foreach (var text in (string[])[token, token[..8], "within+24+hours"])
        {
            Assert.Equal("""{"count":0}""", await GetAsync($"{signet.InspectionUrl}/_signet/messages/count?text={text}"));
        }

        Assert.Equal("""{"count":1}""", await GetAsync($"{signet.InspectionUrl}/_signet/messages/count?text=confirm"));
        Assert.Equal("""{"count":0}""", await GetAsync($"{signet.InspectionUrl}/_signet/messages/count?account={Account}"));
        Assert.Contains("is not shown", await GetAsync($"{signet.InspectionUrl}/_signet/messages/{id}/raw"), StringComparison.Ordinal);
        return seen;
    }

    private async Task<List<(string, string)>> SeenByCommandAsync(string id)
    {
        List<(string, string)> seen = [];
        foreach (var (where, command) in ((string, string[])[])
            [("history", ["message", "show", id]), ("history", ["message", "show", id, "--json"]), ("raw", ["message", "show", id, "--raw"]),
                ("queue", ["queue", "list"]), ("queue", ["queue", "show"]), ("identity", ["identity", "show", Victim, "--account", Account])])
        {
            seen.Add((where, (await Command.TryRunAsync([.. command, "--data", data])).Output));
        }

        return seen;
    }

    private static async Task<List<(string, string)>> SeenByApiAsync(SesCaller ses)
    {
        var statistics = (await ses.CallAsync("GetSendStatistics")).Body;
        Assert.DoesNotContain("<member>", statistics, StringComparison.Ordinal);
        var quota = (await ses.CallAsync("GetSendQuota")).Body;
        Assert.Contains("<SentLast24Hours>0", quota, StringComparison.Ordinal);
        return
        [
            ("statistics", statistics), ("quota", quota),
            ("identity", (await ses.CallAsync("GetIdentityVerificationAttributes", ("Identities.member.1", Victim))).Body),
        ];
    }

    private async Task<string?> StatusOfVictimAsync() =>
        (await Command.RunAsync("identity", "show", Victim, "--account", Account, "--data", data)).GetProperty("status").GetString();

    /// <summary>The files of the store, its log among them, that have a quarter of the token, wherever a line may have been broken.</summary>
    private async Task<List<string>> FilesWithAsync(string token, string? directory = null)
    {
        List<string> with = [];
        var files = Directory.GetFiles(directory ?? data, "signet.db*");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            // Shared: the server has its files open.
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, Cancel);
            if (Holds(Encoding.Latin1.GetString(bytes.ToArray()), token))
            {
                with.Add(file);
            }
        }

        return with;
    }

    private static bool Holds(string text, string token) =>
        token.Chunk(16).Any(part => text.Contains(new string(part), StringComparison.OrdinalIgnoreCase));

    private static async Task<int> StatusAsync(HttpMethod method, string url)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(url));
        using var response = await http.SendAsync(request, Cancel);
        return (int)response.StatusCode;
    }

    private static async Task<string> GetAsync(string url)
    {
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(url), Cancel);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    private static async Task<JsonElement> JsonAsync(string url)
    {
        using var document = JsonDocument.Parse(await GetAsync(url));
        return document.RootElement.Clone();
    }

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Link();

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex AntiForgery();
}
