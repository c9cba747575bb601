using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Signet.Server.Tests.Fakes;
using Signet.Tests.Fakes;

namespace Signet.Server.Tests.Clients;

/// <summary>A real nginx with the block of docs/operating.md, as it stands there but for its name, its files and its ports.</summary>
internal sealed class RunningNginx : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signet-test-").FullName;

    private RunningNginx()
    {
    }

    /// <summary>Where it listens, on loopback.</summary>
    public int Port { get; private set; }

    /// <summary>Its certificate, which nobody trusts by itself.</summary>
    public string CertificateFile => Path.Combine(_directory, "server.pem");

    private string KeyFile => Path.Combine(_directory, "server.key");

    /// <summary>Starts it; skips (in CI: fails) the running test where there is no nginx.</summary>
    /// <param name="name">The name that its certificate is for.</param>
    /// <param name="upstream">What it passes requests on to.</param>
    public static async Task<RunningNginx> StartAsync(string name, Uri upstream)
    {
        await Counterpart.RequireAsync("nginx", "nginx", "-v");
        var nginx = new RunningNginx();
        using (var certificate = SelfSigned.Certificate(name))
        using (var key = certificate.GetRSAPrivateKey()!)
        {
            await File.WriteAllTextAsync(nginx.CertificateFile, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(nginx.KeyFile, key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        }

        // A port that is free now may be taken a moment later.
        for (var attempt = 0; ; attempt++)
        {
            nginx.Port = FreePort();
            var (exit, output) = await nginx.TryStartAsync(name, upstream);
            if (exit == 0)
            {
                return nginx;
            }

            Assert.True(attempt < 5, output);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("-s", "stop");
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<(int ExitCode, string Output)> TryStartAsync(string name, Uri upstream)
    {
        var block = DocumentedBlock()
            .Replace("listen 443 ssl", string.Create(CultureInfo.InvariantCulture, $"listen 127.0.0.1:{Port} ssl"), StringComparison.Ordinal)
            .Replace("/etc/ssl/mail.example.com.pem", CertificateFile, StringComparison.Ordinal)
            .Replace("/etc/ssl/mail.example.com.key", KeyFile, StringComparison.Ordinal)
            .Replace("mail.example.com", name, StringComparison.Ordinal)
            .Replace("127.0.0.1:8025", upstream.Authority, StringComparison.Ordinal);
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
            TestContext.Current.CancellationToken);
        return await RunAsync("-e", "error.log");
    }

    private Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => Counterpart.RunAsync(
        "nginx", ["-p", _directory, "-c", "nginx.conf", .. arguments], new Dictionary<string, string>(), TestContext.Current.CancellationToken);

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
}
