using Microsoft.Playwright;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Sending;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Decisions;

public sealed class WhyPageTests(Chromium chromium)
{
    private static readonly System.Text.RegularExpressions.Regex WordsOfCondition = new("StringLike\\s+ses:FromAddress");

    [Fact]
    public async Task Accepted_and_refused_sends_stand_in_one_list_that_is_live()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "why");
        await Expect(console.Page.GetByText("No send was accepted and no request refused yet")).ToBeVisibleAsync();

        Assert.IsType<SubmissionResult.Accepted>(await Sends.ByDelegateAsync(system));
        Assert.IsType<SubmissionResult.Refused>(await Sends.ByDelegateAsync(system, from: "ceo@example.com"));

        await Expect(console.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        await Expect(console.Page.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("refused");
        await Expect(console.Page.GetByRole(AriaRole.Row).Nth(2)).ToContainTextAsync("accepted");
        await console.Page.GetByRole(AriaRole.Link, new() { Name = "Accepted", Exact = true }).ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await console.GoAsync("why?show=refused");
        await Expect(console.Page.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("refused");
        await Expect(console.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task A_refusal_shows_the_condition_that_failed_with_both_sides_values()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await Sends.ByDelegateAsync(system, from: "ceo@example.com");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "why");

        await console.Page.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Link).ClickAsync();

        var decision = console.Page.GetByTestId("decision");
        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "A refused request" })).ToBeVisibleAsync();
        await Expect(console.Page.GetByTestId("nearest")).ToContainTextAsync("statement 1 (Partners) of policy marketing");
        var condition = decision.GetByRole(AriaRole.Row).Filter(new() { HasText = "ses:FromAddress" });
        await Expect(condition).ToBeVisibleAsync();
        await Expect(condition).ToContainTextAsync("does not hold");
        await Expect(condition).ToContainTextAsync(WordsOfCondition);
        await Expect(condition).ToContainTextAsync("news*@example.com");
        await Expect(condition).ToContainTextAsync("ceo@example.com");
        await Expect(decision.GetByText("rival.example")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_refusal_before_authorization_shows_its_code_and_status()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.Mail.Refusals.RecordAsync(
            RefusedRequest.Unproven(
                TimeProvider.System.GetUtcNow(), ConsoleSystem.Owner, "test", "", "SignatureDoesNotMatch", 403, "The signature does not match."),
            TestContext.Current.CancellationToken);
        await system.TryAsync(
            new SubmissionContent.Parts([Sends.Address("you@example.net")], [], [], [], new TextPart("x", null), new TextPart("x", null), null),
            "news@example.com", new Principal(Sends.Delegate, null), "no ARN");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "why?show=refused");

        await Expect(console.Page.GetByRole(AriaRole.Row).Nth(2)).ToContainTextAsync("test (not proven)");
        await console.Page.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Link).ClickAsync();

        var early = console.Page.GetByTestId("early");
        await Expect(early).ToContainTextAsync("refused for the reason in its answer");
        await Expect(early).ToContainTextAsync("arn:aws:iam::444455556666:root");
        await Expect(early).ToContainTextAsync("400 InvalidParameterValue");
        await Expect(early).ToContainTextAsync("you@example.net");
        await console.GoAsync("why?show=refused");
        await console.Page.GetByRole(AriaRole.Row).Nth(2).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(early).ToContainTextAsync("The signature does not prove");
        await Expect(early).ToContainTextAsync("403 SignatureDoesNotMatch The signature does not match.");
        await Expect(early).ToContainTextAsync("not read");
    }

    [Fact]
    public async Task A_deny_is_marked_as_the_statement_that_decided()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await Sends.ByDelegateAsync(system, to: "you@rival.example");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "why?show=refused");

        await console.Page.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Link).ClickAsync();

        var decisive = console.Page.Locator("details").Filter(new() { HasText = "the statement that decided" }).Last;
        await Expect(decisive).ToContainTextAsync("Deny");
        await Expect(decisive.GetByText("*@rival.example")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_send_is_explained_by_the_version_of_the_policy_that_was_in_force()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await Sends.ByDelegateAsync(system, to: "you@rival.example");
        await Sends.GrantAsync(system, Sends.Policy.Replace("rival", "friend", StringComparison.Ordinal));
        await using var console = await ConsolePage.OpenAsync(chromium, system, "why?show=refused");

        await console.Page.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Link).ClickAsync();

        var decision = console.Page.GetByTestId("decision");
        await Expect(decision.GetByText("*@rival.example").First).ToBeVisibleAsync();
        await Expect(decision).ToContainTextAsync("Partners");
        await Expect(decision).Not.ToContainTextAsync("friend.example");
        await Expect(console.Page.GetByTestId("missing")).Not.ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_version_that_is_no_longer_stored_is_named_beside_the_statement_that_decided()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await Sends.ByDelegateAsync(system, to: "you@rival.example");
        for (var version = 0; version <= IPolicyStore.MaxReplaced; version++)
        {
            await Sends.GrantAsync(system, Sends.Policy.Replace("rival", $"friend{version}", StringComparison.Ordinal));
        }

        await using var console = await ConsolePage.OpenAsync(chromium, system, "why?show=refused");
        await console.Page.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Link).ClickAsync();

        await Expect(console.Page.GetByTestId("missing")).ToContainTextAsync("marketing: This version of the policy is no longer stored.");
        var decision = console.Page.GetByTestId("decision");
        await Expect(decision.GetByText("*@rival.example").First).ToBeVisibleAsync();
        await Expect(decision).Not.ToContainTextAsync("Partners");
    }

    [Fact]
    public async Task An_accepted_send_leads_to_its_why_and_to_the_simulator_with_everything_filled_in()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await Sends.ByDelegateAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "why?show=accepted");

        await console.Page.GetByRole(AriaRole.Row).Nth(1).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(console.Page.GetByTestId("decision")).ToContainTextAsync("the statement that decided");
        await console.Page.GetByRole(AriaRole.Link, new() { Name = "Simulate this again" }).ClickAsync();

        await Expect(console.Page.GetByLabel("Principal")).ToHaveValueAsync("arn:aws:iam::444455556666:root");
        await Expect(console.Page.GetByLabel("SourceArn", new() { Exact = true })).ToHaveValueAsync($"{Sends.Domain}");
        await Expect(console.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("user-agent=tests"));
        await Expect(console.Page.GetByTestId("decision")).ToContainTextAsync("Allowed");
    }

    [Fact]
    public async Task What_is_not_known_is_said()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"why/refusals/{Guid.Empty}");

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("does not exist or is no longer kept");
        await console.GoAsync("why/messages/nonsense");
        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("does not exist or is no longer kept");
    }

    [Fact]
    public async Task Older_sends_are_shown_on_demand()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        for (var i = 0; i < 51; i++)
        {
            await Sends.ByDelegateAsync(system);
            await Sends.ByDelegateAsync(system, from: "ceo@example.com");
        }

        await using var console = await ConsolePage.OpenAsync(chromium, system, "why");
        await Expect(console.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(101);

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Show older ones" }).ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(103);
        await Expect(console.Page.GetByRole(AriaRole.Button, new() { Name = "Show older ones" })).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("light", ColorScheme.Light, 1280)]
    [InlineData("dark", ColorScheme.Dark, 1280)]
    [InlineData("phone", ColorScheme.Light, 390)]
    public async Task They_are_accessible_in_all_colours_and_widths(string name, ColorScheme colors, int width)
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await Sends.ByDelegateAsync(system, subject: "The weekly news");
        await Sends.ByDelegateAsync(system, to: "buyer@rival.example", subject: "The weekly news");
        await system.SendAsync("Your invoice 2026-0117", from: "billing@example.com");
        await system.TryAsync(
            new SubmissionContent.Raw("Subject: Hello\r\n\r\nHello"u8.ToArray(), [Sends.Address("you@example.net")]), "me@other.example");
        await system.SendAsync("Your order 4711", from: "shop@example.com");
        await Sends.ByDelegateAsync(system, from: "ceo@example.com");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "why", colors, width);
        await Expect(console.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(width > 760 ? 7 : 6);

        await console.AssertAccessibleAsync();
        await console.PictureAsync($"why-list-{name}");
        await console.Page.GetByRole(AriaRole.Link).Filter(new() { HasText = "StringLike ses:FromAddress does not hold" }).ClickAsync();
        await Expect(console.Page.GetByTestId("decision")).ToBeVisibleAsync();
        await console.AssertAccessibleAsync();
        await console.PictureAsync($"why-refusal-{name}");
    }
}
