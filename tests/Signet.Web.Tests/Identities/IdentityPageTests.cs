using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Signet.Addresses;
using Signet.Archive;
using Signet.Identities;
using Signet.Names;
using Signet.Policies;
using Signet.Tests.Fakes;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Identities;

public sealed class IdentityPageTests(Chromium chromium)
{
    private static readonly IdentityArn Shop = new(ConsoleSystem.Owner, IdentityName.Parse("shop.test"));
    private static readonly IdentityArn News = new(ConsoleSystem.Owner, IdentityName.Parse("news@shop.test"));

    private const string ShopPage = "identities/000000000000/us-east-1/shop.test";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_record_is_looked_up_and_the_identity_is_verified_as_soon_as_the_dns_proves_it()
    {
        await using var dns = TinyDnsServer.Start("_amazonses.shop.test TXT \"something\"");
        await using var system = await StrictAsync(dns);
        await BeginAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, ShopPage);
        await Expect(State(console)).ToContainTextAsync("pending");
        await Expect(Row(console, "_amazonses.shop.test")).ToContainTextAsync("something else");
        await Expect(Row(console, "_amazonses.shop.test")).ToContainTextAsync("Found instead: something");

        var records = await RecordsAsync(system);
        dns.Zone = Zones.Of([records[0], records[1], records[4]], $"{records[2].Name} FAIL");
        await Button(console, "Check now").ClickAsync();

