using Microsoft.Playwright;
using Signet.Tests.Fakes;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Messages;

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

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("since is a time as in 2026-01-31T12:00:00Z, not yesterday");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, "messages-light")]
    [InlineData(ColorScheme.Dark, 1280, "messages-dark")]
    [InlineData(ColorScheme.Light, 390, "messages-phone")]
    public async Task It_is_accessible(ColorScheme colors, int width, string picture)
    {
        await using var server = new ScriptedSmtpServer("RCPT TO:<bob: 550 5.1.1 no such user here\nRCPT TO:<eve: 450 4.2.1 try later", TimeProvider.System);
        await using var system = await ConsoleSystem.DevAsync(("route", $"example.org=smtp://{server.EndPoint}"), ("route", "capture"));
        await system.SendAsync("Confirm your address", to: "zoe@example.net", from: "app@example.com");
        await system.SendAsync("Your invoice of March", to: "bob@example.org", from: "billing@example.com");
        await system.SendAsync("Your invoice of March", to: "eve@example.org", from: "billing@example.com");
        await system.SendRawAsync(SampleMail.Order, to: "ada@example.net", from: "news@shop.test");
        await system.SendAsync("Reset your password", to: "ada@example.net", from: "app@example.com");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages", colors, width);
        await Expect(console.Page.GetByText("failed", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await Expect(console.Page.GetByText("deferred", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 15_000 });

        await console.AssertAccessibleAsync();
        await console.PictureAsync(picture);
    }
}
