using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Signet.Names;
using Signet.Operators;
using Signet.Queue;
using Signet.Tests.Fakes;
using Signet.Traffic;
using Signet.Web.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace Signet.Web.Tests.Sending;

public sealed class QueuePageTests(Chromium chromium) : IAsyncDisposable
{
    private readonly ScriptedSmtpServer deferring = new("RCPT TO: 450 4.2.1 mailbox busy, try later", TimeProvider.System);

    public ValueTask DisposeAsync() => deferring.DisposeAsync();

    [Fact]
    public async Task Destinations_are_shown_with_their_back_off_and_last_reply_as_they_come()
    {
        await using var system = await StartAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending/queue");
        await Expect(console.Page.GetByText("The queue is empty.")).ToBeVisibleAsync();

        await system.SendAsync("An invoice", to: "ada@slow.test");
        await system.SendAsync("An invoice", to: "bob@slow.test");

        var row = Row(console, "slow.test");
        await Expect(Waiting(console)).ToHaveTextAsync("2 deliveries: 2 deferred");
        await Expect(row).ToContainTextAsync("backs off, next in");
        await Expect(row).ToContainTextAsync("450 4.2.1 mailbox busy, try later");
    }

    [Fact]
    public async Task A_destination_is_held_and_made_due_again()
    {
        await using var system = await StartAsync();
        await DeferAsync(system, "ada@slow.test", "bob@slow.test", "eve@late.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending/queue");

        await Button(Row(console, "slow.test"), "Hold").ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("2 deliveries are held.");
        await Expect(Waiting(console)).ToHaveTextAsync("3 deliveries: 1 deferred, 2 held");
        var before = deferring.Commands.Count(c => c.Contains("ada@slow.test", StringComparison.Ordinal));
        await Button(Row(console, "slow.test"), "Retry now").ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("2 deliveries are due now.");
        await Expect(Waiting(console)).ToHaveTextAsync("3 deliveries: 3 deferred");

        await console.Page.GetByRole(AriaRole.Link, new() { Name = "slow.test" }).ClickAsync();
        await Expect(Attempts(Row(console, "ada@slow.test"))).ToHaveTextAsync("2");
        Assert.True(deferring.Commands.Count(c => c.Contains("ada@slow.test", StringComparison.Ordinal)) > before);
    }

    [Fact]
    public async Task Dropping_a_destination_is_confirmed_with_its_counts_and_ends_its_deliveries()
    {
        await using var system = await StartAsync();
        await DeferAsync(system, "ada@slow.test", "bob@slow.test", "eve@late.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending/queue");
        var dialog = console.Page.GetByRole(AriaRole.Dialog);

        await Button(Row(console, "slow.test"), "Drop").ClickAsync();
        await Expect(dialog).ToContainTextAsync("Drop 2 deliveries to slow.test?");
        await Expect(dialog).ToContainTextAsync("They end as failed (2 deferred). Nobody is notified");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Keep" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(Waiting(console)).ToHaveTextAsync("3 deliveries: 3 deferred");
        await Button(Row(console, "slow.test"), "Drop").ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Drop" }).ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("2 deliveries are dropped.");
        await Expect(Waiting(console)).ToHaveTextAsync("1 delivery: 1 deferred");
        await Expect(Row(console, "slow.test")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_destination_leads_to_its_deliveries_and_each_to_its_message()
    {
        await using var system = await StartAsync();
        await DeferAsync(system, "ada@slow.test", "eve@late.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending/queue");

        await console.Page.GetByRole(AriaRole.Link, new() { Name = "slow.test" }).ClickAsync();
        await Expect(console.Page).ToHaveURLAsync(new Regex("view=deliveries&domain=slow.test"));
        await Expect(Row(console, "eve@late.test")).ToHaveCountAsync(0);
        await Row(console, "ada@slow.test").GetByRole(AriaRole.Link).ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Heading, new() { Name = "An invoice" })).ToBeVisibleAsync();
        await Expect(console.Page.Locator(".timeline")).ToContainTextAsync("450 4.2.1 mailbox busy, try later");
    }

