using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Signet.Server.Tests.EndToEnd;
using Signet.Server.Tests.Fakes;
using Signet.Server.Tests.Ses;
using Signet.Tests.Fakes;

namespace Signet.Server.Tests.Clients;

/// <summary>The nginx block of docs/operating.md, as it stands there but for its files and ports, before a real <c>serve</c>.</summary>
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
        await Counterpart.RequireAsync("nginx", "nginx", "-v");
        var data = Path.Combine(_directory, "data");
        var signer = await UserAsync(data);
        await using var signet = await RunningSignet.StartAsync(
            data, "serve", "--http", "127.0.0.1:0", "--inspection", "none", "--smtp", "none", "--route", "capture", "--trust-proxy", "127.0.0.1");
        var port = await StartNginxAsync(new Uri(signet.Url).Port);
        try
        {
            // A message of 10 MB in base64 and form encoding, where every character of it takes three.
            var largest = "Action=GetSendQuota&Padding=" + new string('a', 41_900_000);

            Assert.Equal(200, await CallAsync($"https://mail.example.com:{port}/", signer, largest));
            Assert.Equal(403, await CallAsync(signet.Url, signer, "Action=GetSendStatistics"));
        }
        finally
        {
            await Counterpart.RunAsync("nginx", ["-p", _directory, "-c", "nginx.conf", "-s", "stop"], new Dictionary<string, string>(), Cancel);
        }

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

    private async Task<int> StartNginxAsync(int upstream)
    {
        using (var certificate = SelfSigned.Certificate("mail.example.com"))
        using (var key = certificate.GetRSAPrivateKey()!)
        {
            await File.WriteAllTextAsync(Path.Combine(_directory, "mail.pem"), certificate.ExportCertificatePem(), Cancel);
            await File.WriteAllTextAsync(Path.Combine(_directory, "mail.key"), key.ExportPkcs8PrivateKeyPem(), Cancel);
        }

        // A port that is free now may be taken a moment later.
        for (var attempt = 0; ; attempt++)
        {
            var port = FreePort();
            var block = DocumentedBlock()
                .Replace("listen 443 ssl", string.Create(CultureInfo.InvariantCulture, $"listen 127.0.0.1:{port} ssl"), StringComparison.Ordinal)
                .Replace("/etc/ssl/mail.example.com.pem", Path.Combine(_directory, "mail.pem"), StringComparison.Ordinal)
                .Replace("/etc/ssl/mail.example.com.key", Path.Combine(_directory, "mail.key"), StringComparison.Ordinal)
                .Replace("127.0.0.1:8025", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{upstream}"), StringComparison.Ordinal);
            var user = Environment.UserName == "root" ? "user root;" : "";
            await File.WriteAllTextAsync(
                Path.Combine(_directory, "nginx.conf"),
                $$"""
                {{user}} pid {{_directory}}/nginx.pid; error_log {{_directory}}/error.log;
                events { }
                http {
                    access_log off;
                    client_body_temp_path {{_directory}}/body; proxy_temp_path {{_directory}}/proxy; fastcgi_temp_path {{_directory}}/fastcgi;
                    uwsgi_temp_path {{_directory}}/uwsgi; scgi_temp_path {{_directory}}/scgi;
                {{block}}
                }
                """,
                Cancel);
            var (exit, output) = await Counterpart.RunAsync(
                "nginx", ["-p", _directory, "-c", "nginx.conf", "-e", "error.log"], new Dictionary<string, string>(), Cancel);
            if (exit == 0)
            {
                return port;
            }

            Assert.True(attempt < 5, output);
        }
    }

    private static string DocumentedBlock()
    {
        const string fence = "```nginx\n";
        var text = Repository.Document("operating.md");
        var start = text.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
