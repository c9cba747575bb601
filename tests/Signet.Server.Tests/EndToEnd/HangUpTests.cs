using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Signet.Server.Tests.Clients;
using Signet.Tests.Fakes;

namespace Signet.Server.Tests.EndToEnd;

/// <summary>SIGHUP, which init systems and certificate clients send to have files read again.</summary>
public sealed class HangUpTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signet-test-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Config => Path.Combine(_directory, "signet.json");

    private string Pem => Path.Combine(_directory, "server.pem");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Certificate_and_log_level_are_read_again_and_what_cannot_be_read_stays()
    {
        await WriteAsync("one.example.com", "information");
        await using var signet = await StartAsync(
            "serve", "--http", "127.0.0.1:0", "--inspection", "none", "--smtp", "none", "--route", "capture", "--config", Config);
        Assert.Equal("CN=one.example.com", await CertificateAsync(signet));

        await WriteAsync("two.example.com", "debug");
        await HangUpAsync(signet, "read again: the log has level Debug");
        Assert.Equal("CN=two.example.com", await CertificateAsync(signet));

        await File.WriteAllTextAsync(Pem, "no certificate", Cancel);
        await File.WriteAllTextAsync(Config, "{", Cancel);
        await HangUpAsync(signet, "stays: the settings file");
        await HangUpAsync(signet, "stays: the certificate");
        Assert.Equal("CN=two.example.com", await CertificateAsync(signet));
        Assert.Equal(0, await signet.StopAsync());
    }

    [Fact]
    public async Task Dev_goes_on_too()
    {
        await using var signet = await StartAsync("dev", "--http", "127.0.0.1:0", "--smtp", "none");

        await HangUpAsync(signet, "read again: the log has level Information");

        Assert.Equal(0, await signet.StopAsync());
    }

    // Whoever ignores the signal, as nohup makes a program do, hands that on to all that it starts.
    private static async Task<RunningSignet> StartAsync(params string[] arguments)
    {
        await Counterpart.RequireAsync("env with --default-signal (GNU coreutils)", "env", "--default-signal=HUP", "true");
        return await RunningSignet.StartThroughAsync(["env", "--default-signal=HUP"], null, arguments);
    }

    private static async Task HangUpAsync(RunningSignet signet, string line)
    {
        using var kill = Process.Start("kill", ["-HUP", signet.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await kill.InTimeAsync();
        await Eventually.TrueAsync(() => signet.Output.Contains(line, StringComparison.Ordinal));
    }

    private static async Task<string> CertificateAsync(RunningSignet signet)
    {
        var url = new Uri(signet.Url);
        using var socket = new TcpClient();
        await socket.ConnectAsync(url.Host, url.Port, Cancel);
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => shown is not null);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = url.Host, ApplicationProtocols = [SslApplicationProtocol.Http2] }, Cancel);
        Assert.Equal(SslApplicationProtocol.Http2, tls.NegotiatedApplicationProtocol);
        return tls.RemoteCertificate!.Subject;
    }

    private async Task WriteAsync(string name, string level)
    {
        using var certificate = SelfSigned.Certificate(name);
        using var key = certificate.GetRSAPrivateKey()!;
        await File.WriteAllTextAsync(Pem, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem(), Cancel);
        await File.WriteAllTextAsync(Config, $$"""{"tls-certificate": "{{Pem}}", "log-level": "{{level}}"}""", Cancel);
    }
}
