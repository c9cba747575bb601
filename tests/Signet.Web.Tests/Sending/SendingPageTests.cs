using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Signet.Tests.Fakes;
using Signet.Web.Sending;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Sending;

public sealed class SendingPageTests(Chromium chromium)
{
    // Traffic is counted after the fact, and the page looks every few seconds: longer than the usual five.
    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = 30_000 };

    [Fact]
    public async Task The_charts_show_what_was_sent_and_what_became_of_it_without_reloading()
    {
        await using var refusing = new ScriptedSmtpServer("RCPT TO: 550 5.1.1 no such user here", TimeProvider.System);
        await using var deferring = new ScriptedSmtpServer("RCPT TO: 450 4.2.1 try later", TimeProvider.System);
        await using var system = await ConsoleSystem.DevAsync(
            ("route", $"refusing.test=smtp://{refusing.EndPoint}"), ("route", $"deferring.test=smtp://{deferring.EndPoint}"), ("route", "capture"));
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending?range=1h");
        await Expect(Sum(console, "accepted")).ToHaveTextAsync("0");

        await system.SendAsync("An invoice");
        await system.SendAsync("An invoice", to: "nobody@refusing.test");
        await system.SendAsync("An invoice", to: "busy@deferring.test");

        await Expect(Sum(console, "accepted")).ToHaveTextAsync("3", Patient);
        await Expect(Sum(console, "delivered")).ToHaveTextAsync("1", Patient);
        await Expect(Sum(console, "deferred")).ToHaveTextAsync("1", Patient);
        await Expect(Sum(console, "bounced")).ToHaveTextAsync("1", Patient);
        await Expect(Sum(console, "complained")).ToHaveTextAsync("0");
        await Expect(Busiest(console, "Busiest destinations").GetByRole(AriaRole.Row).Filter(new() { HasText = "refusing.test" }))
            .ToHaveTextAsync(new Regex(@"refusing\.test\s*1\s*0\s*0\s*1\s*0\s*0\s*100%\s*0%"));
        await Expect(console.Page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex("Accepted and delivered in steps of 1 min: accepted 3") })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_click_on_an_identity_or_a_destination_narrows_the_charts_and_is_in_the_address()
    {
        await using var system = await ConsoleSystem.DevAsync();
        await system.SendAsync("An invoice", from: "app@example.com", to: "you@example.net");
        await system.SendAsync("An invoice", from: "app@example.com", to: "you@example.org");
        await system.SendAsync("A letter", from: "news@shop.test", to: "you@example.org");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending?range=1h");
        await Expect(Sum(console, "accepted")).ToHaveTextAsync("3", Patient);

        await Busiest(console, "Busiest identities").GetByRole(AriaRole.Link, new() { Name = "app@example.com" }).ClickAsync();
        await Expect(Sum(console, "accepted")).ToHaveTextAsync("2");
        await Expect(console.Page).ToHaveURLAsync(new Regex("identity=arn"));
        await Busiest(console, "Busiest destinations").GetByRole(AriaRole.Link, new() { Name = "example.net" }).ClickAsync();
        await Expect(Sum(console, "accepted")).ToHaveTextAsync("1");
        await Expect(console.Page.GetByText("To example.net only.")).ToBeVisibleAsync();
        await Expect(console.Page).ToHaveURLAsync(new Regex("destination=example.net"));
        await console.Page.ReloadAsync();
        await Expect(Sum(console, "accepted")).ToHaveTextAsync("1");
        await console.Page.GetByRole(AriaRole.Link, new() { Name = "Show all" }).ClickAsync();

        await Expect(Sum(console, "accepted")).ToHaveTextAsync("3");
    }

    [Fact]
    public async Task A_longer_range_reaches_further_back_in_longer_steps()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var past = new PastTraffic(system);
        var now = TimeProvider.System.GetUtcNow();
        await past.AddAsync(now.AddMinutes(-1), "example.com", "example.net", 1);
        await past.AddAsync(now.AddHours(-5), "example.com", "example.net", 2);
        await past.AddAsync(now.AddHours(-20), "example.com", "example.net", 4);
        await past.AddAsync(now.AddDays(-2), "example.com", "example.net", 8);
        await past.AddAsync(now.AddDays(-6), "example.com", "example.net", 16);
        await past.AddAsync(now.AddDays(-13), "example.com", "example.net", 32);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending?range=14d");
        await Expect(Sum(console, "accepted")).ToHaveTextAsync("63", Patient);

        foreach (var (word, count, step) in new[] { ("Hour", "1", "1 min"), ("6 hours", "3", "5 min"), ("24 hours", "7", "15 min"), ("3 days", "15", "1 h"), ("7 days", "31", "2 h"), ("14 days", "63", "4 h") })
        {
            await console.Page.GetByRole(AriaRole.Navigation, new() { Name = "Time" }).GetByRole(AriaRole.Link, new() { Name = word, Exact = true }).ClickAsync();
            await Expect(Sum(console, "accepted")).ToHaveTextAsync(count);
            await Expect(console.Page.GetByText($"in steps of {step}.")).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task A_step_is_read_with_the_arrow_keys_and_by_a_click()
    {
        await using var system = await ConsoleSystem.DevAsync();
        var past = new PastTraffic(system);
        var now = TimeProvider.System.GetUtcNow();
        var start = new DateTimeOffset(now.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero).AddHours(-1);
        await past.AddAsync(start.AddMinutes(20), "example.com", "example.net", 12, deferred: 2, bounced: 1, complained: 1);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending?range=3d");
        await Expect(Sum(console, "accepted")).ToHaveTextAsync("12", Patient);

        var told = $"{start.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}–{start.AddHours(1).UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)}: "
            + "accepted 12, delivered 8, deferred 2, bounced 1, complained 1, rejected 0";
        await console.Page.GetByRole(AriaRole.Slider, new() { Name = "Step" }).PressAsync("ArrowLeft");
        await Expect(console.Page.GetByTestId("step")).ToHaveTextAsync(told);
        await console.Page.GetByTestId("chart-through").Locator("rect.step").First.ClickAsync();
        await Expect(console.Page.GetByTestId("step")).ToContainTextAsync("accepted 0");
        await console.Page.GetByText("As a table").ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Region, new() { Name = "Traffic, step by step" }).GetByRole(AriaRole.Row)
            .Filter(new() { HasText = $"{told[..16]}–" })).ToHaveTextAsync(new Regex(@"\s*12\s*8\s*2\s*1\s*1\s*0$"));
    }

    [Fact]
    public async Task Quota_rate_and_the_sending_switch_are_shown_of_an_account()
    {
        await using var system = await ConsoleSystem.DevAsync(("strict", "true"));
        var cancel = TestContext.Current.CancellationToken;
        await new PastTraffic(system).AddAsync(TimeProvider.System.GetUtcNow().AddHours(-2), "example.com", "example.net", 50);
        await system.Mail.Accounts.SetSendingEnabledAsync(ConsoleSystem.Owner, false, cancel);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending?account=000000000000&region=us-east-1");

        var row = console.Page.GetByRole(AriaRole.Region, new() { Name = "Quota and rate" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "000000000000" });

        await Expect(row).ToHaveTextAsync(new Regex(@"us-east-1\s*50\s*200\s*25%\s*0/s\s*1/s\s*off\s*sandbox"));
    }

    [Theory]
    [InlineData("range=2h", "range is one of 1h, 6h, 24h, 3d, 7d, 14d, not 2h")]
    [InlineData("account=12", "account is twelve digits, not 12")]
    [InlineData("identity=example.com", "identity is the ARN of an identity, not example.com")]
    [InlineData("destination=a%20b", "destination is a domain, not a b")]
    public async Task What_cannot_be_read_of_the_address_is_answered_in_words(string query, string words)
    {
        await using var system = await ConsoleSystem.DevAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"sending?{query}");

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(words);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, "sending-light")]
    [InlineData(ColorScheme.Dark, 1280, "sending-dark")]
    [InlineData(ColorScheme.Light, 390, "sending-phone")]
    public async Task It_is_accessible(ColorScheme colors, int width, string picture)
    {
        await using var system = await ConsoleSystem.DevAsync();
        var past = new PastTraffic(system);
        await ADayAsync(past);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending", colors, width, 1000);
        await Expect(Sum(console, "accepted")).ToHaveTextAsync(Numbers.Show(past.Accepted), Patient);
        await Expect(Sum(console, "delivered")).ToHaveTextAsync(Numbers.Show(past.Delivered), Patient);

        await console.AssertAccessibleAsync();
        await console.PictureAsync(picture);
    }

    // A shop's day: quiet at first, busy at its end, with one provider that puts off and a newsletter with old addresses.
    private static async Task ADayAsync(PastTraffic past)
    {
        var begin = TimeProvider.System.GetUtcNow().AddHours(-23);
        for (var quarter = 0; quarter < 88; quarter++)
        {
            var at = begin.AddMinutes(15 * quarter);
            var busy = (int)(12 + (10 * Math.Sin((quarter - 24) / 14.0)) + (quarter * 7 % 5));
            await past.AddAsync(at, "shop.example", "example.net", busy, bounced: quarter % 17 == 3 ? 1 : 0, complained: quarter % 40 == 21 ? 1 : 0);
            await past.AddAsync(at.AddMinutes(3), "shop.example", "example.org", (busy / 2) + 1, deferred: quarter is > 52 and < 62 ? busy / 3 : 0);
            if (quarter is > 30 and < 42)
            {
                await past.AddAsync(at.AddMinutes(5), "news@letters.example", "mail.example", 60, bounced: (quarter % 4) + 2, complained: quarter % 6 == 0 ? 1 : 0);
            }
        }
    }

    private static ILocator Sum(ConsolePage console, string name) => console.Page.GetByTestId($"sum-{name}");

    private static ILocator Busiest(ConsolePage console, string name) => console.Page.GetByRole(AriaRole.Region, new() { Name = name });
}