        await Expect(State(console)).ToContainTextAsync("verified");
        await Expect(Row(console, "_amazonses.shop.test")).ToContainTextAsync("published");
        await Expect(Row(console, records[1].Name)).ToContainTextAsync("published");
        await Expect(Row(console, records[2].Name)).ToContainTextAsync("The DNS does not answer");
        await Expect(Row(console, records[3].Name)).ToContainTextAsync("missing");
        await Expect(console.Page.GetByTestId("published")).ToContainTextAsync("3 of 7 published");
        await Expect(console.Page.GetByTestId("dkim")).ToContainTextAsync("will be signed once");
        Assert.Equal(VerificationStatus.Success, (await system.Mail.IdentityStore.FindAsync(Shop, Cancel))!.Status);
    }

    [Fact]
    public async Task Records_that_appear_are_seen_without_asking_while_the_page_is_open()
    {
        await using var dns = TinyDnsServer.Start("");
        await using var system = await StrictAsync(dns);
        await BeginAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, ShopPage);
        await Expect(console.Page.GetByTestId("published")).ToContainTextAsync("0 of 7 published");

        dns.Zone = Zones.Of(await RecordsAsync(system));

        await Expect(console.Page.GetByTestId("published")).ToContainTextAsync("7 of 7 published", new() { Timeout = 40_000 });
        await Expect(State(console)).ToContainTextAsync("verified");
        await Expect(console.Page.GetByTestId("dkim")).ToContainTextAsync("signed with the first of its keys");
    }

    [Fact]
    public async Task A_record_is_copied_and_the_page_says_so()
    {
        await using var dns = TinyDnsServer.Start("");
        await using var system = await StrictAsync(dns);
        await BeginAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, ShopPage);
        await console.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);

        await Button(console, "Copy value of _amazonses.shop.test").ClickAsync();

        await Expect(Row(console, "_amazonses.shop.test").GetByText("copied")).ToBeVisibleAsync();
        Assert.Equal((await RecordsAsync(system))[0].Value, await console.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
    }

    [Fact]
    public async Task In_dev_nothing_waits_for_the_dns_and_the_page_says_so()
    {
        await using var dns = TinyDnsServer.Start("");
        await using var system = await DevAsync(dns);
        await BeginAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, ShopPage);

        await Expect(console.Page.GetByTestId("published")).ToContainTextAsync("0 of 7 published");
        await Expect(State(console)).ToContainTextAsync("verified");
        await Expect(console.Page.GetByText("you need not publish anything")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Keys_are_asked_for_and_signing_is_switched_off()
    {
        await using var dns = TinyDnsServer.Start("");
        await using var system = await DevAsync(dns);
        await system.Mail.Identities.VerifyDomainAsync(Shop.Owner, DomainName.Parse("shop.test"), Cancel);
        await using var console = await ConsolePage.OpenAsync(chromium, system, ShopPage);
        await Expect(console.Page.GetByTestId("dkim")).ToContainTextAsync("It has no keys yet");

        await Button(console, "Create keys").ClickAsync();
        await Expect(console.Page.GetByTestId("dkim")).ToContainTextAsync("signed with the first of its keys", new() { Timeout = 30_000 });
        await Expect(console.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Copy" })).ToHaveCountAsync(3);
        await Expect(console.Page.GetByTestId("published")).ToContainTextAsync("0 of 7 published");
        await console.Page.GetByLabel("Sign mail from shop.test").UncheckAsync();

        await Expect(console.Page.GetByTestId("dkim")).ToContainTextAsync("Mail from it is not signed");
        Assert.False((await system.Mail.IdentityStore.FindAsync(Shop, Cancel))!.Dkim.Enabled);
    }

    [Fact]
    public async Task A_pending_address_gets_its_mail_again_and_a_click_elsewhere_shows()
    {
        await using var dns = TinyDnsServer.Start("");
        await using var system = await StrictAsync(dns);
        var now = TimeProvider.System.GetUtcNow();

        // Its mail was sent so long ago that the next one may follow.
        await system.Mail.IdentityStore.ChangeAsync(
            News, _ => new Identity(News, VerificationStatus.Pending, null, now, now + TimeSpan.FromHours(24), null, DkimState.NotStarted), Cancel);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "identities/000000000000/us-east-1/news%40shop.test");
        await Expect(State(console)).ToContainTextAsync("the link has not been opened yet");

        await Button(console, "Send the mail again").ClickAsync();
        await Expect(console.Page.GetByText("A mail was sent to news@shop.test.")).ToBeVisibleAsync();
        Assert.Equal(1, await system.Mail.Archive.CountAsync(new MessageFilter { To = "news@shop.test", WithServerMail = true }, Cancel));
        await Button(console, "Send the mail again").ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Region, new() { Name = "State" }).GetByRole(AriaRole.Alert)).ToContainTextAsync(
            "the next one can be sent in 5 minutes");
        await system.Mail.IdentityStore.ChangeAsync(News, stored => stored! with { Status = VerificationStatus.Success, Deadline = null }, Cancel);

        await Expect(State(console)).ToContainTextAsync("verified", new() { Timeout = 15_000 });
        await Expect(console.Page.GetByTestId("dkim")).ToContainTextAsync("its domain is not an identity here");
    }

    [Fact]
    public async Task An_identity_is_deleted_when_its_name_was_written()
    {
        await using var dns = TinyDnsServer.Start("");
        await using var system = await DevAsync(dns);
        await BeginAsync(system);
        await system.Mail.PolicyStore.PutAsync(Shop, PolicyName.Parse("p"), new PolicyAnswers().WriteFor(Shop), Cancel);
        await using var console = await ConsolePage.OpenAsync(chromium, system, ShopPage);

        await Button(console, "Delete identity…").ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("This also deletes 1 policy and 3 DKIM keys");
        await Expect(Button(console, "Delete")).ToBeDisabledAsync();
        await console.AssertAccessibleAsync();
        await console.Page.GetByLabel("Type the name of the identity").FillAsync("shop.test");
        await Button(console, "Delete").ClickAsync();

        await Expect(console.Page).ToHaveURLAsync(new Regex("/console/identities$"));
        await Expect(console.Page.GetByText("Deleted shop.test of account 000000000000, with 1 policy.")).ToBeVisibleAsync();
        Assert.Null(await system.Mail.IdentityStore.FindAsync(Shop, Cancel));
    }

    [Theory]
    [InlineData("identities/000000000000/us-east-1/nobody.test")]
    [InlineData("identities/0/us-east-1/shop.test")]
    [InlineData("identities/000000000000/us-east-1/a b")]
    public async Task What_is_no_identity_is_said_to_be_none(string path)
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, path);

        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "No such identity" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_address_with_a_slash_has_a_page_of_its_own()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.Mail.Identities.VerifyEmailAsync(Shop.Owner, EmailAddress.Parse("a/b+c%d?e@shop.test"), Cancel);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "identities");

        await console.Page.GetByRole(AriaRole.Link, new() { Name = "a/b+c%d?e@shop.test" }).ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "a/b+c%d?e@shop.test" })).ToBeVisibleAsync();
        await console.Page.ReloadAsync();

        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "a/b+c%d?e@shop.test" })).ToBeVisibleAsync();
        await Expect(State(console)).ToContainTextAsync("verified");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, 1000, "identity-light")]
    [InlineData(ColorScheme.Dark, 1280, 1000, "identity-dark")]
    [InlineData(ColorScheme.Light, 390, 1200, "identity-phone")]
    public async Task It_is_accessible(ColorScheme colors, int width, int height, string picture)
    {
        await using var dns = TinyDnsServer.Start("_amazonses.shop.test TXT \"something\"");
        await using var system = await StrictAsync(dns);
        await BeginAsync(system);
        var records = await RecordsAsync(system);
        dns.Zone = Zones.Of([records[1], records[2], records[4]], "_amazonses.shop.test TXT \"google-site-verification=1\"");
        await using var console = await ConsolePage.OpenAsync(chromium, system, ShopPage, colors, width, height);
        await Expect(console.Page.GetByTestId("published")).ToContainTextAsync("2 of 7 published");

        await console.AssertAccessibleAsync();
        await console.PictureAsync(picture);
    }

    private static async Task BeginAsync(ConsoleSystem system)
    {
        var domain = DomainName.Parse("shop.test");
        await system.Mail.Identities.VerifyDomainAsync(Shop.Owner, domain, Cancel);
        await system.Mail.Identities.VerifyDkimAsync(Shop.Owner, domain, Cancel);
    }

    private static async Task<IReadOnlyList<DnsRecord>> RecordsAsync(ConsoleSystem system) =>
        await system.Mail.Identities.RecordsAsync((await system.Mail.IdentityStore.FindAsync(Shop, Cancel))!, Cancel);

    private static Task<ConsoleSystem> StrictAsync(TinyDnsServer dns) =>
        ConsoleSystem.DevAsync(("strict", "true"), ("dns", $"{dns.EndPoint}"));

    private static Task<ConsoleSystem> DevAsync(TinyDnsServer dns) => ConsoleSystem.DevAsync(("dns", $"{dns.EndPoint}"));

    private static ILocator State(ConsolePage console) => console.Page.GetByTestId("state");

    private static ILocator Row(ConsolePage console, string name) =>
        console.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = name }).First;

    private static ILocator Button(ConsolePage console, string name) =>
        console.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
