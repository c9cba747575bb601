using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>Every selector with every action, and routes that operators give.</summary>
public abstract class SelectorContract(TestStore store) : StoreContract(store)
{
    private const string Relay = "smtp://relay.example.net:25";

    private readonly FakeTimeProvider _time = new(Noon);

    /// <summary>Selectors that match the delivery to <c>a@one.example</c> and no other.</summary>
    private static readonly Dictionary<string, DeliveryFilter> All = new()
    {
        ["message and recipient"] = new() { Recipient = EmailAddress.Parse("a@one.example") },
        ["domain"] = new() { Domain = DomainName.Parse("one.example") },
        ["host of a destination"] = new() { Destination = Destination("mx2.one.example") },
        ["shown name of a destination"] = new() { Destination = Destination("mx1.one.example,mx2.one.example,+1") },
        ["account"] = new() { Account = OtherAccount.Account },
        ["identity by name"] = new() { Identity = Identity("shop.example") },
        ["identity by ARN"] = new() { Identity = Identity("arn:aws:ses:us-east-1:444455556666:identity/shop.example") },
        ["identity of an address"] = new() { Identity = Identity("news@shop.example") },
        ["domain and account"] = new() { Domain = DomainName.Parse("one.example"), Account = OtherAccount.Account },
        ["identity and domain"] = new() { Domain = DomainName.Parse("one.example"), Identity = Identity("shop.example") },
    };

    /// <summary>Selectors that match nothing, though some look as if they did.</summary>
    private static readonly Dictionary<string, DeliveryFilter> None = new()
    {
        ["parent domain"] = new() { Domain = DomainName.Parse("example") },
        ["longer domain"] = new() { Domain = DomainName.Parse("one.example.net") },
        ["part of a host"] = new() { Destination = Destination("mx2.one") },
        ["hosts of two destinations"] = new() { Destination = Destination("mx1.one.example,mx.two.example") },
        ["wrong count of hosts"] = new() { Destination = Destination("mx1.one.example,mx2.one.example,+2") },
        ["another account"] = new() { Account = AccountId.Parse("999999999999") },
        ["identity of another owner"] = new() { Identity = Identity("arn:aws:ses:us-east-1:111122223333:identity/shop.example") },
        ["identity below"] = new() { Identity = Identity("below.shop.example") },
        ["end of an identity"] = new() { Identity = Identity("op.example") },
        ["pattern in an identity"] = new() { Identity = Identity("_hop.example") },
        ["part of an address"] = new() { Identity = Identity("ews@shop.example") },
    };

    public static TheoryData<string> Selectors => [.. All.Keys];

    public static TheoryData<string> Misses => [.. None.Keys];

    private SqlMessageQueue Queue => new(Database);

    private SqlQueueControl Control => new(Database, _time);

    [Theory]
    [MemberData(nameof(Selectors))]
    public async Task A_selector_finds_and_changes_what_it_names_and_nothing_else(string name)
    {
        var (mine, _) = await FillAsync();
        var filter = All[name];

        Assert.Equal([mine], (await Control.ListAsync(filter, DeliveryOrder.NewestFirst, null, 10, Cancel)).Select(d => d.MessageId));
        Assert.Equal(new QueueChange(1, 0), await Control.HoldAsync(filter, Noon, null, Cancel));
        Assert.Equal([mine], (await ListAsync(filter with { State = DeliveryState.Held })).Select(d => d.MessageId));
        Assert.Empty(await ListAsync(filter with { State = DeliveryState.Queued }));
        Assert.Equal(new QueueChange(1, 0), await Control.RerouteAsync(filter, Relay, Noon, null, Cancel));
        Assert.Equal([Relay], (await ListAsync(filter)).Select(d => d.Route));
        Assert.Equal(new QueueChange(1, 0), await Control.RetryAsync(filter, Noon, null, Cancel));
        Assert.Equal([Relay], (await ListAsync(filter)).Select(d => d.Route));
        Assert.Equal(new QueueChange(1, 0), await Control.DropAsync(filter, Noon, null, Cancel));

        Assert.Empty(await ListAsync(filter));
        Assert.All(await ListAsync(new()), d => Assert.Equal((DeliveryState.Queued, null, null), (d.State, d.Route, d.Suspension)));
        Assert.Equal(2, (await ListAsync(new())).Count);
    }

    [Theory]
    [MemberData(nameof(Misses))]
    public async Task What_only_looks_alike_is_not_found(string name)
    {
        await FillAsync();

        Assert.Empty(await ListAsync(None[name]));
        Assert.Equal(default, await Control.DropAsync(None[name], Noon, null, Cancel));
    }

    [Fact]
    public async Task What_a_node_has_claimed_is_found_by_every_selector()
    {
        var (mine, _) = await FillAsync();
        await new SqlNodes(Database).BeatAsync("n1", TimeSpan.FromMinutes(5), Cancel);
        await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel);

