using Microsoft.Playwright;
using Signet.Console.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Console.Tests.Messages;

public sealed class MessagesPageTests(Chromium chromium)
{
    [Fact]
    public async Task New_mail_appears_without_reloading()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        await Expect(console.Page.GetByText("No mail yet")).ToBeVisibleAsync();

        await system.SendAsync("An invoice");

        await Expect(console.Page.GetByRole(AriaRole.Link, new() { Name = "An invoice" })).ToBeVisibleAsync();
        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync("1 message");
    }

    [Fact]
    public async Task A_search_is_in_the_address_of_the_page_and_can_be_opened_from_it()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.SendAsync("An invoice", text: "for the umbrella");
        await system.SendAsync("A reminder", text: "of the umbrella");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");

        await console.Page.GetByLabel("Search messages").FillAsync("invoi");
        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync("1 message");
        await Expect(console.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("[?]text=invoi$"));
        await console.GoAsync("messages?subject=reminder&state=delivered");

        await Expect(console.Page.GetByRole(AriaRole.Link, new() { Name = "A reminder" })).ToBeVisibleAsync();
        await Expect(console.Page.GetByRole(AriaRole.Link, new() { Name = "An invoice" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_filter_that_cannot_be_read_is_answered_in_words()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages?since=yesterday");

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("`since` is a time as in 2026-01-31T12:00:00Z, not `yesterday`");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task It_is_accessible(ColorScheme colors)
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.SendAsync("An invoice");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages", colors);
        await Expect(console.Page.GetByRole(AriaRole.Link, new() { Name = "An invoice" })).ToBeVisibleAsync();

        await console.AssertAccessibleAsync();
    }
}
