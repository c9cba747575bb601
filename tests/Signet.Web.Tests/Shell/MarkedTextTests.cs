using Signet.Accounts;
using Signet.Names;
using Signet.Web.Tests.Browser;
using Signet.Web.Tests.Decisions;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Shell;

/// <summary>Text that a link or another person brings to a page: characters that turn text around are marked.</summary>
public sealed class MarkedTextTests(Chromium chromium)
{
    private const string Hostile = "x%E2%80%AEy";
    private const string Shown = "x<U+202E>y";
    private const string Steering = @"/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/";

    public static TheoryData<string> Addresses { get; } =
    [
        $"messages/{Hostile}",
        $"messages?since={Hostile}",
        $"nowhere/{Hostile}",
        $"accounts/{Hostile}",
        $"accounts/{Hostile}/users/x",
        $"accounts/000000000000/users/{Hostile}",
        $"identities/{Hostile}/us-east-1/example.com",
        $"identities/000000000000/{Hostile}/example.com",
        $"identities/000000000000/us-east-1/{Hostile}",
        $"sending?account={Hostile}",
        $"sending?region={Hostile}",
        $"sending/queue?domain={Hostile}",
        $"sending/queue?recipient={Hostile}",
        $"sending/queue?message={Hostile}",
        $"sending/queue?account={Hostile}",
        $"sending/queue?state={Hostile}",
        $"identities?account={Hostile}",
        $"identities?region={Hostile}",
    ];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Text_of_an_address_is_marked(string address)
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "messages");
        console.ExpectedErrors.Add("404");

        await console.GoAsync(address);

        await Expect(console.Page.Locator("#page")).ToContainTextAsync(Shown);
        await AssertMarkedAsync(console);
    }

    [Fact]
    public async Task The_name_of_an_account_is_marked()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var account = AccountId.Parse("111122223333");
        var made = await system.Mail.Accounts.CreateAccountAsync(account, "x\u202ey", Region.Default, null, TestContext.Current.CancellationToken);
        Assert.IsType<AccountOutcome<Account>.Done>(made);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "accounts");

        foreach (var address in (string[])["accounts", $"accounts/{account}"])
        {
            await console.GoAsync(address);
            await Expect(console.Page.Locator("#page")).ToContainTextAsync(Shown);
            await AssertMarkedAsync(console);
        }
    }

    [Fact]
    public async Task The_name_of_a_policy_on_trial_is_marked()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await Sends.GrantAsync(system);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"why/simulator?identity={Sends.Domain}&policy={Hostile}&text=%7B");

        await Expect(console.Page.GetByLabel("Its policy")).ToContainTextAsync(Shown);
        await AssertMarkedAsync(console);
    }

    // Fields hold what was typed or linked, as it is.
    private static async Task AssertMarkedAsync(ConsolePage console) =>
        Assert.False(await console.Page.EvaluateAsync<bool>(
            $"() => [document.title, document.documentElement.innerText, ...[...document.querySelectorAll('[title],[aria-label]')].flatMap(e => [e.title, e.ariaLabel ?? ''])].some(t => {Steering}.test(t))"));
}
