using System.Net;
using System.Net.Sockets;
using System.Text;
using Signet.Server.Tests.EndToEnd;
using Signet.Server.Tests.Ses;

namespace Signet.Server.Tests.Clients;

/// <summary>nginx, configured as docs/operating.md says, before a real <c>serve</c>.</summary>
public sealed class NginxTests : IDisposable
{
    private const string Account = "111122223333";
    private const string Visitor = "203.0.113.7";

    private readonly string _directory = Directory.CreateTempSubdirectory("signet-test-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Clients_sign_for_its_port_send_the_largest_bodies_and_are_known_by_their_addresses()
    {
        var data = Path.Combine(_directory, "data");
        var signer = await UserAsync(data);
        await using var signet = await RunningSignet.StartAsync(
            data, "serve", "--http", "127.0.0.1:0", "--inspection", "none", "--smtp", "none", "--route", "capture", "--trust-proxy", "127.0.0.1");
        await using var nginx = await RunningNginx.StartAsync("mail.example.com", new Uri(signet.Url));

        // A message of 10 MB in base64 and form encoding, where every character of it takes three.
        var largest = "Action=GetSendQuota&Padding=" + new string('a', 41_900_000);

        Assert.Equal(200, await CallAsync($"https://mail.example.com:{nginx.Port}/", signer, largest));
        Assert.Equal(403, await CallAsync(signet.Url, signer, "Action=GetSendStatistics"));
        Assert.Equal(0, await signet.StopAsync());
    }

    /// <summary>The key of a user who may ask what there is, by TLS and from one address.</summary>
    private async Task<TestSigner> UserAsync(string data)
    {
        var policy = Path.Combine(_directory, "policy.json");
        await File.WriteAllTextAsync(
            policy,
            $$$"""
            {"Statement": {"Effect": "Allow", "Action": "ses:Get*", "Resource": "*",
              "Condition": {"IpAddress": {"aws:SourceIp": "{{{Visitor}}}"}, "Bool": {"aws:SecureTransport": "true"} } } }
            """,
            Cancel);
        await Command.RunAsync("account", "create", Account, "--data", data);
        await Command.RunAsync("user", "create", "mailer", "--account", Account, "--policy", policy, "--data", data);
        var key = await Command.RunAsync("key", "create", "--account", Account, "--user", "mailer", "--data", data);
        return new TestSigner(key.GetProperty("accessKeyId").GetString()!, key.GetProperty("secretAccessKey").GetString()!);
    }

    private static async Task<int> CallAsync(string url, TestSigner signer, string form)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=mail.example.com";
        using var http = new HttpClient(handler);
        var (body, now, host) = (Encoding.ASCII.GetBytes(form), TimeProvider.System.GetUtcNow(), new Uri(url).Authority);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.Add("Content-Type", "application/x-www-form-urlencoded");
        request.Headers.Add("X-Forwarded-For", Visitor);
        request.Headers.TryAddWithoutValidation("X-Amz-Date", TestSigner.Stamp(now));
        request.Headers.TryAddWithoutValidation("Authorization", signer.Authorization(
            "POST", "", [("host", host), ("x-amz-date", TestSigner.Stamp(now))], body, now));
        using var response = await http.SendAsync(request, Cancel);
        return (int)response.StatusCode;
    }
}