    [Fact]
    public async Task One_delivery_is_held_retried_and_dropped()
    {
        await using var system = await StartAsync();
        await DeferAsync(system, "ada@slow.test", "bob@slow.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending/queue?view=deliveries");
        var row = Row(console, "ada@slow.test");

        await Button(row, "Hold").ClickAsync();
        await Expect(Waiting(console)).ToHaveTextAsync("2 deliveries: 1 deferred, 1 held");
        await Expect(row).ToContainTextAsync("held");
        await Button(row, "Retry now").ClickAsync();
        await Expect(Attempts(row)).ToHaveTextAsync("2");
        await Expect(Waiting(console)).ToHaveTextAsync("2 deliveries: 2 deferred");
        await Button(row, "Drop").ClickAsync();
        await console.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Drop" }).ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("1 delivery is dropped.");
        await Expect(row).ToHaveCountAsync(0);
        await Expect(Row(console, "bob@slow.test")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task All_that_match_a_filter_of_the_address_are_changed_and_no_others()
    {
        await using var system = await StartAsync();
        await DeferAsync(system, "ada@slow.test", "bob@slow.test", "eve@late.test");
        await system.Mail.QueueControl.HoldAsync(
            new DeliveryFilter { Domain = Addresses.DomainName.Parse("late.test") }, TimeProvider.System.GetUtcNow(), null, TestContext.Current.CancellationToken);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending/queue?state=held&account=000000000000");
        await Expect(Waiting(console)).ToHaveTextAsync("1 delivery: 1 held");
        await Expect(Row(console, "slow.test")).ToHaveCountAsync(0);

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Drop (1)" }).ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Drop 1 delivery found by the filter?");
        await console.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Drop" }).ClickAsync();
        await Expect(console.Page.GetByText("No waiting delivery matches.")).ToBeVisibleAsync();
        await console.Page.GetByRole(AriaRole.Link, new() { Name = "Clear" }).ClickAsync();
        await Expect(Waiting(console)).ToHaveTextAsync("2 deliveries: 2 deferred");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Hold (2)" }).ClickAsync();

        await Expect(Waiting(console)).ToHaveTextAsync("2 deliveries: 2 held");
        await console.GoAsync("sending/queue?account=111122223333");
        await Expect(console.Page.GetByText("No waiting delivery matches.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_domain_is_suspended_with_a_reason_and_resumed()
    {
        await using var system = await StartAsync();
        await DeferAsync(system, "ada@slow.test", "eve@late.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending/queue?domain=slow.test");
        var dialog = console.Page.GetByRole(AriaRole.Dialog);
        var suspensions = console.Page.GetByTestId("suspensions");

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Suspend (1)" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("Suspend 1 delivery found by the filter?");
        await dialog.GetByLabel("Reason").FillAsync("ticket 4711");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Suspend" }).ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("1 delivery is held.", new() { Timeout = 15_000 });
        await Expect(suspensions).ToContainTextAsync("domain slow.test");
        await Expect(suspensions).ToContainTextAsync("ticket 4711");
        await system.SendAsync("An invoice", to: "bob@slow.test");
        await Expect(Waiting(console)).ToHaveTextAsync("2 deliveries: 2 held");
        await suspensions.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("Resume domain slow.test?");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("2 deliveries are due now.", new() { Timeout = 15_000 });
        await Expect(suspensions).ToHaveCountAsync(0);
        await Expect(Waiting(console)).ToHaveTextAsync("2 deliveries: 2 deferred");
    }

    [Fact]
    public async Task What_waits_is_rerouted_to_another_server_and_leaves()
    {
        await using var other = new ScriptedSmtpServer("", TimeProvider.System);
        await using var system = await StartAsync();
        await DeferAsync(system, "ada@slow.test", "eve@late.test");
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending/queue?domain=slow.test");
        var dialog = console.Page.GetByRole(AriaRole.Dialog);

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Reroute (1)" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("Reroute 1 delivery found by the filter?");
        await dialog.GetByLabel("New target").FillAsync("capture");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Reroute" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("drop it instead");
        await dialog.GetByLabel("New target").FillAsync($"smtp://{other.EndPoint}");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Reroute" }).ClickAsync();

        await Expect(console.Page.GetByText("No waiting delivery matches.")).ToBeVisibleAsync();
        await Eventually.TrueAsync(() => other.Commands.Contains("RCPT TO:<ada@slow.test>"));
        Assert.DoesNotContain(other.Commands, c => c.Contains("eve@late.test", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_operates_one_account_sees_its_suspensions_and_neither_ends_nor_evades_them()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddAccountAsync(ConsoleSystem.Owner.Account);
        await system.AddOperatorAsync("ben", OperatorRole.Operate, ConsoleSystem.Owner.Account);
        await new PastTraffic(system).AddAsync(TimeProvider.System.GetUtcNow().AddMinutes(-5), "example.com", "example.net", 3, deferred: 3);
        await system.Mail.Suspensions.SuspendAsync(
            new DeliveryFilter { Account = ConsoleSystem.Owner.Account }, "ticket 4712", "ana", null, TestContext.Current.CancellationToken);
        await system.Mail.Suspensions.SuspendAsync(
            new DeliveryFilter { Account = AccountId.Parse("999999999999") }, "of another", "ana", null, TestContext.Current.CancellationToken);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending/queue");

        await console.SignInAsync("ben");

        await Expect(console.Page.GetByTestId("suspensions")).ToContainTextAsync("ticket 4712");
        await Expect(console.Page.GetByTestId("suspensions")).Not.ToContainTextAsync("of another");
        await Expect(console.Page.GetByTestId("suspensions").GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await Expect(console.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^(Suspend|Reroute)") })).ToHaveCountAsync(0);
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Retry now (3)" }).ClickAsync();
        await Expect(console.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("0 deliveries are due now.");
        await Expect(Waiting(console)).ToHaveTextAsync("3 deliveries: 3 held");
    }

    [Fact]
    public async Task A_long_queue_is_read_page_by_page()
    {
        await using var system = await StartAsync();
        await new PastTraffic(system).AddAsync(TimeProvider.System.GetUtcNow().AddMinutes(-5), "example.com", "example.net", 230, deferred: 230);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending/queue?view=deliveries");
        await Expect(Row(console, "customer1@example.net")).ToHaveCountAsync(1);

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(console.Page.GetByText("Page 2 of 3")).ToBeVisibleAsync();
        await Expect(Row(console, "customer101@example.net")).ToHaveCountAsync(1);
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(Row(console, "customer230@example.net")).ToHaveCountAsync(1);
        await Expect(console.Page.GetByRole(AriaRole.Button, new() { Name = "Next" })).ToBeDisabledAsync();
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "First" }).ClickAsync();
        await Expect(Row(console, "customer1@example.net")).ToHaveCountAsync(1);
        await console.Page.GetByRole(AriaRole.Link, new() { Name = "Newest first" }).ClickAsync();

        await Expect(Row(console, "customer230@example.net")).ToHaveCountAsync(1);
        await Expect(console.Page).ToHaveURLAsync(new Regex("order=newest"));
    }

    [Fact]
    public async Task Thousands_are_changed_as_one()
    {
        await using var system = await StartAsync();
        await new PastTraffic(system).AddAsync(TimeProvider.System.GetUtcNow().AddMinutes(-5), "example.com", "example.net", 3000, deferred: 3000);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending/queue");

        await console.Page.GetByRole(AriaRole.Button, new() { Name = "Hold (3,000)" }).ClickAsync();

        await Expect(console.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("3,000 deliveries are held.", new() { Timeout = 30_000 });
        await Expect(Waiting(console)).ToHaveTextAsync("3,000 deliveries: 3,000 held");
        await Expect(console.Page.GetByTestId("running")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Who_may_only_read_sees_the_queue_of_their_account_and_no_way_to_change_it()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        await system.AddAccountAsync(ConsoleSystem.Owner.Account);
        await system.AddOperatorAsync("ana", OperatorRole.Read, ConsoleSystem.Owner.Account);
        await new PastTraffic(system).AddAsync(TimeProvider.System.GetUtcNow().AddMinutes(-5), "example.com", "example.net", 3, deferred: 3);
        await using var console = await ConsolePage.OpenAsync(chromium, system, "sending/queue?account=111122223333");

        await console.SignInAsync("ana");

        await Expect(Waiting(console)).ToHaveTextAsync("3 deliveries: 3 deferred");
        await Expect(console.Page.GetByLabel("Account", new() { Exact = true })).ToHaveCountAsync(0);
        await Expect(console.Page.Locator("main").GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await console.Page.GetByRole(AriaRole.Link, new() { Name = "One by one" }).ClickAsync();
        await Expect(Row(console, "customer1@example.net")).ToHaveCountAsync(1);
        await Expect(console.Page.Locator("main").GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Who_operates_another_account_sees_and_changes_nothing_of_this_one()
    {
        await using var system = await ConsoleSystem.ServeAsync();
        var other = AccountId.Parse("111122223333");
        await system.AddAccountAsync(other);
        await system.AddOperatorAsync("ben", OperatorRole.Operate, other);
        await new PastTraffic(system).AddAsync(TimeProvider.System.GetUtcNow().AddMinutes(-5), "example.com", "example.net", 3, deferred: 3);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"sending/queue?account={ConsoleSystem.Owner.Account}");

        await console.SignInAsync("ben");

        await Expect(console.Page.GetByText("No waiting delivery matches.")).ToBeVisibleAsync();
        await CountedAsync(system);
        await console.GoAsync($"sending?range=1h&account={ConsoleSystem.Owner.Account}");
        await Expect(console.Page.GetByText("All of account 111122223333")).ToBeVisibleAsync();
        await Expect(console.Page.GetByText("None in this time.")).ToHaveCountAsync(2);
    }

    [Theory]
    [InlineData("state=delivered", "state is queued, deferred or held, not delivered")]
    [InlineData("domain=a%20b", "a b is not a domain")]
    [InlineData("recipient=ada", "ada is not an email address")]
    public async Task A_filter_that_cannot_be_read_is_answered_in_words(string query, string words)
    {
        await using var system = await StartAsync();
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"sending/queue?{query}");

        await Expect(console.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(words);
    }

    [Theory]
    [InlineData("", ColorScheme.Light, 1280, "queue-light")]
    [InlineData("", ColorScheme.Dark, 1280, "queue-dark")]
    [InlineData("", ColorScheme.Light, 390, "queue-phone")]
    [InlineData("view=deliveries", ColorScheme.Light, 1280, "queue-deliveries-light")]
    [InlineData("view=deliveries", ColorScheme.Dark, 1280, "queue-deliveries-dark")]
    [InlineData("view=deliveries", ColorScheme.Light, 390, "queue-deliveries-phone")]
    public async Task It_is_accessible(string query, ColorScheme colors, int width, string picture)
    {
        await using var system = await StartAsync();
        var past = new PastTraffic(system);
        var now = TimeProvider.System.GetUtcNow();
        await past.AddAsync(now.AddHours(-3), "shop.example", "example.org", 48, deferred: 48);
        await past.AddAsync(now.AddMinutes(-50), "shop.example", "mail.example", 7, deferred: 7);
        await past.AddAsync(now.AddMinutes(-20), "shop.example", "example.net", 3, deferred: 3);
        await DeferAsync(system, "ada@slow.test");
        await system.Mail.Suspensions.SuspendAsync(
            new DeliveryFilter { Domain = Addresses.DomainName.Parse("mail.example") }, "ticket 4711", "ana", null, TestContext.Current.CancellationToken);
        await using var console = await ConsolePage.OpenAsync(chromium, system, $"sending/queue?{query}", colors, width);
        await Expect(Waiting(console)).ToHaveTextAsync("59 deliveries: 52 deferred, 7 held");

        await console.AssertAccessibleAsync();
        await console.PictureAsync(picture);
    }

    private Task<ConsoleSystem> StartAsync() => ConsoleSystem.DevAsync(("route", $"*.test=smtp://{deferring.EndPoint}"), ("route", "capture"));

    /// <summary>Sends a message to each, and waits until all are deferred.</summary>
    private static async Task DeferAsync(ConsoleSystem system, params string[] recipients)
    {
        foreach (var recipient in recipients)
        {
            await system.SendAsync("An invoice", to: recipient);
        }

        var filter = new DeliveryFilter { State = DeliveryState.Queued };
        await Eventually.TrueAsync(
            async () => (await system.Mail.QueueControl.ListDestinationsAsync(filter, 1, TestContext.Current.CancellationToken)).Total == 0);
    }

    /// <summary>Waits until traffic has been counted, which is done after the fact.</summary>
    private static async Task CountedAsync(ConsoleSystem system)
    {
        var now = TimeProvider.System.GetUtcNow();
        var query = new TrafficQuery(now.AddHours(-1), now, TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(
            async () => (await system.Mail.TrafficStore.TopAsync(query, TrafficDimension.Destination, 1, TestContext.Current.CancellationToken)).Count > 0);
    }

    private static ILocator Waiting(ConsolePage console) => console.Page.GetByTestId("waiting");

    private static ILocator Row(ConsolePage console, string first) =>
        console.Page.GetByRole(AriaRole.Row).Filter(new() { Has = console.Page.GetByRole(AriaRole.Rowheader, new() { Name = first, Exact = true }) });

    private static ILocator Attempts(ILocator row) => row.GetByRole(AriaRole.Cell).Nth(3);

    private static ILocator Button(ILocator row, string word) => row.GetByRole(AriaRole.Button, new() { Name = word });
}
