using Microsoft.Playwright;
using Signet.Identities;
using Signet.Messages;
using Signet.Names;
using Signet.Operators;
using Signet.Policies;
using Signet.Sending;
using Signet.Web.Tests.Browser;
using Signet.Web.Tests.Decisions;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Shell;

/// <summary>
/// What each role sees on every page of serve, and which of its main controls are there for it. That what is not there is not done either,
/// the tests of each page family's desk prove.
/// </summary>
public sealed class RolesTests(Chromium chromium)
{
    private static readonly AccountId Shop = ConsoleSystem.Owner.Account;
    private static readonly AccountId News = AccountId.Parse("444455556666");

    private static readonly IdentityArn Domain = new(ConsoleSystem.Owner, IdentityName.Parse("shop.test"));

    // {message} and {refusal} are what was sent and refused in the test.
    private static readonly PageOfConsole[] Pages =
    [
        new("messages", "Messages", "No mail yet", Button("Send a test mail", Least.Operate)),
        new("messages/{message}", "An invoice", "No message {message}", Link("Export", Least.Read), Button("Release", Least.Operate), Button("Delete", Least.Operate)),
        new("why", "Why", "No send was accepted and no request refused yet.", Link("Simulate a send", Least.Read)),
        new("why/messages/{message}", "An accepted send", "This message does not exist"),
        new("why/refusals/{refusal}", "A refused request", "This refusal does not exist"),
        new("why/simulator", "Simulator", null),
        new("identities", "Identities", "No identity", Button("Verify a domain or an address", Least.Operate)),
        new("identities/000000000000/us-east-1/shop.test", "shop.test", "No such identity",
            Button("Create keys", Least.Operate), Button("New policy", Least.Operate), Button("Delete policy partners", Least.Operate),
            Button("Delete identity…", Least.Operate)),
        new("identities/000000000000/us-east-1/shop.test?policy=partners", "shop.test", "No such identity", Button("Save", Least.Operate)),
        new("sending", "Sending", null),
        new("sending/queue", "Queue", null),
        new("accounts", "Accounts", "444455556666", Button("Create account", Least.AdministerServer)),
        new("accounts/000000000000", "Account 000000000000", "No such account",
            Button("Change us-east-1", Least.AdministerServer), Button("Pause the account", Least.AdministerServer), Button("Create user", Least.Administer), Button("Create key", Least.Administer)),
        new("operators", "Operators", null, Button("Create operator", Least.Administer)),
    ];

    private enum Least
    {
        Read,
        Operate,
        Administer,
        AdministerServer,
    }

    [Theory]
    [InlineData(OperatorRole.Read, "000000000000")]
    [InlineData(OperatorRole.Operate, "000000000000")]
    [InlineData(OperatorRole.Administer, "000000000000")]
    [InlineData(OperatorRole.Read, null)]
    [InlineData(OperatorRole.Administer, null)]
    public async Task Each_page_has_the_controls_of_the_role(OperatorRole role, string? account)
    {
        await using var system = await StartAsync();
        var (message, refusal) = await SendAsync(system);
        await using var console = await OpenAsync(system, role, account);

        foreach (var page in Pages)
        {
            await GoAsync(console, page.Path, message, refusal);
            await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(page.Heading);
            foreach (var (kind, name, least) in page.Controls)
            {
                var isThere = role >= OperatorRole.Administer ? account is null || least < Least.AdministerServer : (int)role >= (int)least;
                await Expect(console.Page.GetByRole(kind, new() { Name = name, Exact = true })).ToHaveCountAsync(isThere ? 1 : 0);
            }
        }

        await Expect(console.Page.GetByRole(AriaRole.Link, new() { Name = "Operators" })).ToHaveCountAsync(role == OperatorRole.Administer ? 1 : 0);
    }

    [Theory]
    [InlineData(OperatorRole.Read)]
    [InlineData(OperatorRole.Administer)]
    public async Task Nothing_of_another_account_is_there(OperatorRole role)
    {
        await using var system = await StartAsync();
        var (message, refusal) = await SendAsync(system);
        await using var console = await OpenAsync(system, role, News.Value);

        foreach (var page in Pages)
        {
            await GoAsync(console, page.Path, message, refusal);
            if (page.Missing is not null)
            {
                await Expect(console.Page.Locator("main")).ToContainTextAsync(Fill(page.Missing, message, refusal));
            }

            await Expect(console.Page.Locator("main")).Not.ToContainTextAsync("An invoice");
            await Expect(console.Page.Locator("main")).Not.ToContainTextAsync("partners");
            await Expect(console.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "shop.test" })).ToHaveCountAsync(0);
            await Expect(console.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = Shop.Value })).ToHaveCountAsync(0);
        }
    }

    private static Control Button(string name, Least least) => new(AriaRole.Button, name, least);

    private static Control Link(string name, Least least) => new(AriaRole.Link, name, least);

    private static string Fill(string text, string message, string refusal) =>
        text.Replace("{message}", message, StringComparison.Ordinal).Replace("{refusal}", refusal, StringComparison.Ordinal);

    private static Task GoAsync(ConsolePage console, string path, string message, string refusal) =>
        console.GoAsync(Fill(path, message, refusal));

    private async Task<ConsolePage> OpenAsync(ConsoleSystem system, OperatorRole role, string? account)
    {
        await system.AddOperatorAsync("ana", role, account is null ? null : AccountId.Parse(account));
        var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        await console.SignInAsync("ana");
        await Expect(console.Page.GetByRole(AriaRole.Button, new() { Name = "Signed in as ana" })).ToBeVisibleAsync();
        return console;
    }

    private static async Task<ConsoleSystem> StartAsync()
    {
        var system = await ConsoleSystem.ServeAsync();
        await system.AddAccountAsync(Shop);
        await system.AddAccountAsync(News);
        return system;
    }

    private static async Task<(string Message, string Refusal)> SendAsync(ConsoleSystem system)
    {
        var cancel = TestContext.Current.CancellationToken;
        await system.Mail.IdentityStore.ChangeAsync(
            Domain,
            _ => new Identity(Domain, VerificationStatus.Success, null, TimeProvider.System.GetUtcNow(), null, null, DkimState.NotStarted),
            cancel);
        var policy = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"ses:SendEmail","Resource":"{{Domain}}"}]}""";
        await system.Mail.PolicyStore.PutAsync(Domain, PolicyName.Parse("partners"), policy, cancel);
        var message = await system.SendAsync("An invoice", from: "bills@shop.test");
        var refused = await system.TryAsync(
            new SubmissionContent.Parts(
                [Sends.Address("you@example.net")], [], [], [], new TextPart("An invoice", null), new TextPart("Hello", null), null),
            "somebody@unverified.test");
        Assert.IsNotType<SubmissionResult.Accepted>(refused);
        var refusal = Assert.Single(await system.Mail.History.RefusalsAsync(new RefusalFilter(), null, 2, cancel));
        return ($"{message}", $"{refusal.Id}");
    }

    private sealed record Control(AriaRole Kind, string Name, Least Least);

    /// <summary>A page, its heading, and what it says when all that there is to show is another account's.</summary>
    private sealed record PageOfConsole(string Path, string Heading, string? Missing, params Control[] Controls);
}
