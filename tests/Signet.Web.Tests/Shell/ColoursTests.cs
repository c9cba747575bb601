using Microsoft.Playwright;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Shell;

public sealed class ColoursTests(Chromium chromium)
{
    // The ground of the bar in every frame in which something of the page is to be seen.
    private const string Grounds =
        """
        window.grounds = new Set();
        const look = () => {
          if (document.querySelector('.mud-layout h1')?.checkVisibility({ visibilityProperty: true })) {
            grounds.add(getComputedStyle(document.querySelector('.mud-appbar')).backgroundColor);
          }
          requestAnimationFrame(look);
        };
        look();
        """;

    [Fact]
    public async Task No_page_is_seen_in_other_colours_than_those_of_the_system()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages", ColorScheme.Dark);
        await console.Page.AddInitScriptAsync(Grounds);
        await SlowDownAsync(console.Page);

        await console.GoAsync("messages");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Filters" }).ClickAsync();
        await Expect(console.Page.GetByLabel("Subject", new() { Exact = true })).ToBeVisibleAsync();

        Assert.Equal(["rgb(31, 30, 34)"], await console.Page.EvaluateAsync<string[]>("[...grounds]"));
    }

    // What the browser says comes to the server two frames later, so that what is drawn before the answer can be seen.
    private static Task SlowDownAsync(IPage page) => page.RouteWebSocketAsync("**/_blazor*", browser =>
    {
        var server = browser.ConnectToServer();
        var said = Task.CompletedTask;
        browser.OnMessage(message => said = SayAsync(said, message));

        async Task SayAsync(Task before, IWebSocketFrame message)
        {
            await before;
            await page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            if (message.Binary is { Length: > 0 } bytes)
            {
                server.Send(bytes);
            }
            else
            {
                server.Send(message.Text!);
            }
        }
    });
}