        foreach (var filter in All.Values)
        {
            Assert.Equal([mine], (await ListAsync(filter)).Select(d => d.MessageId));
        }
    }

    [Fact]
    public async Task A_selector_of_much_of_the_queue_goes_through_it_in_portions()
    {
        // As many candidates as are too many.
        string[] recipients = [.. Enumerable.Range(0, 50).Select(i => $"r{i}")];
        for (var i = 0; i < 12; i++)
        {
            await Queue.EnqueueAsync(Message(Noon, null, recipients), null, null, Cancel);
        }

        await Database.WriteAsync(
            s => s.ExecuteAsync(
                $"""
                INSERT INTO open_delivery (message_id, ordinal, recipient, domain, account, lane, state, size, accepted_at, attempts, is_claimed)
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {DeliverySelection.MaxNarrow})
                SELECT 'x' || i, 0, 'x@example.com', 'example.com', '111122223333', 'example.com 111122223333', 'Held', 1, 1, 0, 0 FROM n
                """),
            Cancel);
        var queued = new DeliveryFilter { Domain = DomainName.Parse("example.com"), State = DeliveryState.Queued };

        Assert.Equal(new QueueChange(600, 0), await Control.HoldAsync(new() { Domain = queued.Domain, Account = Owner.Account }, Noon, null, Cancel));

        Assert.Empty(await ListAsync(queued));
    }

    [Fact]
    public async Task A_rerouted_delivery_is_due_in_a_lane_of_its_own_and_has_its_target_when_it_is_claimed()
    {
        var message = Message(Noon, null, "a", "b");
        await Queue.EnqueueAsync(message, null, null, Cancel);
        Assert.Equal(new QueueChange(1, 0), await Control.RerouteAsync(new() { Recipient = Address("b") }, Relay, Noon, null, Cancel));
        List<string> lanes = [];

        // Nothing is let in to the domain's own destination.
        var claimed = await Queue.ClaimAsync(
            "n1", new ClaimRequest(Noon, 10) { Admit = (lane, wanted) => { lanes.Add(lane); return lane == "example.com" ? 0 : wanted; } }, Cancel);

        Assert.Equal(["example.com", $"example.com>{Relay}"], lanes);
        Assert.Equal([(1, Relay)], claimed.Single().Deliveries.Select(d => (d.Ordinal, d.Route)));
    }

    [Fact]
    public async Task A_target_is_taken_back()
    {
        await Queue.EnqueueAsync(Message(), null, null, Cancel);
        await Control.RerouteAsync(new(), Relay, Noon, null, Cancel);

        Assert.Equal(new QueueChange(1, 0), await Control.RerouteAsync(new(), null, Noon, null, Cancel));

        Assert.Null(Assert.Single(Assert.Single(await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10) { Admit = (lane, wanted) => lane == "example.com" ? wanted : 0 }, Cancel)).Deliveries).Route);
    }

    [Fact]
    public async Task A_deferred_delivery_is_due_at_once_by_its_new_target_and_one_that_is_due_keeps_its_place()
    {
        var message = Message(Noon, null, "a", "b");
        await Queue.EnqueueAsync(message, null, "n1", Cancel);
        await Queue.StoreResultsAsync("n1", [Deferred(message.Id, 0, Noon, Noon.AddHours(9)), Deferred(message.Id, 1, Noon, Noon.AddMinutes(1))], Cancel);

        await Control.RerouteAsync(new(), Relay, Noon.AddHours(1), null, Cancel);

        Assert.Equal([Noon.AddHours(1), Noon.AddMinutes(1)], (await ListAsync(new())).Select(d => d.NextAttemptAt));
    }

    [Fact]
    public async Task What_a_node_has_is_given_up_for_its_new_target()
    {
        var message = Message(Noon, null, "a", "b");
        await Queue.EnqueueAsync(message, null, null, Cancel);
        await new SqlNodes(Database).BeatAsync("n1", TimeSpan.FromMinutes(5), Cancel);
        await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel);

        var rerouting = Control.RerouteAsync(new(), Relay, Noon, null, Cancel);
        await Eventually.TrueAsync(async () => (await Control.ListAsync("n1", Cancel)).OfNode.Count == 2);
        Assert.Equal(1, await Control.FulfilAsync("n1", [new(message.Id, 0)], Noon, Cancel));

        // The other is under way, and is taken along the new target when it is deferred.
        await Eventually.TrueAsync(() => rerouting.IsCompleted, () => _time.Advance(TimeSpan.FromMilliseconds(50)));
        Assert.Equal(new QueueChange(1, 0) { Pending = 1 }, await rerouting);
        await Queue.StoreResultsAsync("n1", [Deferred(message.Id, 1, Noon, Noon.AddHours(1))], Cancel);
        Assert.Equal(1, await Control.FulfilAsync(null, (await Control.ListAsync("n2", Cancel)).Unclaimed, Noon, Cancel));
        Assert.Equal([Relay, Relay], (await Queue.ClaimAsync("n2", new ClaimRequest(Noon, 10), Cancel)).Single().Deliveries.Select(d => d.Route));
    }

    [Fact]
    public async Task A_hold_that_was_asked_for_outlasts_a_new_target()
    {
        var message = Message();
        await Queue.EnqueueAsync(message, null, null, Cancel);
        await new SqlNodes(Database).BeatAsync("n1", TimeSpan.FromMinutes(5), Cancel);
        await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel);
        var holding = Control.HoldAsync(new(), Noon, null, Cancel);
        await Eventually.TrueAsync(() => holding.IsCompleted, () => _time.Advance(TimeSpan.FromMilliseconds(50)));
        var rerouting = Control.RerouteAsync(new(), Relay, Noon, null, Cancel);
        await Eventually.TrueAsync(() => rerouting.IsCompleted, () => _time.Advance(TimeSpan.FromMilliseconds(50)));

        Assert.Equal(1, await Control.FulfilAsync("n1", (await Control.ListAsync("n1", Cancel)).OfNode, Noon, Cancel));

        var held = Assert.Single(await ListAsync(new()));
        Assert.Equal((DeliveryState.Held, Relay), (held.State, held.Route));
    }

    [Fact]
    public async Task What_is_overdue_is_listed_and_claimed_apart_by_its_target()
    {
        await Queue.EnqueueAsync(Message(Noon, null, "a", "b"), null, null, Cancel);
        await Control.RerouteAsync(new() { Recipient = Address("b") }, Relay, Noon, null, Cancel);

        Assert.Equal(["example.com", $"example.com>{Relay}"], (await Queue.ListOverdueAsync(Noon, Cancel)).Order());
        var claimed = await Queue.ClaimOverdueAsync("n1", $"example.com>{Relay}", Noon, 10, Cancel);

        Assert.Equal([1], claimed.Single().Deliveries.Select(d => d.Ordinal));
    }

    [Fact]
    public async Task Domains_without_deliveries_are_forgotten_after_a_day()
    {
        await FillAsync();
        await new SqlDestinationDomains(Database, _time).RecordAsync([(DomainName.Parse("idle.example"), "mx.idle.example")], Noon, Cancel);

        await Database.WriteAsync(s => s.ExecuteAllAsync([SqlDestinationDomains.Prune(Noon.AddHours(23))]), Cancel);
        Assert.Equal(3, await CountDomainsAsync());
        await Database.WriteAsync(s => s.ExecuteAllAsync([SqlDestinationDomains.Prune(Noon.AddHours(25))]), Cancel);

        Assert.Equal(2, await CountDomainsAsync());
        Assert.Equal(
            "mx1.one.example,mx2.one.example,+1",
            (await new SqlDestinationDomains(Database, _time).FindAsync(["one.example", "none.example"], Cancel))["one.example"].Value);
    }

    private Task<long> CountDomainsAsync() => Database.ReadAsync(s => s.CountAsync("SELECT COUNT(*) FROM destination_domain"), Cancel);

    /// <summary>One message of another account with one delivery to <c>a@one.example</c>, and one with two to other domains.</summary>
    private async Task<(MessageId Mine, MessageId Other)> FillAsync()
    {
        var mine = Message(Noon, OtherAccount) with
        {
            Recipients = [EmailAddress.Parse("a@one.example")],
            Decision = Samples.Decision with
            {
                Checks = [Samples.Decision.Checks[0] with { Role = AddressRole.From, Address = "News <news+may@shop.example>", Identity = "arn:aws:ses:us-east-1:444455556666:identity/shop.example" }],
            },
        };
        var other = Message(Noon) with { Recipients = [EmailAddress.Parse("a@two.example"), EmailAddress.Parse("a@sub.one.example")] };
        await Queue.EnqueueAsync(mine, null, null, Cancel);
        await Queue.EnqueueAsync(other, null, null, Cancel);
        await new SqlDestinationDomains(Database, _time).RecordAsync(
            [(DomainName.Parse("one.example"), "mx1.one.example mx2.one.example mx3.one.example"), (DomainName.Parse("two.example"), "mx.two.example")],
            Noon, Cancel);
        return (mine.Id, other.Id);
    }

    private static DestinationName Destination(string text) =>
        DestinationName.TryParse(text, out var name) ? name : throw new FormatException(text);

    private static IdentitySelector Identity(string text) =>
        IdentitySelector.TryParse(text, out var selector) ? selector : throw new FormatException(text);

    private Task<IReadOnlyList<WaitingDelivery>> ListAsync(DeliveryFilter filter) =>
        Control.ListAsync(filter, DeliveryOrder.OldestFirst, null, 100, Cancel);
}
