using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Hosting;

public sealed class FrontPageTests
{
    [Fact]
    public async Task A_browser_sees_a_page_and_an_API_call_does_not()
    {
        await using var host = await TestHost.DevAsync();

        var browser = await host.SendAsync(HttpMethod.Get, "/", AsBrowser);
        var call = await host.SendAsync(HttpMethod.Get, "/?Action=GetSendQuota", AsBrowser);
        var other = await host.GetAsync("/");

        Assert.Contains("<h1>Signet</h1>", browser.Body, StringComparison.Ordinal);
        Assert.Contains("/_signet/messages", browser.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<h1>", call.Body + other.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_serve_the_page_links_to_nothing_that_the_address_does_not_have()
    {
        await using var host = await TestHost.ServeAsync();

        Assert.DoesNotContain("href", (await host.SendAsync(HttpMethod.Get, "/", AsBrowser)).Body, StringComparison.Ordinal);
    }

    private static void AsBrowser(HttpRequestMessage request) => request.Headers.Add("Accept", "text/html,*/*;q=0.8");
}
