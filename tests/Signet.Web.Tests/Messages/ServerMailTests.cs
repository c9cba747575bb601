using Microsoft.Playwright;
using Signet.Addresses;
using Signet.Archive;
using Signet.Identities;
using Signet.Messages;
using Signet.Names;
using Signet.Operators;
using Signet.Web.Messages;
using Signet.Web.Shell;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Messages;

/// <summary>Confirmation mails are the server's own: who sees that one was sent, and who sees what it says.</summary>
public sealed class ServerMailTests(Chromium chromium)
{
    private const string Subject = "Confirm ceo@bank.test";

    private static readonly AccountId Shop = ConsoleSystem.Owner.Account;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OperatorRole.Read, "000000000000", false)]
    [InlineData(OperatorRole.Operate, "000000000000", false)]
    [InlineData(OperatorRole.Administer, "000000000000", false)]
    [InlineData(OperatorRole.Read, null, false)]
    [InlineData(OperatorRole.Operate, null, false)]
    [InlineData(OperatorRole.Administer, null, true)]
    public async Task Only_who_administers_the_whole_server_sees_it_and_nobody_in_serve_its_content(OperatorRole role, string? account, bool sees)
    {
        await using var system = await ConsoleSystem.ServeAsync();
        var id = await AskAsync(system);
        var viewer = new Viewer("ana", role, account is null ? null : AccountId.Parse(account));

        var shown = await ShownMessage.FindAsync(system.Mail.Archive, viewer, id, Cancel);
        Assert.Equal(sees, shown is not null);
        Assert.Equal((false, false), (shown?.HasContent ?? false, shown?.HasText ?? false));
        Assert.Null(await system.Mail.Archive.GetContentAsync(id, Cancel));
        Assert.Equal((sees, true), (viewer.Sees((AccountRegion?)null), viewer.Sees(ConsoleSystem.Owner)));
    }

    [Theory]
    [InlineData(OperatorRole.Administer, "000000000000")]
    [InlineData(OperatorRole.Operate, null)]
    public async Task No_page_shows_an_account_or_an_ordinary_operator_that_it_was_sent(OperatorRole role, string? account)
    {
        await using var system = await ConsoleSystem.ServeAsync();
        var id = await AskAsync(system);
        await using var console = await OpenAsync(system, role, account);

        foreach (var (path, missing) in ((string, string)[])
            [("messages", "No mail yet"), ("messages?text=confirm", "No message matches"), ($"messages?id={id}", "No message matches"),
                ($"messages/{id}", $"No message {id}"), ($"messages/{id}?view=source", $"No message {id}"), ("why", "No send was accepted and no request refused yet."),
                ($"why/messages/{id}", "This message does not exist")])
        {
            await console.GoAsync(path);
            await Expect(console.Page.Locator("main")).ToContainTextAsync(missing);
            await Expect(console.Page.Locator("main")).Not.ToContainTextAsync("ceo@bank.test");
        }
    }

    [Fact]
    public async Task An_administrator_of_the_whole_server_sees_its_story_and_that_its_content_is_not_shown()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        var id = await AskAsync(system);
        await using var console = await OpenAsync(system, OperatorRole.Administer, null);

        await Expect(console.Page.Locator("main")).ToContainTextAsync(Subject);
        foreach (var path in (string[])[$"messages/{id}", $"messages/{id}?view=source", $"messages/{id}?view=text"])
        {
            await console.GoAsync(path);
            await Expect(console.Page.Locator("main")).ToContainTextAsync("The content of this mail is the server's own and is not shown.");
            await Expect(console.Page.Locator("main")).ToContainTextAsync("none: this is the server's own mail");
            await Expect(console.Page.Locator("main")).ToContainTextAsync("Accepted by VerifyEmailIdentity");
            await Expect(console.Page.Locator(".tabs")).ToHaveTextAsync("TimelineWhy");
            await Expect(console.Page.GetByText("Export")).ToHaveCountAsync(0);
            await Expect(console.Page.GetByText("Release")).ToHaveCountAsync(0);
            await Expect(console.Page.Locator("main")).Not.ToContainTextAsync("/_signet/confirm/");
        }

        await console.GoAsync($"why/messages/{id}");
        await Expect(console.Page.Locator("main")).ToContainTextAsync("account 000000000000 asks to verify ceo@bank.test in us-east-1");
        await Expect(console.Page.GetByText("Simulate this again")).ToHaveCountAsync(0);
        await console.AssertAccessibleAsync();
    }

    [Fact]
    public async Task In_strict_dev_it_is_shown_with_its_link_and_cannot_be_released()
    {
        await using var system = await ConsoleSystem.DevAsync(("strict", "true"));
        var id = await AskAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}?view=text");

        await Expect(console.Page.Locator("main")).ToContainTextAsync("/_signet/confirm/");
        await Expect(console.Page.GetByText("Export")).ToBeVisibleAsync();
        await Expect(console.Page.GetByText("Release")).ToHaveCountAsync(0);
        await console.GoAsync("messages");
        await Expect(console.Page.Locator("main")).ToContainTextAsync(Subject);
    }

    [Fact]
    public async Task It_cannot_be_released_whoever_asks()
    {
        await using var system = await ConsoleSystem.DevAsync(("strict", "true"));
        var shown = await ShownMessage.FindAsync(
            system.Mail.Archive, new Viewer("dev", OperatorRole.Administer, null), await AskAsync(system), Cancel);
        Assert.True(Mailbox.TryParse("me@example.com", out var to, out _));

        Assert.Throws<ArgumentException>(() => Release.Request(shown!.Message, ReadOnlyMemory<byte>.Empty, to));
    }

    private static async Task<MessageId> AskAsync(ConsoleSystem system)
    {
        var start = await system.Mail.Identities.VerifyEmailAsync(ConsoleSystem.Owner, EmailAddress.Parse("ceo@bank.test"), Cancel);
        Assert.IsType<VerificationStart.Known>(start);
        return Assert.Single(await system.Mail.Archive.FindAsync(new MessageFilter { WithServerMail = true }, 2, Cancel)).Id;
    }

    private async Task<ConsolePage> OpenAsync(ConsoleSystem system, OperatorRole role, string? account)
    {
        await system.AddAccountAsync(Shop);
        await system.AddOperatorAsync("ana", role, account is null ? null : AccountId.Parse(account));
        var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        await console.SignInAsync("ana");
        await Expect(console.Page.GetByRole(AriaRole.Button, new() { Name = "Signed in as ana" })).ToBeVisibleAsync();
        return console;
    }
}
