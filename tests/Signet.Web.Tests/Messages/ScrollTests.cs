using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Signet.Archive;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Messages;

/// <summary>The list of messages when there are more than fit: what comes and goes while somebody reads further down, and the keyboard.</summary>
public sealed class ScrollTests(Chromium chromium)
{
    private const int Many = 120;

    [Fact]
    public async Task Lines_stay_where_they_are_when_mail_comes_in_and_a_button_leads_to_it()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await SendManyAsync(system);
        await using var console = await OpenAsync(system);
        await WatchedAsync(console);
        await ScrollAsync(console, 60);
        await AnsweredAsync(console);
        var before = await LinesInSightAsync(console);

        await SendAsync(system, "New 1");
        await SendAsync(system, "New 2");

        var button = console.Page.GetByRole(AriaRole.Button, new() { Name = "2 new" });
        await Expect(button).ToBeVisibleAsync();
        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync($"{Many + 2} messages");
        Assert.Equal(before, await LinesInSightAsync(console));
        await ScrollAsync(console, 80);
        await Expect(Line(console, "Number 030")).ToBeVisibleAsync();
        await ScrollAsync(console, 60);
        await Expect(Line(console, "Number 055")).ToBeVisibleAsync();
        Assert.Equal(before, await LinesInSightAsync(console));

