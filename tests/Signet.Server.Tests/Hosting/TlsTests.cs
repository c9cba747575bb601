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
