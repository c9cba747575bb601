using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Signet.Policies;
using Signet.Web.Decisions;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Decisions;

public sealed class SimulatorPageTests(Chromium chromium)
{
    private static readonly Simulation Asked = new()
    {
        Principal = "444455556666",
        Source = "ceo@example.com",
        SourceArn = $"{Sends.Domain}",
        To = "you@example.net",
        Time = "2026-01-31T12:00:00Z",
        Identity = $"{Sends.Domain}",
    };

    [Fact]
    public async Task The_decision_changes_while_the_send_is_typed_and_the_address_holds_it()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "why/simulator");
        await Expect(console.Page.GetByText("to see the decision")).ToBeVisibleAsync();

        await console.Page.GetByLabel("Principal").FillAsync("444455556666");
        await console.Page.GetByLabel("Source", new() { Exact = true }).FillAsync("ceo@example.com");
        await Expect(Decision(console)).ToContainTextAsync("is not verified in account 444455556666");
        await console.Page.GetByLabel("SourceArn", new() { Exact = true }).FillAsync($"{Sends.Domain}");
        await Expect(console.Page.GetByTestId("nearest")).ToContainTextAsync("StringLike ses:FromAddress does not hold");
        await console.Page.GetByLabel("Source", new() { Exact = true }).FillAsync("news@example.com");
        await Expect(Decision(console)).ToContainTextAsync("Allowed");
        await console.Page.GetByLabel("Recipients").FillAsync("a@example.net\nb@rival.example");
        await Expect(Decision(console)).ToContainTextAsync("Denied");

        await Expect(console.Page).ToHaveURLAsync(new Regex("to=a@example.net&to=b@rival.example"));
        await console.Page.ReloadAsync();
        await Expect(console.Page.GetByLabel("Recipients")).ToHaveValueAsync("a@example.net\nb@rival.example");
        await Expect(Decision(console)).ToContainTextAsync("Statement 2 (NotToRivals)");
    }

    [Fact]
    public async Task A_word_that_cannot_be_read_is_answered_and_the_last_decision_stays()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, Asked.Address);
        await Expect(Decision(console)).ToContainTextAsync("Denied");

        await console.Page.GetByLabel("Time").FillAsync("tomorrow");

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("tomorrow is not a time as in 2026-01-31T12:00:00Z");
        await Expect(console.Page.GetByTestId("last")).ToBeVisibleAsync();
        await Expect(Decision(console)).ToContainTextAsync("Denied");
    }

    [Fact]
    public async Task The_decision_changes_while_a_policy_is_typed_and_nothing_is_stored()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, Asked.Address);
        var text = console.Page.GetByLabel("Text as stored");
        await Expect(text).ToHaveValueAsync(new Regex("news\\*@example.com"));
        var edited = (await text.InputValueAsync()).Replace("news*@example.com", "c*@example.com", StringComparison.Ordinal);

        await text.FillAsync(edited);

        await Expect(Decision(console)).ToContainTextAsync("Allowed");
        await Expect(console.Page.GetByText("Nothing is stored.")).ToBeVisibleAsync();
        await Expect(console.Page).ToHaveURLAsync(new Regex("&policy=marketing&text=%7B"));
        await console.Page.ReloadAsync();
        await Expect(console.Page.GetByLabel("Edited text")).ToHaveValueAsync(edited);
        await Expect(Decision(console)).ToContainTextAsync("Allowed");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Back to the stored text" }).ClickAsync();
        await Expect(Decision(console)).ToContainTextAsync("Denied");
        var stored = Assert.Single(await system.Mail.PolicyStore.ListAsync(Sends.Domain, TestContext.Current.CancellationToken));
        Assert.Contains("news*@example.com", stored.Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identity_without_policies_is_tried_with_a_new_one_only_when_asked()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await system.Mail.PolicyStore.DeleteAsync(Sends.Domain, PolicyName.Parse("marketing"), TestContext.Current.CancellationToken);
        await using var console = await ConsolePage.OpenAsync(chromium, system, Asked.Address);
        await Expect(Decision(console)).ToContainTextAsync("has no policy, so only its owner may send with it");

        await console.Page.GetByLabel("Its policy").SelectOptionAsync("new-policy");

        await Expect(Decision(console)).ToContainTextAsync("Allowed");
    }

    [Fact]
    public async Task A_new_policy_is_tried_besides_the_stored_ones()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, Asked.Address);

        await console.Page.GetByLabel("Its policy").SelectOptionAsync("new-policy");

        await Expect(Decision(console)).ToContainTextAsync("Statement 1 of policy new-policy");
        await Expect(Decision(console)).ToContainTextAsync("Allowed");
    }

    [Fact]
    public async Task A_policy_that_cannot_be_read_says_where_and_the_last_decision_stays()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, Asked.Address);
        await Expect(Decision(console)).ToContainTextAsync("Denied");

        await console.Page.GetByLabel("Text as stored").FillAsync("{\n  \"Statement\": [\n    {},\n  ]\n}");

        await Expect(console.Page.GetByTestId("policy-problem")).ToContainTextAsync("line 4, position 3 is not understood");
        await Expect(console.Page.Locator(".policy-line-wrong")).ToHaveTextAsync("4");
        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The policy is not valid");
        await Expect(Decision(console)).ToContainTextAsync("Denied");
    }

    [Fact]
    public async Task Tab_writes_spaces_and_escape_then_tab_leaves_the_text()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, Asked.Address);
        var text = console.Page.GetByLabel(new Regex("^(Text as stored|Edited text)$"));
        await text.FillAsync("{}");

        await text.PressAsync("Home");
        await text.PressAsync("Tab");
        await Expect(text).ToHaveValueAsync("  {}");
        await Expect(text).ToBeFocusedAsync();
        await text.PressAsync("Escape");
        await text.PressAsync("Tab");

        await Expect(text).Not.ToBeFocusedAsync();
        await Expect(text).ToHaveValueAsync("  {}");
    }

    [Fact]
    public async Task A_text_is_formatted_and_its_size_counted()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, Asked.Address);
        var text = console.Page.GetByLabel(new Regex("^(Text as stored|Edited text)$"));

        await text.FillAsync("""{"Id":"é","Statement":[]}""");
        await Expect(console.Page.GetByTestId("size")).ToHaveTextAsync("26 of 4096 bytes");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Format" }).ClickAsync();

        await Expect(text).ToHaveValueAsync("{\n  \"Id\": \"é\",\n  \"Statement\": []\n}");
    }

    [Theory]
    [InlineData("light", ColorScheme.Light, 1440)]
    [InlineData("dark", ColorScheme.Dark, 1440)]
    [InlineData("phone", ColorScheme.Light, 390)]
    public async Task It_is_accessible_in_all_colours_and_widths(string name, ColorScheme colors, int width)
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        var tried = PolicyWriting.Spread(Sends.Policy.Replace("news*@", "press*@", StringComparison.Ordinal), PolicyDocument.MaxIdentityPolicyBytes);
        await using var console = await ConsolePage.OpenAsync(
            chromium, system, (Asked with { Policy = "marketing", PolicyText = tried }).Address, colors, width, 1000);
        await Expect(Decision(console)).ToContainTextAsync("Denied");

        await console.AssertAccessibleAsync();
        await console.PictureAsync($"simulator-{name}");
        await console.Page.GetByLabel("Edited text").ScrollIntoViewIfNeededAsync();
        await console.Page.GetByLabel("Edited text").FillAsync("{");
        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await console.AssertAccessibleAsync();
    }

    private static ILocator Decision(ConsolePage console) => console.Page.GetByTestId("decision");
}
