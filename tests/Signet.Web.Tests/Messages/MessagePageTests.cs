using System.Text;
using Microsoft.Playwright;
using Signet.Archive;
using Signet.Tests.Fakes;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Messages;

public sealed class MessagePageTests(Chromium chromium)
{
    [Fact]
    public async Task The_html_is_shown_as_wide_as_a_phone_a_tablet_and_the_page()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendRawAsync(SampleMail.Order, from: "news@shop.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}");
        var frame = console.Page.Locator("iframe");
        var page = console.Page.FrameLocator("iframe");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "On its way" })).ToBeVisibleAsync();
        Assert.Equal(10, await page.GetByAltText("Shop").EvaluateAsync<int>("image => image.naturalWidth"));
        await Expect(console.Page.GetByText("1 remote image or style was not loaded.")).ToBeVisibleAsync();
        await console.Page.GetByRole(AriaRole.Link, new() { Name = "Phone" }).ClickAsync();
        await Expect(frame).ToHaveCSSAsync("width", "375px");
        await console.Page.GetByRole(AriaRole.Link, new() { Name = "Tablet" }).ClickAsync();
        await Expect(frame).ToHaveCSSAsync("width", "768px");
        await console.Page.GetByRole(AriaRole.Link, new() { Name = "Dark" }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveCSSAsync("color-scheme", "dark");
        await Expect(console.Page.Locator(".frame-ground")).ToHaveCSSAsync("background-color", "rgb(27, 27, 31)");
        await Expect(console.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("width=tablet.*dark=true"));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_button_decides_which_colours_a_message_is_asked_for_and_not_the_machine(ColorScheme machine)
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendRawAsync(SampleMail.OfHtml(
            "<style>body { background: rgb(1, 2, 3) } @media (prefers-color-scheme: dark) { body { background: rgb(4, 5, 6) } }</style><p>Hello"));
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}", machine);
        var body = console.Page.FrameLocator("iframe").Locator("body");

        await Expect(body).ToHaveCSSAsync("background-color", "rgb(1, 2, 3)");
        await console.Page.GetByRole(AriaRole.Link, new() { Name = "Dark" }).ClickAsync();
        await Expect(body).ToHaveCSSAsync("background-color", "rgb(4, 5, 6)");

        // Nothing stands between the body and the edges of the frame.
        await Expect(console.Page.FrameLocator("iframe").Locator("html")).ToHaveCSSAsync("background-color", "rgba(0, 0, 0, 0)");
    }

    [Fact]
    public async Task To_Cc_Bcc_and_Reply_To_are_told_apart()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendRawAsync(
            SampleMail.Bytes("From: app@example.com\nTo: Ada <ada@example.net>, bo@example.net\nCc: cy@example.net\nReply-To: desk@example.com\n\nx"),
            to: "hidden@example.net");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}");

        await Expect(console.Page.Locator(".facts-line")).ToContainTextAsync(
            new System.Text.RegularExpressions.Regex("To\\s*Ada <ada@example.net>, bo@example.net\\s*Cc\\s*cy@example.net\\s*Bcc\\s*hidden@example.net\\s*Reply-To\\s*desk@example.com"));
        await Expect(console.Page.Locator(".facts-line time")).ToContainTextAsync(" UTC");
    }

    [Fact]
    public async Task Text_headers_parts_and_source_are_there()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendRawAsync(SampleMail.Order, from: "news@shop.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}");

        await ViewAsync(console, "Text");
        await Expect(console.Page.GetByText("Track it: https://shop.test/t/1047")).ToBeVisibleAsync();
        await ViewAsync(console, "Headers");
        await Expect(console.Page.GetByRole(AriaRole.Cell, new() { Name = "Your order 1047 is on its way" })).ToBeVisibleAsync();
        await ViewAsync(console, "Parts (2 attached)");
        var saving = await console.Page.RunAndWaitForDownloadAsync(() => console.Page.GetByRole(AriaRole.Row)
            .Filter(new() { HasText = "application/pdf" }).GetByRole(AriaRole.Link).ClickAsync());
        await ViewAsync(console, "Source");
        await Expect(console.Page.GetByText("Content-Type: multipart/mixed; boundary=m")).ToBeVisibleAsync();

        Assert.Equal("invoice 1047.pdf", saving.SuggestedFilename);
        Assert.Equal("an invoice", await File.ReadAllTextAsync(await saving.PathAsync(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Export_saves_the_bytes_as_they_are_kept()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendRawAsync(SampleMail.Order, from: "news@shop.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}");

        var saving = await console.Page.RunAndWaitForDownloadAsync(() =>
            console.Page.GetByRole(AriaRole.Link, new() { Name = "Export" }).ClickAsync());

        Assert.Equal($"{id}.eml", saving.SuggestedFilename);
        Assert.Equal(
            (await system.Mail.Archive.GetContentAsync(id, TestContext.Current.CancellationToken))!.Value.ToArray(),
            await File.ReadAllBytesAsync(await saving.PathAsync(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_timeline_shows_each_attempt_and_its_reply_as_it_happens()
    {
        await using var server = new ScriptedSmtpServer("RCPT TO: 550 5.1.1 no such user here", TimeProvider.System);
        await using var system = await ConsoleSystem.DevAsync(("route", $"example.net=smtp://{server.EndPoint}"), ("route", "capture"));
        var id = await system.SendAsync("An invoice");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}?view=timeline");

        var timeline = console.Page.Locator(".timeline");
        await Expect(timeline).ToContainTextAsync("Accepted by SendEmail");
        await Expect(timeline).ToContainTextAsync("550 5.1.1 no such user here");
        await Expect(timeline).ToContainTextAsync("Bounce, Permanent");
        await Expect(timeline).ToContainTextAsync("none: in clear");
    }

    [Fact]
    public async Task The_timeline_shows_the_encryption_of_an_attempt_and_the_policy_that_asked_for_it()
    {
        using var certificate = SelfSigned.Certificate("other.test");
        await using var server = new ScriptedSmtpServer("NOOP: 250 ok", TimeProvider.System, certificate);
        await using var system = await ConsoleSystem.DevAsync(("route", $"example.net=smtp://{server.EndPoint}?tls=required"), ("route", "capture"));
        var id = await system.SendAsync("An invoice");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}?view=timeline");

        var timeline = console.Page.Locator(".timeline");
        await Expect(timeline).ToContainTextAsync("TLSv1.3, TLS_");
        await Expect(timeline).ToContainTextAsync("self-signed; wrong name");
        await Expect(timeline).ToContainTextAsync("required by route example.net");
    }

    [Fact]
    public async Task A_waiting_delivery_is_held_and_dropped()
    {
        await using var server = new ScriptedSmtpServer("RCPT TO: 450 4.2.1 try later", TimeProvider.System);
        await using var system = await ConsoleSystem.DevAsync(("route", $"example.net=smtp://{server.EndPoint}"), ("route", "capture"));
        var id = await system.SendAsync("An invoice");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}?view=timeline");
        await Expect(console.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "deferred" })).ToBeVisibleAsync();

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Hold" }).ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "held" })).ToBeVisibleAsync();
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Drop" }).ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "dropped by an operator" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Release_sends_it_to_somebody_outside()
    {
        await using var server = new ScriptedSmtpServer("", TimeProvider.System);
        await using var system = await ConsoleSystem.DevAsync(("route", $"outside.test=smtp://{server.EndPoint}"), ("route", "capture"));
        var id = await system.SendRawAsync(SampleMail.Order, from: "news@shop.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}");

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Release" }).ClickAsync();
        await console.Page.GetByLabel("To", new() { Exact = true }).FillAsync("ada@outside.test");
        await Expect(console.Page.GetByText("It leaves by smtp://")).ToBeVisibleAsync();
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(console.Page.GetByText("Accepted for ada@outside.test.")).ToBeVisibleAsync();
        await console.GoAsync("messages?address=ada@outside.test&state=delivered");

        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync("1 message");
        Assert.Contains("Your order 1047", Encoding.UTF8.GetString(Assert.Single(server.Contents)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_typed_into_Release_stays_there()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendAsync("Hello");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}");
        var to = console.Page.GetByLabel("To", new() { Exact = true });

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Release" }).FocusAsync();
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(to).ToBeFocusedAsync();
        await console.Page.Keyboard.TypeAsync("somebody.with.a.long.name@example.net");
        await console.Page.Mouse.ClickAsync(5, 5);
        await Expect(console.Page.GetByText("Mail to example.net does not leave this server")).ToBeVisibleAsync();
        await Expect(to).ToHaveValueAsync("somebody.with.a.long.name@example.net");
        await to.PressAsync("Enter");

        await Expect(console.Page.GetByText("mail to this address does not leave the server")).ToBeVisibleAsync();
        await Expect(to).ToHaveValueAsync("somebody.with.a.long.name@example.net");
    }

    [Fact]
    public async Task Delete_begins_on_Keep()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendAsync("Hello");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}");

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).FocusAsync();
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console.Page.GetByRole(AriaRole.Button, new() { Name = "Keep" })).ToBeFocusedAsync();
        await console.Page.Keyboard.PressAsync("Enter");

        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.NotNull(await system.Mail.Archive.GetAsync(id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Release_to_where_no_route_leads_out_is_refused_and_says_what_to_do()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendAsync("An invoice");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}");

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Release" }).ClickAsync();
        await console.Page.GetByLabel("To", new() { Exact = true }).FillAsync("ada@outside.test");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        await Expect(console.Page.GetByText("--route outside.test=smtp://HOST")).ToBeVisibleAsync();
        await Expect(console.Page.GetByText("mail to this address does not leave the server")).ToBeVisibleAsync();
        Assert.Equal(1, await system.Mail.Archive.CountAsync(new MessageFilter(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_deleted_message_is_gone_from_the_list()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendAsync("An invoice");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}");

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await console.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await Expect(console.Page.GetByText("No mail yet")).ToBeVisibleAsync();
        await console.GoAsync($"messages/{id}");
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = $"No message {id}" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("html", ColorScheme.Light, 1280, "message-light")]
    [InlineData("html", ColorScheme.Light, 390, "message-phone")]
    [InlineData("timeline", ColorScheme.Dark, 1280, "message-dark")]
    [InlineData("parts", ColorScheme.Dark, 390, null)]
    [InlineData("headers", ColorScheme.Light, 1280, null)]
    [InlineData("source", ColorScheme.Light, 1280, null)]
    public async Task It_is_accessible(string view, ColorScheme colors, int width, string? picture)
    {
        await using var system = await ConsoleSystem.DevAsync();
        var id = await system.SendRawAsync(SampleMail.Order, from: "news@shop.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}?view={view}", colors, width);

        await console.AssertAccessibleAsync();
        if (picture is not null)
        {
            await console.PictureAsync(picture);
        }
    }

    private static async Task ViewAsync(ConsolePage console, string name) =>
        await console.Page.GetByRole(AriaRole.Navigation, new() { Name = "Views of the message" })
            .GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
}
