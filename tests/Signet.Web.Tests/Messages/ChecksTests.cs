using Microsoft.Playwright;
using Signet.Tests.Fakes;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Messages;

public sealed class ChecksTests(Chromium chromium)
{
    private const string Zone =
        """
        mail.example.com TXT "v=spf1 ip4:192.0.2.1 -all"
        _dmarc.shop.test TXT "v=DMARC1; p=reject"
        shop.test MX 10 mx.shop.test
        """;

    [Fact]
    public async Task What_mailbox_providers_ask_is_checked_against_the_dns()
    {
        await using var dns = TinyDnsServer.Start(Zone);
        await using var system = await ConsoleSystem.DevAsync(("dns", $"{dns.EndPoint}"), ("hostname", "mail.example.com"));
        var id = await system.SendRawAsync(SampleMail.Order, from: "news@shop.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}?view=checks");

        var findings = console.Page.Locator(".findings");
        await Expect(findings).ToContainTextAsync("SPF");
        await Expect(findings).ToContainTextAsync("DKIM: not signed");
        await Expect(findings).ToContainTextAsync("One-click unsubscribe: not there");
        await Expect(findings).Not.ToContainTextAsync("not known");
    }

    [Fact]
    public async Task Links_are_asked_when_somebody_wants_it_and_not_before()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var there = new Uri(system.Url, "/health/live");
        var missing = new Uri(system.Url, "/console/assets/nothing.css");
        var id = await system.SendAsync("Links", html: $"<a href=\"{there}\">there</a> <a href=\"{missing}\">missing</a>");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}?view=checks");
        await Expect(AnswerOf(there)).ToBeEmptyAsync();

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Check links" }).ClickAsync();

        await Expect(AnswerOf(there)).ToContainTextAsync("200");
        await Expect(AnswerOf(missing)).ToContainTextAsync("404");

        ILocator AnswerOf(Uri link) =>
            console.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = link.ToString() }).GetByRole(AriaRole.Cell).Last;
    }

    [Fact]
    public async Task What_mail_clients_do_not_support_is_named()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendAsync("Flex", html: "<style>.a { display: flex }</style><div class=a><form><input></form></div>");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}?view=checks");

        var row = console.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "flex" });
        await Expect(row.First).ToContainTextAsync("Outlook for Windows");
        await Expect(row.First).ToContainTextAsync("once, first in line 1");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, "checks-light")]
    [InlineData(ColorScheme.Dark, 1280, "checks-dark")]
    [InlineData(ColorScheme.Light, 390, "checks-phone")]
    public async Task It_is_accessible(ColorScheme colors, int width, string picture)
    {
        await using var dns = TinyDnsServer.Start(Zone);
        await using var system = await ConsoleSystem.DevAsync(("dns", $"{dns.EndPoint}"), ("hostname", "mail.example.com"));
        var id = await system.SendRawAsync(SampleMail.Order, from: "news@shop.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}?view=checks", colors, width);
        await Expect(console.Page.Locator(".findings")).ToBeVisibleAsync();

        await console.AssertAccessibleAsync();
        await console.PictureAsync(picture);
    }
}
