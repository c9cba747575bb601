using Microsoft.Playwright;
using Signet.Names;
using Signet.Operators;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Operators;

public sealed class OperatorsPageTests(Chromium chromium)
{
    private const string NextPassword = "staple correct horse";

    private static readonly AccountId Shop = AccountId.Parse("111122223333");
    private static readonly AccountId News = AccountId.Parse("444455556666");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_with_a_password_is_made_and_can_sign_in()
    {
        await using var system = await StartAsync();
        await using var console = await OpenAsync(system, "ann");
        var page = console.Page;
        await Expect(Row(page, "ann (you)")).ToContainTextAsync("administer");
        await Button(page, "Create operator").ClickAsync();
        await page.GetByLabel("Name").FillAsync("Eve@Example.com");
        await page.GetByRole(AriaRole.Combobox).SelectOptionAsync("operate");
        await page.GetByLabel("Account", new() { Exact = true }).FillAsync(Shop.Value);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(NextPassword);
        await page.GetByLabel("Password again").FillAsync(NextPassword + "x");
        await Button(page, "Create").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("the two passwords differ");
        await Expect(page.GetByLabel("Name")).ToHaveValueAsync("Eve@Example.com");

        await page.GetByLabel("Password again").FillAsync(NextPassword);
        await Button(page, "Create").ClickAsync();

        await Expect(page.GetByText("Operator Eve@Example.com was created.")).ToBeVisibleAsync();
        await Expect(Row(page, "eve@example.com")).ToContainTextAsync("operate");
        await Expect(Row(page, "eve@example.com")).ToContainTextAsync(Shop.Value);
        await using var own = await ConsolePage.OpenAsync(chromium, system, "messages");
        await own.SignInAsync("eve@example.com", NextPassword);
        await Expect(Button(own.Page, "Signed in as eve@example.com")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_operator_without_a_password_is_made()
    {
        await using var system = await StartAsync();
        await using var console = await OpenAsync(system, "ann");
        var page = console.Page;

        await Button(page, "Create operator").ClickAsync();
        await page.GetByLabel("Name").FillAsync("eve@example.com");
        await page.GetByLabel("Signs in by OpenID Connect only").CheckAsync();
        await Expect(page.GetByLabel("Password", new() { Exact = true })).ToHaveCountAsync(0);
        await Button(page, "Create").ClickAsync();

        await Expect(Row(page, "eve@example.com")).ToContainTextAsync("OpenID Connect only");
        Assert.False((await system.Mail.Operators.FindAsync("eve@example.com", Cancel))!.HasPassword);
    }

    [Fact]
    public async Task Role_and_account_are_changed()
    {
        await using var system = await StartAsync();
        await using var console = await OpenAsync(system, "ann");
        var page = console.Page;

        await Button(page, "Change cleo").ClickAsync();
        await page.GetByRole(AriaRole.Combobox).SelectOptionAsync("administer");
        await page.GetByLabel("Account", new() { Exact = true }).FillAsync("999900001111");
        await Button(page, "Save and end sessions").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("there is no account 999900001111");
        await page.GetByLabel("Account", new() { Exact = true }).FillAsync(News.Value);
        await Button(page, "Save and end sessions").ClickAsync();

        await Expect(page.GetByText("Operator cleo was changed.")).ToBeVisibleAsync();
        await Expect(Row(page, "cleo")).ToContainTextAsync(News.Value);
        var cleo = (await system.Mail.Operators.FindAsync("cleo", Cancel))!;
        Assert.Equal((OperatorRole.Administer, News), (cleo.Role, cleo.Account));
    }

    [Fact]
    public async Task Another_password_is_set_and_the_old_one_is_worth_nothing()
    {
        await using var system = await StartAsync();
        await using var console = await OpenAsync(system, "ann");
        var page = console.Page;

        await Button(page, "Change cleo").ClickAsync();
        await page.GetByLabel("New password", new() { Exact = true }).FillAsync(NextPassword);
        await page.GetByLabel("New password again").FillAsync(NextPassword);
        await Button(page, "Set the password").ClickAsync();

        await Expect(page.GetByText("The password of cleo was set, and all sessions ended.")).ToBeVisibleAsync();
        await using var own = await ConsolePage.OpenAsync(chromium, system, "messages");
        await own.SignInAsync("cleo");
        await Expect(own.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The name or the password is wrong.");
        await own.SignInAsync("cleo", NextPassword);
        await Expect(Button(own.Page, "Signed in as cleo")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Who_is_signed_out_everywhere_is_led_from_the_open_page_to_signing_in_and_back()
    {
        await using var system = await StartAsync();
        await using var theirs = await OpenAsync(system, "cleo", "messages?text=umbrella");
        await Expect(Button(theirs.Page, "Signed in as cleo")).ToBeVisibleAsync();
        await using var console = await OpenAsync(system, "ann");

        await Button(console.Page, "Change cleo").ClickAsync();
        await Button(console.Page, "Sign out everywhere").ClickAsync();

        await Expect(console.Page.GetByText("All sessions of cleo ended.")).ToBeVisibleAsync();
        await Expect(theirs.Page.GetByText("Your session has ended.")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await theirs.SignInAsync("cleo");
        await Expect(theirs.Page).ToHaveURLAsync(new Uri(system.Url, "/console/messages?text=umbrella").ToString());
    }

    [Fact]
    public async Task An_operator_is_deleted_after_a_question()
    {
        await using var system = await StartAsync();
        await using var console = await OpenAsync(system, "ann");
        var page = console.Page;
        await Button(page, "Change cleo").ClickAsync();
        await Button(page, "Delete cleo").ClickAsync();
        await Button(page.GetByRole(AriaRole.Dialog), "Cancel").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.NotNull(await system.Mail.Operators.FindAsync("cleo", Cancel));

        await Button(page, "Delete cleo").ClickAsync();
        await Button(page.GetByRole(AriaRole.Dialog), "Delete").ClickAsync();

        await Expect(page.GetByText("Operator cleo was deleted.")).ToBeVisibleAsync();
        await Expect(Row(page, "cleo")).ToHaveCountAsync(0);
        Assert.Null(await system.Mail.Operators.FindAsync("cleo", Cancel));
    }

    [Fact]
    public async Task The_last_administrator_is_neither_lowered_nor_deleted()
    {
        const string refusal = "ann is the last administrator of the whole server: make another one first";
        await using var system = await StartAsync();
        await using var console = await OpenAsync(system, "ann");
        var page = console.Page;

        await Button(page, "Change ann").ClickAsync();
        await page.GetByRole(AriaRole.Combobox).SelectOptionAsync("read");
        await Button(page, "Save and end sessions").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(refusal);
        await Button(page, "Delete ann").ClickAsync();
        await Button(page.GetByRole(AriaRole.Dialog), "Delete").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("last administrator");
        Assert.Equal(OperatorRole.Administer, (await system.Mail.Operators.FindAsync("ann", Cancel))!.Role);
    }

    [Fact]
    public async Task An_accounts_administrator_has_to_do_with_that_accounts_operators_only()
    {
        await using var system = await StartAsync();
        await using var console = await OpenAsync(system, "bob");
        var page = console.Page;

        await Expect(Row(page, "bob (you)")).ToBeVisibleAsync();
        await Expect(Row(page, "cleo")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        await Button(page, "Create operator").ClickAsync();
        await Expect(page.GetByLabel("Account", new() { Exact = true })).ToHaveValueAsync(Shop.Value);
        await Expect(page.GetByLabel("Account", new() { Exact = true })).Not.ToBeEditableAsync();
        await page.GetByLabel("Name").FillAsync("eve");
        await page.GetByLabel("Signs in by OpenID Connect only").CheckAsync();
        await Button(page, "Create").ClickAsync();

        await Expect(Row(page, "eve")).ToBeVisibleAsync();
        Assert.Equal(Shop, (await system.Mail.Operators.FindAsync("eve", Cancel))!.Account);
    }

    [Fact]
    public async Task What_somebody_asks_for_whose_sessions_have_just_ended_is_not_done()
    {
        await using var system = await StartAsync();
        await system.AddOperatorAsync("zoe", OperatorRole.Administer);
        await using var console = await OpenAsync(system, "zoe");
        var page = console.Page;
        await Button(page, "Create operator").ClickAsync();
        await page.GetByLabel("Name").FillAsync("eve");
        await page.GetByLabel("Signs in by OpenID Connect only").CheckAsync();
        await Expect(page.GetByLabel("Password", new() { Exact = true })).ToHaveCountAsync(0);

        await system.Mail.Operators.SignOutEverywhereAsync("zoe", Cancel);
        await Button(page, "Create").ClickAsync();

        await Expect(page.GetByText("Your session has ended.").Or(page.GetByText("your session has ended"))).ToBeVisibleAsync();
        Assert.Null(await system.Mail.Operators.FindAsync("eve", Cancel));
    }

    [Theory]
    [InlineData("operators-light", ColorScheme.Light, 1280, 800)]
    [InlineData("operators-dark", ColorScheme.Dark, 1280, 800)]
    [InlineData("operators-phone", ColorScheme.Light, 390, 844)]
    public async Task It_is_accessible(string picture, ColorScheme colors, int width, int height)
    {
        await using var system = await StartAsync();
        await using var console = await OpenAsync(system, "ann", "operators", colors, width, height);
        await Expect(Row(console.Page, "dora")).ToBeVisibleAsync();
        await console.AssertAccessibleAsync();
        await Button(console.Page, "Change cleo").ClickAsync();
        await Expect(Button(console.Page, "Set the password")).ToBeVisibleAsync();

        await console.AssertAccessibleAsync();
        await console.PictureAsync(picture);
        await Button(console.Page, "Create operator").ClickAsync();
        await Expect(Button(console.Page, "Create")).ToBeVisibleAsync();
        await console.AssertAccessibleAsync();
    }

    private async Task<ConsolePage> OpenAsync(
        ConsoleSystem system, string name, string path = "operators", ColorScheme colors = ColorScheme.Light, int width = 1280, int height = 800)
    {
        var console = await ConsolePage.OpenAsync(chromium, system, path, colors, width, height);
        await console.SignInAsync(name);
        return console;
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static ILocator Button(ILocator within, string name) => within.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static ILocator Row(IPage page, string name) =>
        page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = name, Exact = true }) });

    // ann of the whole server, bob and cleo of one account, dora of another.
    private static async Task<ConsoleSystem> StartAsync()
    {
        var system = await ConsoleSystem.ServeAsync();
        await system.AddAccountAsync(Shop);
        await system.AddAccountAsync(News);
        await system.AddOperatorAsync("ann", OperatorRole.Administer);
        await system.AddOperatorAsync("bob", OperatorRole.Administer, Shop);
        await system.AddOperatorAsync("cleo", OperatorRole.Read, Shop);
        await system.Mail.Operators.CreateAsync("dora", OperatorRole.Operate, News, null, Cancel);
        return system;
    }
}
