using Signet.Server.Hosting;
using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Hosting;

/// <summary><c>signet dev</c> in compose, in CI and behind a port that is forwarded: called by names that are not loopback's.</summary>
public sealed class AllowedHostsTests
{
    [Theory]
    [InlineData("signet", "signet", true)]
    [InlineData("signet", "SIGNET", true)]
    [InlineData("signet", "signet.example.dev", false)]
    [InlineData("signet", "xsignet", false)]
    [InlineData("*.example.dev", "a.example.dev", true)]
    [InlineData("*.example.dev", "a.b.Example.dev", true)]
    [InlineData("*.example.dev", "example.dev", false)]
    [InlineData("*.example.dev", "badexample.dev", false)]
    [InlineData("*.example.dev", "*.example.dev", false)]
    [InlineData("192.0.2.5", "192.0.2.5", true)]
    [InlineData("192.0.2.5", "192.0.2.6", false)]
    [InlineData("2001:DB8::5", "[2001:db8:0::5]", true)]
    [InlineData("*.2.5", "192.0.2.5", false)]
    [InlineData("signet", "", false)]
    [InlineData("signet", "signet/..", false)]
    public void A_host_is_answered_when_it_is_allowed(string allowed, string host, bool expected)
    {
        Assert.Equal(expected, AllowedHosts.Parse([allowed]).Include(host));
    }

    [Theory]
    [InlineData("signet:8025", 200)]
    [InlineData("run.example.dev", 200)]
    [InlineData("localhost", 200)]
    [InlineData("evil.example", 403)]
    public async Task Dev_answers_them_besides_loopback_names(string name, int expected)
    {
        await using var host = await TestHost.DevAsync(("allow-host", "signet, *.example.dev"));

        Assert.Equal(expected, (await host.SendAsync(HttpMethod.Get, "/_signet/messages", r => r.Headers.Host = name)).Status);
    }

    [Theory]
    [InlineData("127.0.0.1", 403)]
    [InlineData("signet", 200)]
    public async Task With_them_dev_listens_anywhere_and_says_so(string name, int expected)
    {
        await using var host = await TestHost.DevAsync(("allow-host", "signet"), ("http", "0.0.0.0:0"));

        var evil = await host.SendAsync(HttpMethod.Get, "/_signet/messages", r => r.Headers.Host = "evil.example");
        var page = await host.SendAsync(HttpMethod.Post, "/_signet/reset", r =>
        {
            r.Headers.Host = name;
            r.Headers.Add("Origin", $"http://{(name == "signet" ? name : "evil.example")}");
        });

        Assert.Equal(403, evil.Status);
        Assert.Equal(expected == 200 ? 204 : 403, page.Status);
        Assert.StartsWith("http http://localhost:", host.StartLines[0], StringComparison.Ordinal);
        var log = await host.StopAsync();
        Assert.Contains("requests for signet are answered too", log, StringComparison.Ordinal);
        Assert.Contains("lets whoever can reach it read all mail and send, without login", log, StringComparison.Ordinal);
    }

    // GitHub Codespaces and tunnels ask for localhost and put the name that the browser has into a header.
    [Theory]
    [InlineData("localhost", "a-8025.example.dev", "https://a-8025.example.dev", 204)]
    [InlineData("localhost", "a-8025.example.dev", "https://a-3000.example.dev", 403)]
    [InlineData("localhost", "evil.example", "https://evil.example", 403)]
    [InlineData("evil.example", "a-8025.example.dev", "https://a-8025.example.dev", 403)]
    public async Task A_page_that_came_by_a_forwarded_port_may_ask(string asked, string forwarded, string origin, int expected)
    {
        await using var host = await TestHost.DevAsync(("allow-host", "*.example.dev"));

        var (status, _) = await host.SendAsync(HttpMethod.Post, "/_signet/reset", r =>
        {
            r.Headers.Host = asked;
            r.Headers.Add("X-Forwarded-Host", forwarded);
            r.Headers.Add("X-Forwarded-Proto", "https");
            r.Headers.Add("Origin", origin);
        });

        Assert.Equal(expected, status);
    }
}
