using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Signet.Accounts;
using Signet.Names;
using Signet.Policies;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Accounts;

public sealed class AccountPagesTests(Chromium chromium)
{
    private static readonly AccountId Shop = AccountId.Parse("111122223333");
    private static readonly AccountId News = AccountId.Parse("444455556666");
    private static readonly AccountRegion Home = new(Shop, Region.Default);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_dev_an_empty_list_says_that_any_twelve_digits_are_an_account()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "accounts");
        var page = console.Page;

        await Expect(page.GetByText("In dev any 12-digit id is an account")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "000000000000" }).ClickAsync();

        await Expect(page.GetByText("This one has no users, keys or settings of its own yet")).ToBeVisibleAsync();
        await Expect(Row(page, "us-east-1")).ToContainTextAsync("unlimited");
        Assert.Empty(await system.Mail.Accounts.ListAccountsAsync(Cancel));
    }

    [Fact]
    public async Task An_account_is_made_with_its_settings_and_opened()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "accounts");
        var page = console.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await page.GetByLabel("Account", new() { Exact = true }).FillAsync(Shop.Value);
        await page.GetByLabel("Name").FillAsync("Web shop");
        await page.GetByLabel("Region").FillAsync("eu-west-1");
        await page.GetByLabel("Kind").SelectOptionAsync("sandbox");
        await Expect(page.GetByLabel("Recipients in 24 hours")).ToHaveValueAsync("200");
        await page.GetByLabel("Recipients per second").FillAsync("3");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex($"/accounts/{Shop}$"));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"Account {Shop} Web shop");
        await Expect(Row(page, "eu-west-1")).ToContainTextAsync("0 of 200");
        Assert.Equal(
            new AccountSettings(true, 200, 3, true),
            await system.Mail.Accounts.SettingsAsync(new AccountRegion(Shop, Region.Parse("eu-west-1")), Cancel));
    }

    [Fact]
    public async Task A_refusal_stands_beside_the_form_and_what_was_written_stays()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.Mail.Accounts.CreateAccountAsync(Shop, "Web shop", Region.Default, null, Cancel);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "accounts");
        var page = console.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await page.GetByLabel("Account", new() { Exact = true }).FillAsync(Shop.Value);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync($"account {Shop} exists already");
        await Expect(page.GetByLabel("Account", new() { Exact = true })).ToHaveValueAsync(Shop.Value);
    }

    [Fact]
    public async Task The_list_is_found_by_a_part_and_the_address_holds_it()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.Mail.Accounts.CreateAccountAsync(Shop, "Web shop", Region.Default, null, Cancel);
        await system.Mail.Accounts.CreateAccountAsync(News, "Newsletter", Region.Default, null, Cancel);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "accounts");
        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync("2 accounts");

        await console.Page.GetByLabel("Find").FillAsync("letter");

        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync("1 of 2 accounts");
        await Expect(console.Page.GetByRole(AriaRole.Link, new() { Name = News.Value })).ToBeVisibleAsync();
        await Expect(console.Page).ToHaveURLAsync(new Regex("[?]text=letter$"));
        await console.GoAsync("accounts?text=nothing-like-it");
        await Expect(console.Page.GetByText("No account matches.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Limits_are_changed_in_one_region()
    {
        await using var system = await ConsoleSystem.DevAsync(("strict", "true"));
        await system.Mail.Accounts.CreateAccountAsync(Shop, "Web shop", Region.Default, null, Cancel);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"accounts/{Shop}");
        var page = console.Page;
        await Expect(Row(page, "us-east-1")).ToContainTextAsync("sandbox");

        await page.GetByRole(AriaRole.Button, new() { Name = "Change us-east-1" }).ClickAsync();
        await page.GetByLabel("Kind").SelectOptionAsync("production");
        await page.GetByLabel("Recipients in 24 hours").FillAsync("plenty");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("the quota is a number or unlimited, not plenty");
        await page.GetByLabel("Recipients in 24 hours").FillAsync("unlimited");
        await page.GetByLabel("Sending is on").UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(Row(page, "us-east-1")).ToContainTextAsync("production");
        await Expect(Row(page, "us-east-1")).ToContainTextAsync("off");
        Assert.Equal(new AccountSettings(false, -1, 14, false), await system.Mail.Accounts.SettingsAsync(Home, Cancel));
    }

    [Fact]
    public async Task An_account_is_paused_marked_in_the_list_and_resumed()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.Mail.Accounts.CreateAccountAsync(Shop, "Web shop", Region.Default, null, Cancel);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"accounts/{Shop}");
        var page = console.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause the account" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("spam to 40 domains");
        await console.AssertAccessibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Pause" })).ToContainTextAsync("spam to 40 domains");
        await Expect(Row(page, "us-east-1")).ToContainTextAsync("paused");
        Assert.True(await system.Mail.Accounts.IsPausedAsync(Shop, Cancel));
        await console.GoAsync("accounts");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Web shop" })).ToContainTextAsync("paused");
        await console.GoAsync($"accounts/{Shop}");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume the account" })).ToBeVisibleAsync();
        await console.AssertAccessibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume the account" }).ClickAsync();
        await Expect(Row(page, "us-east-1")).ToContainTextAsync("on");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause the account" })).ToBeVisibleAsync();
        Assert.False(await system.Mail.Accounts.IsPausedAsync(Shop, Cancel));
    }

    [Fact]
    public async Task A_region_that_the_server_does_not_have_is_refused_where_it_is_written()
    {
        await using var system = await ConsoleSystem.DevAsync(("regions", "mars-1"), ("regions", "mars-2"));
        await using var console = await ConsolePage.OpenAsync(chromium, system, "accounts");
        var page = console.Page;
        const string problem = "us-east-1 is not a region of this server, which has mars-1, mars-2 (setting --regions)";

        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await Expect(page.GetByLabel("Region")).ToHaveValueAsync("mars-1");
        await page.GetByLabel("Region").FillAsync("us-east-1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(problem);

        await console.GoAsync($"accounts/{ConsoleSystem.Owner.Account}");
        await Expect(Row(page, "mars-1")).ToContainTextAsync("unlimited");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Another region" }).FillAsync("us-east-1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(problem);
        Assert.Empty(await system.Mail.Accounts.ListAccountsAsync(Cancel));
    }

    [Fact]
    public async Task What_is_used_of_the_quota_grows_while_one_looks()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.Mail.Accounts.UpdateSettingsAsync(ConsoleSystem.Owner, new SettingsChange(Max24HourSend: 2), Cancel);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"accounts/{ConsoleSystem.Owner.Account}");
        await Expect(Row(console.Page, "us-east-1")).ToContainTextAsync("0 of 2");

        await system.SendAsync("One");
        await system.SendAsync("Two");

        await Expect(Row(console.Page, "us-east-1")).ToContainTextAsync("2 of 2");
        await Expect(Row(console.Page, "us-east-1")).ToContainTextAsync("used up");
    }

    [Fact]
    public async Task Another_region_is_shown_when_the_address_asks_for_it()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"accounts/{Shop}?region=eu-west-1");
        await Expect(Row(console.Page, "eu-west-1")).ToBeVisibleAsync();

        await console.Page.GetByRole(AriaRole.Textbox, new() { Name = "Another region" }).FillAsync("Nowhere!");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nowhere! is not a region");
        await console.Page.GetByRole(AriaRole.Textbox, new() { Name = "Another region" }).FillAsync("ap-south-1");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();

        await Expect(Row(console.Page, "ap-south-1")).ToBeVisibleAsync();
        await Expect(console.Page).ToHaveURLAsync(new Regex("[?]region=ap-south-1$"));
    }

    [Fact]
    public async Task A_user_is_made_with_a_policy_of_its_own_which_must_be_one()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"accounts/{Shop}");
        var page = console.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = "Create user" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("mailer");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "First policy" }).SelectOptionAsync("a policy of its own");
        await page.GetByLabel("First policy, as JSON").FillAsync("{}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("this is not a valid user policy: ");
        await page.GetByLabel("First policy, as JSON").FillAsync(
            """{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*" }] }""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "mailer" })).ToBeVisibleAsync();
        var policy = Assert.Single(await system.Mail.AccountStore.GetUserPoliciesAsync(Shop, "mailer", Cancel));
        Assert.Equal("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ses:SendEmail","Resource":"*"}]}""", policy.Document);
    }

    [Fact]
    public async Task Policies_of_a_user_are_added_changed_and_deleted()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.Mail.Accounts.CreateUserAsync(Shop, "mail+er@example.com", FirstUserPolicy.FullAccess, Cancel);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"accounts/{Shop}");
        var page = console.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "mail+er@example.com" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Add a policy" }).ClickAsync();
        await page.GetByLabel("Name of the policy").FillAsync("send-only");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save the new policy" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "send-only" })).ToBeVisibleAsync();
        await page.GetByLabel("Policy send-only, as JSON").FillAsync(
            """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ses:*","Resource":"*"}]}""");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save send-only" }).ClickAsync();
        await Expect(page.GetByText("Policy send-only of mail+er@example.com was saved.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete default" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "default" })).ToHaveCountAsync(0);
        var left = Assert.Single(await system.Mail.AccountStore.GetUserPoliciesAsync(Shop, "mail+er@example.com", Cancel));
        Assert.Equal("send-only", left.Name.Value);
        Assert.Contains("Deny", left.Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_shows_its_secret_once_with_the_smtp_password_of_a_region()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.Mail.Accounts.CreateUserAsync(Shop, "mailer", FirstUserPolicy.FullAccess, Cancel);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"accounts/{Shop}");
        var page = console.Page;

        await page.GetByRole(AriaRole.Combobox, new() { Name = "Of" }).SelectOptionAsync("mailer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await Expect(page.GetByText("The secret and the SMTP password are not shown again.")).ToBeVisibleAsync();
        var key = Assert.Single(await system.Mail.AccountStore.ListKeysAsync(Shop, Cancel));
        Assert.Equal(new Principal(Shop, "mailer"), key.Owner);
        await Expect(page.GetByTestId("access-key")).ToHaveTextAsync(key.Id);
        await Expect(page.GetByTestId("secret")).ToHaveTextAsync(key.Secret);
        await Expect(page.GetByTestId("smtp-password")).ToHaveTextAsync(SmtpCredentials.PasswordFor(key.Secret, Region.Default));
        await page.GetByLabel("Region of the password").FillAsync("eu-west-1");
        await Expect(page.GetByTestId("smtp-password")).ToHaveTextAsync(SmtpCredentials.PasswordFor(key.Secret, Region.Parse("eu-west-1")));
        Assert.DoesNotContain(key.Secret, page.Url, StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Link, new() { Name = "Messages", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Messages" })).ToBeVisibleAsync();
        await page.GoBackAsync();

        await Expect(page.GetByRole(AriaRole.Button, new() { Name = $"Revoke {key.Id}" })).ToBeVisibleAsync();
        Assert.DoesNotContain(key.Secret, await page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_is_copied_and_put_away()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"accounts/{Shop}");
        var page = console.Page;
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Copy the secret" }).ClickAsync();
        await Expect(page.GetByText("copied")).ToBeVisibleAsync();
        var secret = Assert.Single(await system.Mail.AccountStore.ListKeysAsync(Shop, Cancel)).Secret;
        Assert.Equal(secret, await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await page.GetByRole(AriaRole.Button, new() { Name = "I have them" }).ClickAsync();

        await Expect(page.GetByTestId("secret")).ToHaveCountAsync(0);
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_revoked_when_its_id_is_written()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var key = await KeyAsync(system, new Principal(Shop, null));
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"accounts/{Shop}");
        var page = console.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = $"Revoke {key}" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke" })).ToBeDisabledAsync();
        await dialog.GetByLabel("Type the id of the key").FillAsync(key);
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke" })).ToBeEnabledAsync();
        await console.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();

        await Expect(page.GetByText($"Key {key} was revoked.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = $"Revoke {key}" })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = key })).ToBeVisibleAsync();
        Assert.NotNull(Assert.Single(await system.Mail.AccountStore.ListKeysAsync(Shop, Cancel)).RevokedAt);
    }

    [Theory]
    [InlineData("accounts/12", "No such account")]
    [InlineData("accounts/111122223333/users/nobody", "No such user")]
    public async Task What_is_not_there_is_said_to_be_missing(string path, string heading)
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, path);

        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(heading);
    }

    [Theory]
    [InlineData("light", ColorScheme.Light, 1280)]
    [InlineData("dark", ColorScheme.Dark, 1280)]
    [InlineData("phone", ColorScheme.Light, 390)]
    public async Task They_are_accessible_and_pictured(string look, ColorScheme colors, int width)
    {
        await using var system = await ConsoleSystem.DevAsync(("strict", "true"));
        await FillAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "accounts", colors, width, width < 500 ? 844 : 800);
        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync("3 accounts");
        await console.AssertAccessibleAsync();
        await console.PictureAsync($"accounts-{look}");

        await console.GoAsync($"accounts/{Shop}");
        await Expect(console.Page.GetByRole(AriaRole.Link, new() { Name = "newsletter" })).ToBeVisibleAsync();
        await console.PictureAsync($"account-{look}");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Change us-east-1" }).ClickAsync();
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Create user" }).ClickAsync();
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await Expect(console.Page.GetByText("are not shown again")).ToBeVisibleAsync();
        await console.AssertAccessibleAsync();

        await console.GoAsync($"accounts/{Shop}/users/newsletter");
        await Expect(console.Page.GetByLabel("Policy default, as JSON")).ToBeVisibleAsync();
        await console.AssertAccessibleAsync();
        await console.PictureAsync($"account-user-{look}");
    }

    private static ILocator Row(IPage page, string region) =>
        page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = region, Exact = true }) });

    private static async Task<string> KeyAsync(ConsoleSystem system, Principal owner) =>
        Assert.IsType<AccountOutcome<AccessKey>.Done>(await system.Mail.Accounts.CreateKeyAsync(owner, Cancel)).Value.Id;

    private static async Task FillAsync(ConsoleSystem system)
    {
        var accounts = system.Mail.Accounts;
        await accounts.CreateAccountAsync(
            Shop, "Web shop", Region.Default, new SettingsChange(Sandbox: false, Max24HourSend: 50_000, MaxSendRate: 14), Cancel);
        await accounts.UpdateSettingsAsync(
            new AccountRegion(Shop, Region.Parse("eu-west-1")), new SettingsChange(Max24HourSend: -1, SendingEnabled: false), Cancel);
        await accounts.CreateAccountAsync(News, "Newsletter", Region.Default, null, Cancel);
        await accounts.CreateAccountAsync(AccountId.Parse("777788889999"), "Team of the intranet", Region.Default, null, Cancel);
        await accounts.CreateUserAsync(Shop, "newsletter", FirstUserPolicy.FullAccess, Cancel);
        await accounts.CreateUserAsync(Shop, "orders", FirstUserPolicy.FullAccess, Cancel);
        await KeyAsync(system, new Principal(Shop, null));
        await KeyAsync(system, new Principal(Shop, "orders"));
        await accounts.RevokeKeyAsync(await KeyAsync(system, new Principal(Shop, "newsletter")), Cancel);
    }
}
