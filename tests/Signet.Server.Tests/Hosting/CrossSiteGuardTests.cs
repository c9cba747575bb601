using System.Net.Http.Headers;
using System.Text;
using Signet.Server.Tests.Fakes;
using Signet.Server.Tests.Ses;

namespace Signet.Server.Tests.Hosting;

/// <summary>
/// A web page that somebody opens while <c>signet dev</c> runs. The key of dev is public, so the page can sign; what it cannot do is
/// hide that it is a page.
/// </summary>
public sealed class CrossSiteGuardTests
{
    private const string Call = "Action=GetAccountSendingEnabled&Version=2010-12-01";

    private static readonly TestSigner DevKey = new("test", "test");

    public static TheoryData<string> Paths =>
        ["/", "/v2/email/account", "/console/messages", "/_signet/messages", "/_aws/ses", "/metrics", "/health/live", "/nothing"];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task In_dev_a_name_that_was_made_to_point_here_reaches_nothing(string path)
    {
        await using var host = await TestHost.DevAsync();

        var (status, body) = await host.SendAsync(HttpMethod.Get, path, r => r.Headers.Host = "evil.example:8025");

        Assert.Equal(403, status);
        Assert.Contains("the host `evil.example` is not this machine's loopback address", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://127.0.0.1:3000")]
    [InlineData("null")]
    [InlineData("")]
    public async Task In_dev_a_page_of_another_origin_cannot_call_the_API_although_it_can_sign(string origin)
    {
        await using var host = await TestHost.DevAsync();

        var (status, body) = await PostAsync(host, r => r.Headers.TryAddWithoutValidation("Origin", origin));

        Assert.Equal(403, status);
        Assert.Contains("<Code>AccessDenied</Code>", body, StringComparison.Ordinal);
        Assert.Contains("<Type>Sender</Type>", body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task In_dev_a_page_of_another_origin_reaches_nothing(string path)
    {
        await using var host = await TestHost.DevAsync();

        var (status, _) = await host.SendAsync(HttpMethod.Post, path, r => r.Headers.Add("Origin", "https://evil.example"));

        Assert.Equal(403, status);
    }

    // An image, a script and a frame carry no Origin, but every browser since 2023 says where they come from.
    [Theory]
    [InlineData("cross-site", "no-cors", "image")]
    [InlineData("same-site", "no-cors", "script")]
    [InlineData("cross-site", "navigate", "iframe")]
    [InlineData("cross-site", "navigate", "document")]
    public async Task In_dev_no_image_frame_or_link_of_another_page_calls_the_API(string site, string mode, string destination)
    {
        await using var host = await TestHost.DevAsync();
        var query = DevKey.Presign(
            "GET", Call, host.Http.BaseAddress!.Authority, TimeSpan.FromHours(1), [], host.Domain.Time.GetUtcNow());

        var (status, body) = await host.SendAsync(HttpMethod.Get, "/?" + query, r => Fetch(r.Headers, site, mode, destination));

        Assert.Equal(403, status);
        Assert.Contains("<Code>AccessDenied</Code>", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ses/")]
    [MemberData(nameof(OtherPathsTests.BelowPages), MemberType = typeof(OtherPathsTests))]
    [InlineData("/_signet/confirm/x")]
    [InlineData("/console/x")]
    public async Task In_dev_no_link_of_another_page_calls_the_API_at_any_path(string path)
    {
        await using var host = await TestHost.DevAsync();
        var query = DevKey.Presign(
            "GET", Call, host.Http.BaseAddress!.Authority, TimeSpan.FromHours(1), [], host.Domain.Time.GetUtcNow(), path);

        var (_, body) = await host.SendAsync(
            HttpMethod.Get, $"{path}?{query}", r => Fetch(r.Headers, "cross-site", "navigate", "document"));

        Assert.DoesNotContain("GetAccountSendingEnabledResponse", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/_signet/messages", "no-cors", "image")]
    [InlineData("/_signet/messages", "navigate", "iframe")]
    [InlineData("/console/messages", "navigate", "iframe")]
    [InlineData("/metrics", "no-cors", "script")]
    public async Task In_dev_no_image_or_frame_of_another_page_reads_anything(string path, string mode, string destination)
    {
        await using var host = await TestHost.DevAsync();

        var (status, _) = await host.SendAsync(HttpMethod.Get, path, r => Fetch(r.Headers, "cross-site", mode, destination));

        Assert.Equal(403, status);
    }

    [Theory]
    [InlineData("/console/messages")]
    [InlineData("/_signet/messages")]
    [InlineData("/health/live")]
    public async Task In_dev_a_link_of_another_page_leads_to_a_page(string path)
    {
        await using var host = await TestHost.DevAsync();

        var (status, _) = await host.SendAsync(HttpMethod.Get, path, r => Fetch(r.Headers, "cross-site", "navigate", "document"));

        Assert.Equal(200, status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("localhost:8025")]
    [InlineData("signet.localhost")]
    [InlineData("[::1]:8025")]
    public async Task In_dev_a_client_that_is_no_page_calls_the_API(string? hostName)
    {
        await using var host = await TestHost.DevAsync();

        var (status, body) = await PostAsync(host, _ => { }, hostName);

        Assert.True(status == 200, body);
    }

    [Fact]
    public async Task In_dev_the_pages_of_the_server_itself_may_ask()
    {
        await using var host = await TestHost.DevAsync();

        var (status, _) = await host.SendAsync(HttpMethod.Post, "/_signet/reset", r =>
        {
            r.Headers.Add("Origin", host.Http.BaseAddress!.GetLeftPart(UriPartial.Authority));
            Fetch(r.Headers, "same-origin", "cors", "empty");
        });

        Assert.Equal(204, status);
    }

    [Fact]
    public async Task In_serve_the_address_of_inspection_is_guarded_and_the_API_asks_for_a_key_as_ever()
    {
        await using var host = await TestHost.ServeAsync();

        var rebound = await host.SendAsync(HttpMethod.Get, "/metrics", r => r.Headers.Host = "evil.example", host.Inspection);
        var page = await host.SendAsync(HttpMethod.Get, "/metrics", r => Fetch(r.Headers, "cross-site", "no-cors", "image"), host.Inspection);
        var api = await PostAsync(host, r => r.Headers.Add("Origin", "https://evil.example"), "mail.example.com");

        Assert.Equal((403, 403, 403), (rebound.Status, page.Status, api.Status));
        Assert.Contains("<Code>InvalidClientTokenId</Code>", api.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_of_version_2_has_the_form_of_that_API()
    {
        await using var host = await TestHost.DevAsync();

        var (_, body) = await host.SendAsync(HttpMethod.Post, "/v2/email/outbound-emails", r => r.Headers.Add("Origin", "https://evil.example"));

        Assert.StartsWith("{\"message\":\"", body, StringComparison.Ordinal);
    }

    private static void Fetch(HttpRequestHeaders headers, string site, string mode, string destination)
    {
        headers.Add("Sec-Fetch-Site", site);
        headers.Add("Sec-Fetch-Mode", mode);
        headers.Add("Sec-Fetch-Dest", destination);
        headers.Add("Accept", "text/html,*/*;q=0.8");
    }

    private static Task<(int Status, string Body)> PostAsync(TestHost host, Action<HttpRequestMessage> change, string? hostName = null) =>
        host.SendAsync(HttpMethod.Post, "/", request =>
        {
            var (now, name) = (host.Domain.Time.GetUtcNow(), hostName ?? host.Http.BaseAddress!.Authority);
            var body = Encoding.ASCII.GetBytes(Call);
            request.Headers.Host = name;

            // A form needs no leave of the server: any page may send one anywhere.
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.Add("Content-Type", "application/x-www-form-urlencoded");
            request.Headers.TryAddWithoutValidation("X-Amz-Date", TestSigner.Stamp(now));
            request.Headers.TryAddWithoutValidation("Authorization", DevKey.Authorization(
                "POST", "", [("host", name), ("x-amz-date", TestSigner.Stamp(now))], body, now));
            change(request);
        });
}
