using Signet.Server.Tests.Fakes;

namespace Signet.Server.Tests.Hosting;

public sealed class FrontPageTests
{
    [Fact]
    public async Task A_browser_is_sent_to_the_console_and_an_API_call_is_not()
    {
        await using var host = await TestHost.DevAsync();

        var browser = await host.SendAsync(HttpMethod.Get, "/", AsBrowser);
        var call = await host.SendAsync(HttpMethod.Get, "/?Action=GetSendQuota", AsBrowser);
        var other = await host.GetAsync("/");

        Assert.Contains("<base href=\"/console/\"", browser.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<base", call.Body + other.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_of_inspection_has_a_page_of_links()
    {
        await using var host = await TestHost.ServeAsync();

        var page = await host.SendAsync(HttpMethod.Get, "/", AsBrowser, host.Inspection);

        Assert.Contains("/_signet/messages", page.Body, StringComparison.Ordinal);
    }

    private static void AsBrowser(HttpRequestMessage request) => request.Headers.Add("Accept", "text/html,*/*;q=0.8");
}
