using Microsoft.Playwright;
using Signet.Accounts;
using Signet.Addresses;
using Signet.Archive;
using Signet.Identities;
using Signet.Names;
using Signet.Operators;
using Signet.Web.Messages;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Messages;

/// <summary>The way to the first mail: the empty inbox, the programs to copy, the test mail.</summary>
public sealed class FirstMailTests(Chromium chromium)
{
    private static readonly AccountId Shop = AccountId.Parse("111122223333");
    private static readonly AccountId News = AccountId.Parse("444455556666");

    private static readonly string[] Views = ["HTML", "Text", "Timeline", "Why", "Checks", "Headers", "Parts (2 attached)", "Source"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_empty_inbox_has_a_program_for_each_language_with_the_port_and_the_region_of_the_server()
    {
        await using var system = await ConsoleSystem.DevAsync(("regions", "eu-west-1"));
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        var (page, program) = (console.Page, console.Page.GetByTestId("snippet"));

        foreach (var snippet in Snippet.All)
        {
            await Link(page, snippet.Language).ClickAsync();
            await Expect(Link(page, snippet.Language)).ToHaveAttributeAsync("aria-current", "page");
            await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"[?]sdk={snippet.Key}$"));
            await Expect(page.Locator(".snippet-head")).ToContainTextAsync("Install: ");
            await Expect(program).ToContainTextAsync($"http://{system.Url.Authority}");
            await Expect(program).ToContainTextAsync("eu-west-1");
            await Expect(program).ToContainTextAsync("app@example.com");
            await Expect(program).Not.ToContainTextAsync("{{");
        }
    }

    [Fact]
    public async Task A_program_is_copied_whole()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages?sdk=python");
        await console.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);

        await Button(console.Page, "Copy the program for Python").ClickAsync();

        await Expect(console.Page.GetByText("copied")).ToBeVisibleAsync();
        Assert.Equal(
            Snippet.All.Single(s => s.Key == "python").Fill(SnippetValues.Of(system.Console, system.Url)),
            await console.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [Fact]
    public async Task The_first_mail_of_a_program_takes_the_place_of_the_programs()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        await Expect(console.Page.GetByTestId("snippet")).ToBeVisibleAsync();

        await system.SendAsync("Hello");

        await Expect(Link(console.Page, "Hello")).ToBeVisibleAsync();
        await Expect(console.Page.GetByTestId("snippet")).ToHaveCountAsync(0);
        await Expect(Button(console.Page, "Send a test mail")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task The_button_sends_a_mail_that_has_something_in_every_view()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        var page = console.Page;

        await Button(page, "Send a test mail").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The first issue", Level = 1 })).ToBeVisibleAsync();
        await Expect(page.Locator(".facts-line")).ToContainTextAsync(new System.Text.RegularExpressions.Regex("To\\s*you@example.net\\s*Cc\\s*team@example.net"));
        await Expect(Link(page, "campaign=first-issue")).ToBeVisibleAsync();
        var views = page.GetByRole(AriaRole.Navigation, new() { Name = "Views of the message" });
        Assert.Equal(Views, await views.GetByRole(AriaRole.Link).AllTextContentsAsync());
        Assert.Equal(600, await page.FrameLocator("iframe").GetByAltText("An envelope on its way").EvaluateAsync<int>("image => image.naturalWidth"));
        foreach (var (view, shows) in new[]
        {
            ("Text", "Read the first issue: https://example.com/issues/1"), ("Timeline", "accepted"), ("Why", "newsletter@example.com"),
            ("Checks", "One-click unsubscribe."), ("Checks", "https://example.com/issues"), ("Checks", "Outlook"), ("Headers", "List-Unsubscribe=One-Click"),
            ("Parts (2 attached)", "first-issue.pdf"), ("Parts (2 attached)", "banner@signet.example"), ("Source", "multipart/related"),
        })
        {
            await views.GetByRole(AriaRole.Link, new() { Name = view, Exact = true }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Region, new() { Name = view, Exact = true })).ToContainTextAsync(shows, new() { IgnoreCase = true });
        }

        await system.Log.FindAsync("act=test-mail, on=newsletter@example.com to you@example.net, team@example.net, account=000000000000, result=done (as ");
    }

    [Fact]
    public async Task The_test_mail_stays_in_reach_and_appears_in_every_open_list()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.SendAsync("Hello");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages?text=nothing");
        await using var other = await ConsolePage.OpenAsync(chromium, system, "messages");

        await Button(console.Page, "Send a test mail").ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "The first issue", Level = 1 })).ToBeVisibleAsync();
        await Expect(Link(other.Page, "The first issue")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task It_is_sent_by_keyboard_alone()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        await Expect(Button(console.Page, "Send a test mail")).ToBeVisibleAsync();

        for (var stop = 0; stop < 30 && !await IsFocusedAsync(console.Page, "Send a test mail"); stop++)
        {
            await console.Page.Keyboard.PressAsync("Tab");
        }

        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "The first issue", Level = 1 })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_refusal_is_shown_beside_the_button()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.SendAsync("Hello");
        await system.Mail.Accounts.PauseAsync(ConsoleSystem.Owner.Account, "", Cancel);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");

        await Button(console.Page, "Send a test mail").ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("paused");
        Assert.Equal(1, await system.Mail.Archive.CountAsync(new MessageFilter(), Cancel));
    }

    [Fact]
    public async Task In_serve_a_reader_gets_the_programs_and_no_button()
    {
        await using var system = await ServeAsync();
        await using var console = await SignedInAsync(system, OperatorRole.Read, Shop);

        await Expect(console.Page.GetByTestId("snippet")).ToContainTextAsync("YOUR_ACCESS_KEY_ID");
        await Expect(console.Page.GetByTestId("snippet")).ToContainTextAsync("YOUR_VERIFIED_SENDER");
        await Expect(console.Page.GetByTestId("snippet")).Not.ToContainTextAsync("verify-email-identity");
        await Expect(console.Page.Locator(".first-mail").GetByRole(AriaRole.Link, new() { Name = "Accounts" })).ToHaveAttributeAsync("href", $"accounts/{Shop}");
        await Expect(Button(console.Page, "Send a test mail")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task In_serve_it_asks_for_the_account_a_verified_sender_and_the_recipient()
    {
        await using var system = await ServeAsync();
        await using var console = await SignedInAsync(system, OperatorRole.Operate, null);
        var (page, dialog) = (console.Page, console.Page.GetByRole(AriaRole.Dialog));

        await Button(page, "Send a test mail").PressAsync("Enter");
        await Expect(dialog.GetByLabel("Account")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(Button(page, "Send a test mail")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await dialog.GetByLabel("Account").SelectOptionAsync(News.Value);
        await Expect(dialog.GetByText($"Account {News} has no verified identity.")).ToBeVisibleAsync();
        await Expect(Button(dialog, "Send")).ToBeDisabledAsync();
        await dialog.GetByLabel("Account").SelectOptionAsync(Shop.Value);
        await Expect(dialog.GetByLabel("From").Locator("option")).ToHaveTextAsync(["newsletter@shop.test, us-east-1"]);
        await dialog.GetByLabel("To").FillAsync("nobody");
        await Button(dialog, "Send").ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Missing final '@domain'");
        await dialog.GetByLabel("To").FillAsync("you@example.net");
        await Expect(dialog.GetByText("Mail to example.net does not leave this server")).ToBeVisibleAsync();
        await console.AssertAccessibleAsync();
        await dialog.GetByLabel("To").PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The first issue", Level = 1 })).ToBeVisibleAsync();
        await Expect(page.Locator(".facts-line")).ToContainTextAsync("newsletter@shop.test");
        await Expect(page.Locator(".facts-line")).ToContainTextAsync($"{Shop} in us-east-1");
    }

    [Fact]
    public async Task In_serve_the_dialog_shows_why_the_mail_is_refused()
    {
        await using var system = await ServeAsync(new SettingsChange(Sandbox: true));
        await using var console = await SignedInAsync(system, OperatorRole.Operate, Shop);
        var dialog = console.Page.GetByRole(AriaRole.Dialog);

        await Button(console.Page, "Send a test mail").ClickAsync();
        await Expect(dialog.GetByLabel("From")).ToBeFocusedAsync();
        await Expect(dialog.GetByLabel("Account")).ToHaveCountAsync(0);
        await dialog.GetByLabel("To").FillAsync("you@example.net");
        await Button(dialog, "Send").ClickAsync();

        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Email address is not verified");
        await Expect(dialog.GetByLabel("To")).ToHaveValueAsync("you@example.net");
    }

    [Fact]
    public async Task A_double_click_opens_one_dialog_and_the_next_click_another_one_after_the_page_was_left()
    {
        await using var system = await ServeAsync();
        await using var console = await SignedInAsync(system, OperatorRole.Operate, Shop);
        var (page, dialog) = (console.Page, console.Page.GetByRole(AriaRole.Dialog));

        await Button(page, "Send a test mail").DblClickAsync();
        await Expect(dialog.GetByLabel("From")).ToBeFocusedAsync();
        await Expect(dialog).ToHaveCountAsync(1);
        await page.EvaluateAsync("() => Blazor.navigateTo('/console/why')");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Why", Level = 1 })).ToBeVisibleAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await page.EvaluateAsync("() => Blazor.navigateTo('/console/messages')");
        await Button(page, "Send a test mail").ClickAsync();

        await Expect(dialog.GetByLabel("From")).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData(OperatorRole.Read, "111122223333")]
    [InlineData(OperatorRole.Operate, "444455556666")]
    public async Task The_desk_sends_nothing_for_those_who_may_not(OperatorRole role, string account)
    {
        await using var system = await ServeAsync();
        await system.AddOperatorAsync("ana", role, AccountId.Parse(account));
        var viewer = await system.BeginSessionAsync("ana");
        Assert.True(Mailbox.TryParse("you@example.net", out var to, out _));

        var (sent, refusal) = await new TestMailDesk(system.Console, viewer).SendAsync(
            new TestSender(new AccountRegion(Shop, Region.Default), EmailAddress.Parse("newsletter@shop.test")), to, Cancel);

        Assert.Equal((null, "only operators of the account may send a test mail"), (sent, refusal));
        Assert.Equal(0, await system.Mail.Archive.CountAsync(new MessageFilter(), Cancel));
        Assert.Empty(viewer.Sees(Shop) ? [] : await new TestSenders(system.Console, viewer).OfAsync(Shop, Cancel));
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, "first-mail-light")]
    [InlineData(ColorScheme.Dark, 1280, "first-mail-dark")]
    [InlineData(ColorScheme.Light, 390, "first-mail-phone")]
    public async Task It_is_accessible(ColorScheme colors, int width, string picture)
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages?sdk=python", colors, width);
        await Expect(console.Page.GetByTestId("snippet")).ToBeVisibleAsync();

        await console.AssertAccessibleAsync();
        await console.PictureAsync(picture);
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static ILocator Button(ILocator place, string name) => place.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static ILocator Link(IPage page, string name) => page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    private static async Task<bool> IsFocusedAsync(IPage page, string text) =>
        (await page.EvaluateAsync<string>("() => document.activeElement.textContent")).Trim() == text;

    private static async Task<ConsoleSystem> ServeAsync(SettingsChange? settings = null)
    {
        var system = await ConsoleSystem.ServeAsync();
        foreach (var account in new[] { Shop, News })
        {
            Assert.IsType<AccountOutcome<Account>.Done>(await system.Mail.Accounts.CreateAccountAsync(
                account, "", Region.Default, settings ?? new SettingsChange(Sandbox: false), Cancel));
        }

        foreach (var (name, status) in new[] { ("shop.test", VerificationStatus.Success), ("later.test", VerificationStatus.Pending) })
        {
            var arn = new IdentityArn(new AccountRegion(Shop, Region.Default), IdentityName.Parse(name));
            await system.Mail.IdentityStore.ChangeAsync(
                arn, _ => new Identity(arn, status, null, TimeProvider.System.GetUtcNow(), null, null, DkimState.NotStarted), Cancel);
        }

        return system;
    }

    private async Task<ConsolePage> SignedInAsync(ConsoleSystem system, OperatorRole role, AccountId? account)
    {
        await system.AddOperatorAsync("ana", role, account);
        var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        await console.SignInAsync("ana");
        await Expect(console.Page.GetByText("No mail yet")).ToBeVisibleAsync();
        return console;
    }
}
