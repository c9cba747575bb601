using System.Text;
using Signet.Server.Hosting;

namespace Signet.Server.Tests.Fakes;

/// <summary>The real server on free ports of the loopback address, over a <see cref="FakeDomain"/>.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly ServerHost host;
    private readonly string directory;
    private readonly MemoryStream log;
    private bool isStopped;

    private TestHost(ServerHost host, string directory, FakeDomain domain, MemoryStream log)
    {
        this.host = host;
        this.directory = directory;
        this.log = log;
        Domain = domain;
        Http = new HttpClient { BaseAddress = host.Urls[0].Url };
        Inspection = new HttpClient { BaseAddress = host.Urls[^1].Url };
    }

    public FakeDomain Domain { get; }

    public IReadOnlyList<string> StartLines => [.. host.StartLines];

    /// <summary>Speaks to the first listener.</summary>
    public HttpClient Http { get; }

    /// <summary>Speaks to the last listener: serve's inspection.</summary>
    public HttpClient Inspection { get; }

    public static Task<TestHost> DevAsync(FakeDomain? domain = null) =>
        StartAsync(isDev: true, domain ?? new FakeDomain(), new() { ["http"] = ["127.0.0.1:0"] });

    /// <summary>With options of one's own.</summary>
    public static Task<TestHost> DevAsync(params (string Name, string Value)[] options)
    {
        Dictionary<string, IReadOnlyList<string>> given = new() { ["http"] = ["127.0.0.1:0"] };
        foreach (var (name, value) in options)
        {
            given[name] = [value];
        }

        return StartAsync(isDev: true, new FakeDomain(), given);
    }

    public static Task<TestHost> ServeAsync(FakeDomain? domain = null) =>
        StartAsync(isDev: false, domain ?? new FakeDomain(), new()
        {
            ["http"] = ["127.0.0.1:0"],
            ["inspection"] = ["127.0.0.1:0"],
            ["route"] = ["capture"],
        });

    /// <summary>What a GET answers, as text.</summary>
    public async Task<(int Status, string Body)> GetAsync(string path, HttpClient? client = null)
    {
        using var response = await (client ?? Http).GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Sends any request and answers as <see cref="GetAsync"/>.</summary>
    public async Task<(int Status, string Body)> SendAsync(
        HttpMethod method, string path, Action<HttpRequestMessage>? change = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        change?.Invoke(request);
        using var response = await (client ?? Http).SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Stops the server and gives its log.</summary>
    public async Task<string> StopAsync()
    {
        if (!isStopped)
        {
            isStopped = true;
            await host.DisposeAsync();
        }

        return Encoding.UTF8.GetString(log.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Inspection.Dispose();
        await StopAsync();
        Directory.Delete(directory, recursive: true);
    }

    private static async Task<TestHost> StartAsync(bool isDev, FakeDomain domain, Dictionary<string, IReadOnlyList<string>> given)
    {
        var log = new MemoryStream();
        var directory = Directory.CreateTempSubdirectory("signet-test-").FullName;
        var surroundings = new SettingsSurroundings(_ => null, directory, "mail.example.com") { OpenLog = () => log };
        var settings = SettingsReader.Read(isDev, given, surroundings);
        var host = await ServerHost.StartAsync(settings, surroundings, domain.OpenAsync, domain.Time, TestContext.Current.CancellationToken);
        return new TestHost(host, directory, domain, log);
    }
}
