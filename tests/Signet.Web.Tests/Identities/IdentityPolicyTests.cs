using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Signet.Addresses;
using Signet.Names;
using Signet.Policies;
using Signet.Tests.Fakes;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Identities;

/// <summary>The policies on the page of an identity.</summary>
public sealed class IdentityPolicyTests(Chromium chromium)
{
    private static readonly IdentityArn Shop = new(ConsoleSystem.Owner, IdentityName.Parse("shop.test"));
    private static readonly PolicyName Partners = PolicyName.Parse("partners");
    private static readonly PolicyAnswers Answers = new()
    {
        Principals = [new Principal(AccountId.Parse("444455556666"), null)],
        Senders = [new AllowedSender.Address(EmailAddress.Parse("news@shop.test"), false)],
        RecipientDomains = [DomainName.Parse("client.test")],
    };

    private const string ShopPage = "identities/000000000000/us-east-1/shop.test";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_policy_is_generated_taken_over_tried_and_saved()
    {
        await using var dns = TinyDnsServer.Start("");
        await using var system = await StartAsync(dns);
        await using var console = await ConsolePage.OpenAsync(chromium, system, ShopPage);
        await Button(console, "New policy").ClickAsync();
        await Expect(console.Page).ToHaveURLAsync(new Regex("[?]new=True$"));

        await console.Page.GetByLabel("Accounts and user ARNs").FillAsync("444455556666");
        await console.Page.GetByLabel("From addresses").FillAsync("news@shop.test");
        await console.Page.GetByLabel("To recipients at domains").FillAsync("client.test");
        await console.Page.GetByLabel("Until").FillAsync("2027-01-01");
        await Expect(console.Page.GetByTestId("sentence")).ToHaveTextAsync(
            "Account 444455556666 may send from news@shop.test to addresses at client.test until 2027-01-01.");
        await Button(console, "Use in editor").ClickAsync();
        await Expect(Editor(console)).ToHaveValueAsync(new Regex("\"DateLessThan\""));

        await console.Page.GetByText("Try it").ClickAsync();
        var tryIt = console.Page.GetByRole(AriaRole.Group, new() { Name = "Try it" });
        await tryIt.GetByLabel("Principal").FillAsync("444455556666");
        await tryIt.GetByLabel("From").FillAsync("news@shop.test");
        await tryIt.GetByLabel("To").FillAsync("a@client.test");
        await tryIt.GetByLabel("Time").FillAsync("2026-12-31");
        await Expect(console.Page.GetByTestId("decision")).ToContainTextAsync("Allowed");
        await tryIt.GetByLabel("Time").FillAsync("2027-01-02");
        await Expect(console.Page.GetByTestId("decision")).ToContainTextAsync("Denied");
        Assert.Empty(await system.Mail.PolicyStore.ListAsync(Shop, Cancel));

        await console.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("partners");
        await Button(console, "Save").ClickAsync();
        await Expect(console.Page).ToHaveURLAsync(new Regex("[?]policy=partners$"));
        await Expect(console.Page.GetByText("Saved policy partners of shop.test.")).ToBeVisibleAsync();
        Assert.Equal(Partners, Assert.Single(await system.Mail.PolicyStore.ListAsync(Shop, Cancel)).Name);
    }

    [Fact]
    public async Task A_deny_that_names_an_address_is_told_what_it_lets_pass()
    {
        await using var dns = TinyDnsServer.Start("");
        await using var system = await StartAsync(dns);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"{ShopPage}?new=True");
        var gaps = console.Page.GetByTestId("policy-gaps");

        await Editor(console).FillAsync(
            $$$"""
            {"Statement":{"Effect":"Deny","Principal":"*","Action":"ses:*","Resource":"{{{Shop}}}",
            "Condition":{"StringEquals":{"ses:FromAddress":"boss@shop.test"} } } }
            """);
        await Expect(gaps).ToContainTextAsync("Statement 1 denies boss@shop.test, but not Boss@shop.test");
        await Expect(gaps).ToContainTextAsync("StringLike with boss+*@shop.test denies those.");

        await Editor(console).FillAsync((await Editor(console).InputValueAsync())
            .Replace("StringEquals", "StringLike", StringComparison.Ordinal).Replace("boss@", "*@", StringComparison.Ordinal));
        await Expect(gaps).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_was_typed_last_is_what_is_saved()
    {
        await using var dns = TinyDnsServer.Start("");
        await using var system = await StartAsync(dns);
        await PutAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"{ShopPage}?policy=partners");

        await Editor(console).FillAsync((await Editor(console).InputValueAsync()).Replace("client.test", "other.test", StringComparison.Ordinal));
        await Button(console, "Save").ClickAsync();

