using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Signet.Server.Hosting;
using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Hosting;

public sealed class TlsTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("signet-test-").FullName;
    private readonly FakeDomain domain = new();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task With_a_certificate_the_API_speaks_TLS_and_inspection_does_not()
    {
        var thumbprint = WriteCertificate();
        await using var host = await StartAsync("cert.pem", "key.pem");
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.Thumbprint == thumbprint,
        };
        using var client = new HttpClient(handler);

        var live = await client.GetStringAsync(new Uri(host.Urls[0].Url, "/health/live"), TestContext.Current.CancellationToken);

        Assert.Equal("live\n", live);
        Assert.Equal([Uri.UriSchemeHttps, Uri.UriSchemeHttp], host.Urls.Select(u => u.Url.Scheme));
    }

    [Theory]
    [InlineData("/", "mail.example.com", "max-age=15552000")]
    [InlineData("/console/sign-in", "mail.example.com", "max-age=15552000")]
    [InlineData("/health/live", "mail.example.com:8443", "max-age=15552000")]
    [InlineData("/nothing", "mail.example.com", "max-age=15552000")]
    [InlineData("/console/sign-in", "localhost", null)]
    [InlineData("/console/sign-in", "127.0.0.1:8025", null)]
    public async Task Answers_over_TLS_tell_browsers_to_stay_with_TLS_except_on_loopback(string path, string name, string? expected)
    {
        var thumbprint = WriteCertificate();
        await using var host = await StartAsync("cert.pem", "key.pem");

        Assert.Equal(expected, await StrictTransportSecurityAsync(new Uri(host.Urls[0].Url, path), name, thumbprint));
    }

    [Fact]
    public async Task Answers_in_clear_do_not()
    {
        var thumbprint = WriteCertificate();
        await using var host = await StartAsync("cert.pem", "key.pem");
        await using var plain = await TestHost.ServeAsync();
        await using var dev = await TestHost.DevAsync();

        Assert.Null(await StrictTransportSecurityAsync(new Uri(host.Urls[1].Url, "/metrics"), host.Urls[1].Url.Authority, thumbprint));
        Assert.Null(await StrictTransportSecurityAsync(new Uri(plain.Http.BaseAddress!, "/console/sign-in"), "mail.example.com", thumbprint));
        Assert.Null(await StrictTransportSecurityAsync(new Uri(dev.Http.BaseAddress!, "/console/"), "localhost", thumbprint));
    }

    private static async Task<string?> StrictTransportSecurityAsync(Uri url, string name, string thumbprint)
    {
        using var handler = new HttpClientHandler
        {
            AllowAutoRedirect = false,
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.Thumbprint == thumbprint,
        };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Host = name;
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.Headers.TryGetValues("Strict-Transport-Security", out var values) ? Assert.Single(values) : null;
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_stops_the_start()
    {
        var exception = await Assert.ThrowsAsync<StartException>(() => StartAsync("missing.pem", null));

        Assert.StartsWith(
            $"the certificate `{Path.Combine(directory, "missing.pem")}` (`--tls-certificate`) cannot be used: ",
            exception.Message,
            StringComparison.Ordinal);
        Assert.Null(domain.OpenedWith);
    }

    private Task<ServerHost> StartAsync(string certificate, string? key)
    {
        var given = new Dictionary<string, IReadOnlyList<string>>
        {
            ["http"] = ["127.0.0.1:0"],
            ["inspection"] = ["127.0.0.1:0"],
            ["route"] = ["capture"],
            ["tls-certificate"] = [certificate],
        };
        if (key is not null)
        {
            given["tls-key"] = [key];
        }

        var surroundings = new SettingsSurroundings(_ => null, directory, "mail.example.com");
        var settings = SettingsReader.Read(isDev: false, given, surroundings);
        return ServerHost.StartAsync(settings, surroundings, domain.OpenAsync, domain.Time, TestContext.Current.CancellationToken);
    }

    private string WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mail.example.com", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(
            new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2120, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllText(Path.Combine(directory, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(directory, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }
}
