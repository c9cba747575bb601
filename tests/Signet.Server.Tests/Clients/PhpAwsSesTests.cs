using System.Globalization;
using Signet.Server.Tests.EndToEnd;
using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Clients;

/// <summary>What php-aws-ses sends. It speaks nothing but https, so that a proxy stands before a real <c>serve</c>.</summary>
public sealed class PhpAwsSesTests : IDisposable
{
    private const string Account = "111122223333";

    // The library signs for the service and the region that the first two labels name.
    private const string Host = "email.us-east-1.example.com";

    private readonly string _data = Directory.CreateTempSubdirectory("signet-test-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Php_aws_ses_sends_through_a_tls_proxy()
    {
        await Counterpart.RequireAsync(
            "PHP with curl and SimpleXML", "php", "-r", "exit(extension_loaded('curl') && extension_loaded('simplexml') ? 0 : 1);");
        await Command.RunAsync("account", "create", Account, "--production", "--rate", "50", "--data", _data);
        await Command.RunAsync("identity", "verify", "shop.test", "--account", Account, "--now", "--data", _data);
        var key = await Command.RunAsync("key", "create", "--account", Account, "--data", _data);
        await using var signet = await RunningSignet.StartAsync(
            _data, "serve", "--http", "127.0.0.1:0", "--inspection", "127.0.0.1:0", "--smtp", "none", "--route", "capture", "--trust-proxy", "127.0.0.1");
        await using var nginx = await RunningNginx.StartAsync(Host, new Uri(signet.Url));

        var (exit, output) = await Counterpart.RunAsync(
            "php",
            [Path.Combine(Repository.Root, "tests", "clients", "php", "php_aws_ses.php")],
            new Dictionary<string, string>
            {
                ["SIGNET_HOST"] = string.Create(CultureInfo.InvariantCulture, $"{Host}:{nginx.Port}"),
                ["SIGNET_CERTIFICATE"] = nginx.CertificateFile,
                ["SIGNET_INSPECTION"] = signet.InspectionUrl,
                ["AWS_ACCESS_KEY_ID"] = key.GetProperty("accessKeyId").GetString()!,
                ["AWS_SECRET_ACCESS_KEY"] = key.GetProperty("secretAccessKey").GetString()!,
            },
            TestContext.Current.CancellationToken);

        Assert.True(exit == 0, $"{output}\nsignet said:\n{signet.Output}");
        Assert.EndsWith("ok: a refusal", output.Trim(), StringComparison.Ordinal);
        Assert.Equal(0, await signet.StopAsync());
    }
}
