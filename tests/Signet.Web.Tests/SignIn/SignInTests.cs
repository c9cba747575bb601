using System.Net;
using Microsoft.Playwright;
using Signet.Names;
using Signet.Operators;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.SignIn;

public sealed class SignInTests(Chromium chromium)
{
    [Fact]
    public async Task Serve_asks_who_it_is_and_leads_to_the_page_that_was_asked_for()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Administer);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages?text=umbrella");
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();

        await console.SignInAsync("ana");

        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Messages" })).ToBeVisibleAsync();
        await Expect(console.Page).ToHaveURLAsync(new Uri(system.Url, "/console/messages?text=umbrella").ToString());
        await Expect(console.Page.GetByRole(AriaRole.Button, new() { Name = "Signed in as ana" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_wrong_password_is_refused_in_the_same_words_as_a_name_that_nobody_has()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sign-in");

        await console.SignInAsync("ana", "not the password");
        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The name or the password is wrong.");
        await console.SignInAsync("bob");

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The name or the password is wrong.");
    }

    [Fact]
    public async Task Who_signs_out_everywhere_is_shown_out_of_every_open_page()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        await console.SignInAsync("ana");
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Messages" })).ToBeVisibleAsync();

        await system.Mail.Operators.SignOutEverywhereAsync("ana", TestContext.Current.CancellationToken);

        await Expect(console.Page.GetByText("Your session has ended.")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await console.GoAsync("messages");
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Signing_out_takes_a_form_and_ends_the_session()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        await console.SignInAsync("ana");

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Signed in as ana" }).ClickAsync();
        await console.Page.GetByText("Sign out", new() { Exact = true }).ClickAsync();
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out here" }).ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await console.GoAsync("messages");
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Signing_out_leads_every_open_page_of_the_browser_out()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        await console.SignInAsync("ana");
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Messages" })).ToBeVisibleAsync();
        var other = await console.Page.Context.NewPageAsync();
        await other.GotoAsync(new Uri(system.Url, "/console/sign-out").ToString());

        await other.GetByRole(AriaRole.Button, new() { Name = "Sign out here" }).ClickAsync();

        await Expect(console.Page.GetByText("Your session has ended.")).ToBeVisibleAsync(new() { Timeout = 20_000 });
    }

    [Fact]
    public async Task Who_is_signed_in_is_not_asked_again()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sign-in");
        await console.SignInAsync("ana");
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "Messages" })).ToBeVisibleAsync();

        await console.GoAsync("sign-in?problem=ended&return=%2Fconsole%2Fidentities");

        await Expect(console.Page).ToHaveURLAsync(new Uri(system.Url, "/console/identities").ToString());
    }

    [Fact]
    public async Task An_accounts_operator_sees_that_account_only()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        var other = AccountId.Parse("444455556666");
        await system.AddAccountAsync(other);
        await system.AddOperatorAsync("olga", OperatorRole.Administer, other);
        var id = await system.SendAsync("Of another account");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        await console.SignInAsync("olga");
        await Expect(console.Page.GetByText("No mail yet")).ToBeVisibleAsync();

        await console.GoAsync($"messages/{id}");
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = $"No message {id}" })).ToBeVisibleAsync();
        await console.GoAsync($"messages?account={ConsoleSystem.Owner.Account}");
        await Expect(console.Page.GetByText("No message matches.")).ToBeVisibleAsync();

        var raw = await console.Page.APIRequest.GetAsync(new Uri(system.Url, $"/console/messages/{id}/message.eml").ToString());
        Assert.Equal((int)HttpStatusCode.NotFound, raw.Status);
    }

    [Fact]
    public async Task Who_may_only_read_finds_nothing_that_changes_a_message()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Read);
        var id = await system.SendAsync("An invoice");
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"messages/{id}");
        await console.SignInAsync("ana");

        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "An invoice" })).ToBeVisibleAsync();
        await Expect(console.Page.GetByRole(AriaRole.Link, new() { Name = "Export" })).ToBeVisibleAsync();
        await Expect(console.Page.GetByRole(AriaRole.Button, new() { Name = "Release" })).ToHaveCountAsync(0);
        await Expect(console.Page.GetByRole(AriaRole.Button, new() { Name = "Delete" })).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("sign-in-light", ColorScheme.Light, 1280)]
    [InlineData("sign-in-dark", ColorScheme.Dark, 1280)]
    [InlineData("sign-in-phone", ColorScheme.Light, 390)]
    public async Task It_is_accessible(string picture, ColorScheme colors, int width)
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sign-in?problem=ended", colors, width);

        await console.AssertAccessibleAsync();
        await console.PictureAsync(picture);
    }
}
