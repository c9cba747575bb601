using Microsoft.Playwright;
using Signet.Operators;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Operators;

public sealed class MePageTests(Chromium chromium)
{
    private const string NextPassword = "staple correct horse";

    [Fact]
    public async Task Who_changes_their_password_stays_signed_in_here_and_nowhere_else()
    {
        await using var system = await StartAsync();
        await using var elsewhere = await OpenAsync(system, "messages");
        await Expect(elsewhere.Page.GetByRole(AriaRole.Heading, new() { Name = "Messages" })).ToBeVisibleAsync();
        await using var console = await OpenAsync(system, "messages");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Signed in as ana" }).ClickAsync();
        await console.Page.GetByText("Change my password").ClickAsync();

        await FillAsync(console, ConsoleSystem.Password, NextPassword, NextPassword);

        await Expect(console.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync(
            "Your password was changed. You stay signed in here; all your other sessions have ended.");
        await console.Page.GetByRole(AriaRole.Link, new() { Name = "Back to the console" }).ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Button, new() { Name = "Signed in as ana" })).ToBeVisibleAsync();
        await Expect(elsewhere.Page.GetByText("Your session has ended.")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await elsewhere.SignInAsync("ana");
        await Expect(elsewhere.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The name or the password is wrong.");
        await elsewhere.SignInAsync("ana", NextPassword);
        await Expect(elsewhere.Page.GetByRole(AriaRole.Heading, new() { Name = "Messages" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Another_page_of_the_same_browser_goes_on_too()
    {
        await using var system = await StartAsync();
        await using var console = await OpenAsync(system, "messages?text=umbrella");
        var other = console.Page;
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "Messages" })).ToBeVisibleAsync();
        var me = await other.Context.NewPageAsync();
        await me.GotoAsync(new Uri(system.Url, "/console/me").ToString());

        // The other page may be told before this one shows its answer. So the wait begins before the change.
        await other.RunAndWaitForRequestAsync(
            () => FillAsync(me, ConsoleSystem.Password, NextPassword, NextPassword),
            request => request.IsNavigationRequest,
            new() { Timeout = 20_000 });
        await Expect(me.GetByRole(AriaRole.Status)).ToBeVisibleAsync();

        // It is led to signing in, and from there straight back by the session that goes on.
        await Expect(other).ToHaveURLAsync(new Uri(system.Url, "/console/messages?text=umbrella").ToString());
        await Expect(other.GetByRole(AriaRole.Button, new() { Name = "Signed in as ana" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("a guess that is wrong", NextPassword, NextPassword, "this is not your password")]
    [InlineData(ConsoleSystem.Password, NextPassword, "something else", "the two passwords differ")]
    [InlineData(ConsoleSystem.Password, "short", "short", "a password has ")]
    public async Task A_refusal_says_why(string current, string next, string repeated, string refusal)
    {
        await using var system = await StartAsync();
        await using var console = await OpenAsync(system, "me");

        await FillAsync(console, current, next, repeated);

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(refusal);
        Assert.IsType<SignInOutcome.Done>(await system.Mail.Operators.SignInAsync(
            "ana", ConsoleSystem.Password, System.Net.IPAddress.Loopback, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("me-light", ColorScheme.Light, 1280, 800)]
    [InlineData("me-dark", ColorScheme.Dark, 1280, 800)]
    [InlineData("me-phone", ColorScheme.Light, 390, 844)]
    public async Task It_is_accessible(string picture, ColorScheme colors, int width, int height)
    {
        await using var system = await StartAsync();
        await using var console = await OpenAsync(system, "me", colors, width, height);
        await FillAsync(console, "a guess that is wrong", NextPassword, NextPassword);
        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();

        await console.AssertAccessibleAsync();
        await console.PictureAsync(picture);
    }

    private static async Task<ConsoleSystem> StartAsync()
    {
        var system = await ConsoleSystem.ServeAsync();
        await system.AddOperatorAsync("ana", OperatorRole.Operate);
        return system;
    }

    private async Task<ConsolePage> OpenAsync(
        ConsoleSystem system, string path, ColorScheme colors = ColorScheme.Light, int width = 1280, int height = 800)
    {
        var console = await ConsolePage.OpenAsync(chromium, system, path, colors, width, height);
        await console.SignInAsync("ana");
        return console;
    }

    private static Task FillAsync(ConsolePage console, string current, string next, string repeated) =>
        FillAsync(console.Page, current, next, repeated);

    private static async Task FillAsync(IPage page, string current, string next, string repeated)
    {
        await page.GetByLabel("Password now").FillAsync(current);
        await page.GetByLabel("New password", new() { Exact = true }).FillAsync(next);
        await page.GetByLabel("New password again").FillAsync(repeated);
        await page.GetByRole(AriaRole.Button, new() { Name = "Change, and end my other sessions" }).ClickAsync();
    }
}
