using Signet.Web.Tests.Browser;
using Signet.Web.Tests.Messages;

namespace Signet.Web.Tests.Shell;

/// <summary>A page fits its window, whatever the window's width and with the menu beside it.</summary>
public sealed class WidthTests(Chromium chromium)
{
    private static readonly int[] Widths = [390, 600, 760, 820, 960, 1000, 1100, 1280, 1366, 1920];

    [Theory]
    [InlineData("messages")]
    [InlineData("messages/{message}")]
    [InlineData("messages/{message}?view=parts")]
    [InlineData("messages/{message}?view=checks")]
    [InlineData("why?show=accepted")]
    [InlineData("why/messages/{message}")]
    [InlineData("identities")]
    [InlineData("sending")]
    [InlineData("sending/queue")]
    [InlineData("accounts")]
    [InlineData("accounts/000000000000")]
    public async Task No_list_or_table_is_cut_at_any_width(string path)
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendRawAsync(SampleMail.Order, from: "news@shop.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, path.Replace("{message}", id.Value, StringComparison.Ordinal));

        await AssertNothingIsCutAsync(console);
    }

    [Fact]
    public async Task The_empty_inbox_is_not_cut_at_any_width()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages?sdk=java");
        await Microsoft.Playwright.Assertions.Expect(console.Page.GetByTestId("snippet")).ToBeVisibleAsync();

        await AssertNothingIsCutAsync(console);
    }

    private static async Task AssertNothingIsCutAsync(ConsolePage console)
    {
        List<string> cut = [];
        foreach (var width in Widths)
        {
            await console.Page.SetViewportSizeAsync(width, 900);
            await console.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            cut.AddRange((await console.Page.EvaluateAsync<string[]>(
                """
                () => {
                  const page = document.querySelector('main');
                  const right = page.getBoundingClientRect().right + 1;
                  const wide = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
                  const lists = [...page.querySelectorAll('.list')].filter(l => l.scrollWidth > l.clientWidth + 1).map(() => 'a list scrolls sideways');
                  const cells = [...page.querySelectorAll('.rows, .rows td, .rows th, .line > span, .why-line > span')]
                    .filter(c => c.checkVisibility() && getComputedStyle(c).position !== 'absolute' && !c.closest('.unseen'))
                    .filter(c => c.getBoundingClientRect().right > right || (c.classList.contains('nowrap') && c.scrollWidth > c.clientWidth + 1))
                    .map(c => `cut: ${c.outerHTML.slice(0, 120)}`);
                  return [...wide, ...lists, ...cells.slice(0, 3)];
                }
                """)).Select(c => $"{width} px: {c}"));
        }

        Assert.True(cut.Count == 0, string.Join('\n', cut));
    }

    [Fact]
    public async Task A_page_that_waits_for_its_connection_shows_the_bar_and_after_a_while_says_so()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        await console.Page.RouteWebSocketAsync("**/_blazor*", _ => { });

        await console.Page.GotoAsync(new Uri(system.Url, "/console/messages").ToString());

        await Microsoft.Playwright.Assertions.Expect(console.Page.Locator(".first-bar")).ToBeVisibleAsync();
        await Microsoft.Playwright.Assertions.Expect(console.Page.GetByText("Waiting for the server.")).ToBeVisibleAsync();
        console.ExpectedErrors.AddRange(["WebSocket", "connection", "Error"]);
    }
}
