using System.Text;
using System.Text.Json;
using Signet.Server.Tests.Clients;
using Signet.Server.Tests.Ses;
using Signet.Tests.Fakes;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>The started program, from a signed request to another mail server and back to the history of the message.</summary>
public sealed class DeliveryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_finds_its_way_by_MX_and_its_story_says_how()
    {
        await using var server = new ScriptedSmtpServer("EHLO: 250-mx.test|250 PIPELINING\nRCPT TO:<gone@: 550 5.1.1 user unknown", TimeProvider.System);
        await using var dns = TinyDnsServer.Start("dest.test MX 10 mx.dest.test\nmx.dest.test A 127.0.0.1");
        await using var signet = await RunningSignet.StartAsync(
            null, "dev", "--http", "127.0.0.1:0", "--smtp", "none", "--route", "mx", "--dns", $"{dns.EndPoint}",
            "--mx-port", $"{server.EndPoint.Port}", "--hostname", "signet.test");

        await CallAsync(signet, "Action=VerifyEmailIdentity&EmailAddress=from%40example.com");
        await CallAsync(
            signet,
            "Action=SendEmail&Source=from%40example.com&Destination.ToAddresses.member.1=to%40dest.test"
            + "&Destination.CcAddresses.member.1=gone%40dest.test&Message.Subject.Data=Hello&Message.Body.Text.Data=.dot");

        var history = await HistoryAsync(signet, s => s.GetProperty("attempts").GetArrayLength() == 2);
        var attempts = history.GetProperty("attempts").EnumerateArray()
            .Select(a => $"{a.GetProperty("recipient")} {a.GetProperty("host")} {a.GetProperty("outcome")}: {a.GetProperty("reply")}");
        Assert.Equal(
            ["to@dest.test mx.dest.test delivered: 250 2.0.0 taken", "gone@dest.test mx.dest.test failed: 550 5.1.1 user unknown"], attempts);
        var content = Encoding.UTF8.GetString(Assert.Single(server.Contents));
        Assert.Contains("\r\nSubject: Hello\r\n", content, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n.dot\r\n", content, StringComparison.Ordinal);

        await MeasuredAsync(signet, "signet_deliveries_total{outcome=\"delivered\"} 1");
        await MeasuredAsync(signet, "signet_delivery_duration_seconds_count 1");
    }

    [Fact]
    public async Task The_story_of_a_message_has_the_encryption_of_each_attempt_and_the_policy_that_asked_for_it()
    {
        using var certificate = SelfSigned.Certificate("other.test");
        await using var server = new ScriptedSmtpServer("NOOP: 250 ok", TimeProvider.System, certificate);
        await using var dns = TinyDnsServer.Start("dest.test MX 10 mx.dest.test\nmx.dest.test A 127.0.0.1");
        await using var signet = await RunningSignet.StartAsync(
            null, "dev", "--http", "127.0.0.1:0", "--smtp", "none", "--route", "dest.test=mx?tls=required",
            "--dns", $"{dns.EndPoint}", "--mx-port", $"{server.EndPoint.Port}", "--hostname", "signet.test");

        await CallAsync(signet, "Action=VerifyEmailIdentity&EmailAddress=from%40example.com");
        await CallAsync(
            signet,
            "Action=SendEmail&Source=from%40example.com&Destination.ToAddresses.member.1=to%40dest.test&Message.Subject.Data=Hello&Message.Body.Text.Data=x");

        var history = await HistoryAsync(signet, s => s.GetProperty("attempts").GetArrayLength() == 1);
        var attempt = history.GetProperty("attempts")[0];
        Assert.Equal(
            ("TLSv1.3", "self-signed; wrong name", "required by route dest.test"),
            (attempt.GetProperty("tls").GetString(), attempt.GetProperty("certificate").GetString(), attempt.GetProperty("tlsPolicy").GetString()));
        Assert.StartsWith("TLS_", attempt.GetProperty("cipher").GetString(), StringComparison.Ordinal);
    }

    // What is stored is counted a moment later.
    private static async Task MeasuredAsync(RunningSignet signet, string line)
    {
        await Eventually.TrueAsync(
            async () => (await GetAsync(signet, "/metrics")).Contains($"\n{line}", StringComparison.Ordinal), what: line);
    }

    private static async Task<JsonElement> HistoryAsync(RunningSignet signet, Func<JsonElement, bool> isTold)
    {
        using var list = JsonDocument.Parse(await GetAsync(signet, "/_signet/messages?wait=20"));
        var id = list.RootElement.GetProperty("messages")[0].GetProperty("id").GetString();
        JsonElement told = default;
        await Eventually.TrueAsync(async () =>
        {
            using var history = JsonDocument.Parse(await GetAsync(signet, $"/_signet/messages/{id}"));
            told = history.RootElement.Clone();
            return isTold(told);
        });
        return told;
    }

    private static async Task CallAsync(RunningSignet signet, string query)
    {
        var signer = new TestSigner("test", "test");
        var signed = signer.Presign(
            "GET", $"{query}&Version=2010-12-01", new Uri(signet.Url).Authority, TimeSpan.FromMinutes(5), [], TimeProvider.System.GetUtcNow());
        await GetAsync(signet, $"/?{signed}");
    }

    private static async Task<string> GetAsync(RunningSignet signet, string path)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(signet.Url + path), Cancel);
        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {body}");
        return body;
    }
}
