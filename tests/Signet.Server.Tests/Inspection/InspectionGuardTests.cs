using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Inspection;

public sealed class InspectionGuardTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("signet.localhost:8025")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:8025")]
    public async Task A_loopback_host_is_answered(string hostName)
    {
        await using var host = await TestHost.DevAsync();

        var (status, _) = await host.SendAsync(HttpMethod.Get, "/_signet/messages", r => r.Headers.Host = hostName);

        Assert.Equal(200, status);
    }

    [Theory]
    [InlineData("/_signet/messages")]
    [InlineData("/_aws/ses")]
    [InlineData("/metrics")]
    [InlineData("/_signet/openapi.json")]
    public async Task A_name_that_was_made_to_point_here_is_refused(string path)
    {
        await using var host = await TestHost.DevAsync();

        var answer = await host.SendAsync(HttpMethod.Get, path, r => r.Headers.Host = "evil.example");

        Assert.Equal((403, """{"error":"the host `evil.example` is not this machine's loopback address: use `localhost` or `127.0.0.1`, or name the host with `--allow-host`"}"""), answer);
    }

    [Fact]
    public async Task A_page_of_another_origin_cannot_reset()
    {
        await using var host = await TestHost.DevAsync();

        var (status, _) = await host.SendAsync(
            HttpMethod.Post, "/_signet/reset", r => r.Headers.Add("Origin", "https://evil.example"));

        Assert.Equal(403, status);
        Assert.False(host.Domain.Archive.WasReset);
    }

    [Theory]
    [InlineData("/_signet/messages")]
    [InlineData("/_aws/ses")]
    [InlineData("/metrics")]
    public async Task In_serve_inspection_answers_at_its_own_address_only(string path)
    {
        await using var host = await TestHost.ServeAsync();

        var refused = await host.GetAsync(path);
        var (status, _) = await host.GetAsync(path, host.Inspection);

        Assert.Equal(
            (403, """{"error":"inspection and metrics are not served at this address but at the one of `--inspection`"}"""), refused);
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task In_serve_the_address_of_inspection_has_no_API()
    {
        await using var host = await TestHost.ServeAsync();

        Assert.Equal(404, (await host.SendAsync(HttpMethod.Post, "/", client: host.Inspection)).Status);
        Assert.Equal(200, (await host.GetAsync("/health/ready", host.Inspection)).Status);
    }
}