        await Expect(console.Page.GetByText("Saved policy partners of shop.test.")).ToBeVisibleAsync();
        Assert.Contains("*@other.test", Assert.Single(await system.Mail.PolicyStore.ListAsync(Shop, Cancel)).Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_no_policy_is_marked_while_it_is_typed_and_refused_when_saved()
    {
        await using var dns = TinyDnsServer.Start("");
        await using var system = await StartAsync(dns);
        await PutAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"{ShopPage}?policy=partners");
        var text = (await Editor(console).InputValueAsync()).Replace("\"Allow\"", "\"Maybe\"", StringComparison.Ordinal);

        await Editor(console).FillAsync(text);
        await Expect(console.Page.GetByTestId("policy-problem")).ToContainTextAsync("Statement 1: Effect must be Allow or Deny, not Maybe.");
        await Button(console, "Save").ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Effect must be Allow or Deny, not Maybe.");
        await Expect(Editor(console)).ToHaveValueAsync(text);
        Assert.Contains("Allow", Assert.Single(await system.Mail.PolicyStore.ListAsync(Shop, Cancel)).Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_none_is_refused_and_so_is_a_policy_of_what_is_gone()
    {
        await using var dns = TinyDnsServer.Start("");
        await using var system = await StartAsync(dns);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"{ShopPage}?new=true");

        await console.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("our partners");
        await Button(console, "Save").ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("our partners is not the name of a policy");
        await system.Mail.IdentityStore.DeleteAsync(Shop, Cancel);
        await console.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("partners");
        await Button(console, "Save").ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("shop.test is no longer an identity of account");
    }

    [Fact]
    public async Task A_policy_is_deleted_when_that_was_confirmed()
    {
        await using var dns = TinyDnsServer.Start("");
        await using var system = await StartAsync(dns);
        await PutAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"{ShopPage}?policy=partners");

        await Button(console, "Delete policy partners").ClickAsync();
        await Expect(Button(console, "Cancel")).ToBeFocusedAsync();
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.Single(await system.Mail.PolicyStore.ListAsync(Shop, Cancel));
        await Button(console, "Delete policy partners").ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("that only policy partners allows");
        await Button(console, "Delete").ClickAsync();

        await Expect(console.Page.GetByText("Deleted policy partners of shop.test.")).ToBeVisibleAsync();
        await Expect(console.Page.GetByTestId("workbench")).ToHaveCountAsync(0);
        Assert.Empty(await system.Mail.PolicyStore.ListAsync(Shop, Cancel));
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, 1100, "policy-editor-light")]
    [InlineData(ColorScheme.Dark, 1280, 1100, "policy-editor-dark")]
    [InlineData(ColorScheme.Light, 390, 1200, "policy-editor-phone")]
    public async Task It_is_accessible(ColorScheme colors, int width, int height, string picture)
    {
        await using var dns = TinyDnsServer.Start("");
        await using var system = await StartAsync(dns);
        await PutAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"{ShopPage}?policy=partners", colors, width, height);
        await console.Page.GetByText("Generate it").ClickAsync();
        await console.Page.GetByLabel("Accounts and user ARNs").FillAsync("444455556666");
        await console.Page.GetByLabel("From networks").FillAsync("192.0.2.0/24\nhome");
        await Expect(console.Page.GetByTestId("sentence")).ToContainTextAsync("home is neither an IP address nor a range");
        await console.AssertAccessibleAsync();
        await console.Page.GetByLabel("From networks").FillAsync("192.0.2.0/24");
        await Expect(console.Page.GetByTestId("sentence")).ToContainTextAsync("connecting from 192.0.2.0/24");
        await console.Page.GetByText("Try it").ClickAsync();
        var tryIt = console.Page.GetByRole(AriaRole.Group, new() { Name = "Try it" });
        await tryIt.GetByLabel("Principal").FillAsync("444455556666");
        await tryIt.GetByLabel("From").FillAsync("ceo@shop.test");
        await Expect(console.Page.GetByTestId("decision")).ToContainTextAsync("Denied");

        await console.AssertAccessibleAsync();
        await console.Page.GetByRole(AriaRole.Heading, new() { Name = "Policy partners" }).EvaluateAsync("e => e.scrollIntoView()");
        await console.PictureAsync(picture);
    }

    private static async Task<ConsoleSystem> StartAsync(TinyDnsServer dns)
    {
        var system = await ConsoleSystem.DevAsync(("dns", $"{dns.EndPoint}"));
        await system.Mail.Identities.VerifyDomainAsync(Shop.Owner, DomainName.Parse("shop.test"), Cancel);
        return system;
    }

    private static Task<bool> PutAsync(ConsoleSystem system) =>
        system.Mail.PolicyStore.PutAsync(Shop, Partners, Answers.WriteFor(Shop), Cancel);

    private static ILocator Editor(ConsolePage console) => console.Page.GetByLabel("Text of the policy");

    private static ILocator Button(ConsolePage console, string name) =>
        console.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
