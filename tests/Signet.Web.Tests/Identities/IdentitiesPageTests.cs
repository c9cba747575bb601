using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Signet.Addresses;
using Signet.Identities;
using Signet.Names;
using Signet.Policies;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Identities;

public sealed class IdentitiesPageTests(Chromium chromium)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_domain_is_asked_for_and_its_page_shows_what_to_publish()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "identities");
        await Expect(console.Page.GetByText("No identity yet")).ToBeVisibleAsync();

        await Button(console, "Verify a domain or an address").ClickAsync();
        await console.Page.GetByLabel("Domain or address").FillAsync("Shop.test");
        await console.Page.GetByLabel("Region").Nth(0).FillAsync("eu-west-1");
        await Button(console, "Verify").ClickAsync();

        // Three keys are made: that takes a second of a machine that is at rest.
        await Expect(console.Page).ToHaveURLAsync(new Regex("/console/identities/000000000000/eu-west-1/shop.test$"), new() { Timeout = 30_000 });
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "shop.test" })).ToBeVisibleAsync();
        await Expect(console.Page.GetByText("_amazonses.shop.test")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_cannot_be_verified_is_answered_and_stays_written()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "identities");
        await Button(console, "Verify a domain or an address").ClickAsync();

        await console.Page.GetByLabel("Domain or address").FillAsync("a b@shop.test");
        await Button(console, "Verify").ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("a b@shop.test is neither an email address nor a domain");
        await Expect(console.Page.GetByLabel("Domain or address")).ToHaveValueAsync("a b@shop.test");
    }

    [Fact]
    public async Task A_filter_is_in_the_address_of_the_page_and_can_be_opened_from_it()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await FillAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "identities");
        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync("5 identities");

        await console.Page.GetByLabel("Search identities").FillAsync("SHOP");
        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync("3 identities");
        await console.Page.GetByLabel("Kind").SelectOptionAsync("address");
        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync("1 identity");
        await Expect(console.Page).ToHaveURLAsync(new Regex("[?]text=SHOP&kind=address$"));
        await console.GoAsync("identities?account=111122223333&region=us-east-1&status=success");

        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync("2 identities");
        var row = console.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "shop.test" }).First;
        await Expect(row).ToContainTextAsync("verified");
        await Expect(console.Page.GetByLabel("Status")).ToHaveValueAsync("Success");
    }

    [Fact]
    public async Task A_filter_that_cannot_be_read_is_answered_in_words()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "identities?kind=mailbox");

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("kind is domain or address, not mailbox");
    }

    [Fact]
    public async Task A_list_of_thousands_is_scrolled_to_its_end()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(i =>
        {
            var arn = new IdentityArn(ConsoleSystem.Owner, IdentityName.Parse($"d{i:0000}.test"));
            var identity = new Identity(arn, VerificationStatus.Success, null, DateTimeOffset.UnixEpoch, null, null, DkimState.NotStarted);
            return system.Mail.IdentityStore.ChangeAsync(arn, _ => identity, Cancel);
        }));
        await using var console = await ConsolePage.OpenAsync(chromium, system, "identities");
        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync("2,000 identities");

        await console.Page.GetByRole(AriaRole.Table).EvaluateAsync("e => e.scrollTop = e.scrollHeight");

        await Expect(console.Page.GetByRole(AriaRole.Link, new() { Name = "d1999.test" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_identity_that_is_made_elsewhere_appears()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "identities");
        await Expect(console.Page.GetByText("No identity yet")).ToBeVisibleAsync();

        await FillAsync(system);

        await Expect(console.Page.GetByTestId("count")).ToHaveTextAsync("5 identities", new() { Timeout = 15_000 });
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, "identities-light")]
    [InlineData(ColorScheme.Dark, 1280, "identities-dark")]
    [InlineData(ColorScheme.Light, 390, "identities-phone")]
    public async Task It_is_accessible(ColorScheme colors, int width, string picture)
    {
        await using var system = await ConsoleSystem.DevAsync();
        await FillAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "identities", colors, width);
        await Expect(console.Page.GetByRole(AriaRole.Link, new() { Name = "news@shop.test" })).ToBeVisibleAsync();

        await console.AssertAccessibleAsync();
        await console.PictureAsync(picture);
        await Button(console, "Verify a domain or an address").ClickAsync();
        await Expect(console.Page.GetByLabel("Domain or address")).ToBeVisibleAsync();
        await console.AssertAccessibleAsync();
    }

    internal static async Task FillAsync(ConsoleSystem system)
    {
        var shop = new AccountRegion(AccountId.Parse("111122223333"), Region.Default);
        var partner = new AccountRegion(AccountId.Parse("444455556666"), Region.Parse("eu-west-1"));
        await system.Mail.Identities.VerifyDkimAsync(shop, DomainName.Parse("shop.test"), Cancel);
        await system.Mail.Identities.VerifyEmailAsync(shop, EmailAddress.Parse("news@shop.test"), Cancel);
        await system.Mail.Identities.VerifyDomainAsync(partner, DomainName.Parse("agency.test"), Cancel);
        await system.Mail.Identities.VerifyDomainAsync(partner, DomainName.Parse("shop.agency.test"), Cancel);
        var failed = new IdentityArn(partner, IdentityName.Parse("old.test"));
        await system.Mail.Identities.VerifyDomainAsync(partner, DomainName.Parse("old.test"), Cancel);
        await system.Mail.IdentityStore.ChangeAsync(failed, now => now! with { Status = VerificationStatus.Failed }, Cancel);
        var arn = new IdentityArn(shop, IdentityName.Parse("shop.test"));
        await system.Mail.PolicyStore.PutAsync(arn, PolicyName.Parse("partners"), new PolicyAnswers().WriteFor(arn), Cancel);
    }

    private static ILocator Button(ConsolePage console, string name) =>
        console.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