        await button.ClickAsync();
        await Expect(Line(console, "New 2")).ToBeInViewportAsync();
        await Expect(button).ToHaveCountAsync(0);
        Assert.StartsWith("New 2,New 1,Number 119", string.Join(',', await LinesInSightAsync(console)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_deleted_meanwhile_leaves_the_list_whole()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await SendManyAsync(system);
        await using var console = await OpenAsync(system);
        await ScrollAsync(console, Many);
        await Expect(Line(console, "Number 000")).ToBeInViewportAsync();

        // The oldest go, as when their time is over, and the line that was the first.
        await system.Mail.Archive.DeleteAsync(new MessageFilter { Subject = "Number 0" }, TestContext.Current.CancellationToken);
        await system.Mail.Archive.DeleteAsync(new MessageFilter { Subject = "Number 119" }, TestContext.Current.CancellationToken);
        await SendAsync(system, "New 1");

        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync("20 messages");
        await Expect(console.Page.GetByText("…", new() { Exact = true })).ToHaveCountAsync(0);
        await Expect(Line(console, "Number 100")).ToBeInViewportAsync();
        await ScrollAsync(console, 0);
        await Expect(Line(console, "New 1")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Everything_deleted_is_an_empty_list()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await SendManyAsync(system);
        await using var console = await OpenAsync(system);
        await ScrollAsync(console, 60);

        await system.Mail.Archive.DeleteAsync(new MessageFilter(), TestContext.Current.CancellationToken);

        await Expect(console.Page.GetByText("No mail yet")).ToBeVisibleAsync(new() { Timeout = 10_000 });
        await SendAsync(system, "New 1");
        await Expect(Line(console, "New 1")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task A_search_begins_at_the_top()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await SendManyAsync(system);
        await using var console = await OpenAsync(system);
        await ScrollAsync(console, 60);

        await console.Page.GetByLabel("Search messages").FillAsync("number");

        await Expect(console.Page).ToHaveURLAsync(new Regex("text=number$"));
        await Expect(Line(console, "Number 119")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Keys_scroll_the_list_go_from_line_to_line_and_open_a_message()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await SendManyAsync(system);
        await using var console = await OpenAsync(system, "messages?subject=number");
        var keys = console.Page.Keyboard;

        await WatchedAsync(console);
        await Line(console, "Number 119").FocusAsync();
        await keys.PressAsync("ArrowDown");
        await Expect(Line(console, "Number 118")).ToBeFocusedAsync();
        await keys.PressAsync("PageDown");
        await Expect(Line(console, "Number 119")).Not.ToBeInViewportAsync();
        await PressUntilInSightAsync(console, "End", "Number 000");
        await PressUntilInSightAsync(console, "Home", "Number 119");

        // Browsers scroll by and by: what is the first line in sight is settled only in the end.
        await console.Page.WaitForFunctionAsync("() => document.querySelector('.list').scrollTop === 0");
        await keys.PressAsync("ArrowDown");
        await Expect(Line(console, "Number 119")).ToBeFocusedAsync();
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Enter");

        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Number 118" })).ToBeVisibleAsync();
        await console.Page.GoBackAsync();
        await Expect(console.Page).ToHaveURLAsync(new Regex("messages[?]subject=number$"));
        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync($"{Many} messages");
        await Expect(Line(console, "Number 119")).ToBeVisibleAsync();
        await Expect(console.Page.GetByLabel("Subject")).ToHaveValueAsync("number");
    }

    // Where the end is shows only when the lines before it are there: whoever is early presses the key again.
    private static async Task PressUntilInSightAsync(ConsolePage console, string key, string line)
    {
        const int tries = 5;
        for (var attempt = 1; ; attempt++)
        {
            await console.Page.Keyboard.PressAsync(key);
            try
            {
                await Expect(Line(console, line)).ToBeInViewportAsync(new() { Timeout = 5_000 });
                return;
            }
            catch (PlaywrightException) when (attempt < tries)
            {
                // Not there yet.
            }
        }
    }

    [Fact]
    public async Task Leaving_the_page_before_the_browser_has_all_of_it_breaks_nothing()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await OpenAsync(system, "why", lines: false);
        var held = new TaskCompletionSource();
        await console.Page.RouteAsync("**/assets/signet.js*", async route =>
        {
            await held.Task.InTimeAsync();
            await route.ContinueAsync();
        });

        var asked = console.Page.WaitForRequestAsync("**/assets/signet.js*");
        await MenuAsync(console, "Messages");
        await asked;
        await MenuAsync(console, "Identities");
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Identities", Level = 1 })).ToBeVisibleAsync();
        held.SetResult();
        await console.Page.EvaluateAsync("url => import(url)", (await asked).Url);

        // What the browser says comes to the server in order: when the menu is open, the page that was left has its file.
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Colours" }).ClickAsync();
        await Expect(console.Page.GetByText("As the system")).ToBeVisibleAsync();
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Identities", Level = 1 })).ToBeVisibleAsync();
    }

    private static ILocator Line(ConsolePage console, string subject) =>
        console.Page.GetByRole(AriaRole.Link, new() { Name = subject, Exact = true });

    private static async Task MenuAsync(ConsolePage console, string name) =>
        await console.Page.GetByRole(AriaRole.Navigation).First.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();

    private static async Task SendManyAsync(ConsoleSystem system)
    {
        for (var number = 0; number < Many; number++)
        {
            await SendAsync(system, $"Number {number:000}");
        }
    }

    // Messages of one millisecond have no order that is known before.
    private static async Task SendAsync(ConsoleSystem system, string subject)
    {
        var id = await system.SendAsync(subject);
        await Eventually.TrueAsync(() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() > id.AcceptedAtMilliseconds);
    }

    private async Task<ConsolePage> OpenAsync(ConsoleSystem system, string path = "messages", bool lines = true)
    {
        var console = await ConsolePage.OpenAsync(chromium, system, path);
        if (lines)
        {
            await Expect(Line(console, $"Number {Many - 1}")).ToBeVisibleAsync();
        }

        return console;
    }

    // Until the browser has the file that watches the list and was told to.
    private static async Task WatchedAsync(ConsolePage console)
    {
        await console.Page.WaitForFunctionAsync("() => performance.getEntriesByType('resource').some(e => e.name.includes('/signet.js'))");
        await console.Page.EvaluateAsync("() => import(performance.getEntriesByType('resource').find(e => e.name.includes('/signet.js')).name)");
        await AnsweredAsync(console);
    }

    // What browser and server say to each other comes in order: all of it has when the server has answered to clicks.
    private static async Task AnsweredAsync(ConsolePage console)
    {
        var filters = console.Page.GetByRole(AriaRole.Button, new() { Name = "Filters" });
        var open = await filters.GetAttributeAsync("aria-expanded");
        await filters.ClickAsync();
        await Expect(filters).Not.ToHaveAttributeAsync("aria-expanded", open!);
        await filters.ClickAsync();
        await Expect(filters).ToHaveAttributeAsync("aria-expanded", open!);
    }

    // Down to a line of the list, and until it is drawn.
    private static async Task ScrollAsync(ConsolePage console, int line)
    {
        await console.Page.Locator(".list").EvaluateAsync("(list, top) => { list.scrollTop = top; }", line * 44);
        await console.Page.WaitForFunctionAsync(
            """
            () => {
              const box = document.querySelector('.list').getBoundingClientRect();
              const at = document.elementFromPoint(box.left + 60, box.top + box.height / 2);
              return at.closest('.line')?.querySelector('a') != null;
            }
            """);
    }

    private static Task<string[]> LinesInSightAsync(ConsolePage console) => console.Page.Locator(".list").EvaluateAsync<string[]>(
        """
        list => {
          const box = list.getBoundingClientRect();
          return [...list.querySelectorAll('.line a')]
            .filter(a => { const b = a.getBoundingClientRect(); return b.top >= box.top + 34 && b.bottom <= box.bottom; })
            .map(a => a.textContent.trim());
        }
        """);
}
