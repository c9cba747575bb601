using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Messages;
using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>A queue of more than three deliveries is long here.</summary>
public abstract class QueueTotalsContract(TestStore store) : StoreContract(store)
{
    private const int Short = 3;

    private readonly FakeTimeProvider _time = new(Noon);

    private SqlMessageQueue Queue => new(Database, Short);

    private SqlQueueControl Control => new(Database, _time, Short);

    private SqlQueueTotals Totals => new(Database, _time, Short);

    [Fact]
    public async Task A_short_queue_is_counted_when_somebody_looks()
    {
        await StoredAsync("a@one.example", "b@one.example", "c@two.example");

        Assert.Equal(0, await Totals.RefreshAsync(Cancel));

        var found = await ListAsync(DeliveryFilter.Everything);
        Assert.Equal((3, null), (found.Total, found.CountedAt));
    }

    [Fact]
    public async Task A_long_queue_is_shown_as_it_was_counted_last()
    {
        var first = await StoredAsync("a@one.example", "b@one.example", "c@two.example", "d@two.example");
        await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel);
        await Queue.StoreResultsAsync("n1", [Deferred(first, 0, Noon, Noon.AddHours(1))], Cancel);
        Assert.Equal(4, await Totals.RefreshAsync(Cancel));
        _time.Advance(TimeSpan.FromSeconds(20));
        await StoredAsync("e@three.example");

        var found = await ListAsync(DeliveryFilter.Everything);

        Assert.Equal((Noon, 2), (found.CountedAt, found.Destinations));
        Assert.Equal((3, 1, 0), (found.Queued, found.Deferred, found.Held));
        Assert.Equal(
            [
                new Destination("one.example", 1, 1, 0, Noon, Noon, "451 later"),
                new Destination("two.example", 2, 0, 0, Noon, Noon, null),
            ],
            found.Listed);
        var counts = await Queue.CountAsync(Cancel);
        Assert.Equal((3, 1, 0), (counts[DeliveryState.Queued], counts[DeliveryState.Deferred], counts[DeliveryState.Held]));

        await Totals.RefreshAsync(Cancel);
        found = await ListAsync(DeliveryFilter.Everything);
        Assert.Equal((Noon.AddSeconds(20), 3, 5), (found.CountedAt, found.Destinations, found.Total));
    }

    [Fact]
    public async Task A_long_queue_that_was_never_counted_is_counted_when_somebody_looks()
    {
        await StoredAsync("a@one.example", "b@one.example", "c@two.example", "d@two.example");

        var found = await ListAsync(DeliveryFilter.Everything);

        Assert.Equal((4, null), (found.Total, found.CountedAt));
    }

    [Fact]
    public async Task Counts_are_forgotten_when_the_queue_is_short_again()
    {
        var message = await StoredAsync("a@one.example", "b@one.example", "c@two.example", "d@two.example");
        await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel);
        await Totals.RefreshAsync(Cancel);
        await Queue.StoreResultsAsync("n1", [Delivered(message, 0, Noon)], Cancel);
        Assert.Equal((3, null), (await ListAsync(DeliveryFilter.Everything)) is var found ? (found.Total, found.CountedAt) : default);

        await Totals.RefreshAsync(Cancel);
        await StoredAsync("e@three.example");

        Assert.Equal((4, null), (await ListAsync(DeliveryFilter.Everything)) is var later ? (later.Total, later.CountedAt) : default);
    }

    [Fact]
    public async Task Counts_answer_by_account_destination_and_state()
    {
        await StoredAsync("a@one.example", "b@two.example");
        await Queue.EnqueueAsync(
            Message(Noon, OtherAccount) with { Recipients = [EmailAddress.Parse("c@one.example"), EmailAddress.Parse("d@three.example")] }, null, null, Cancel);
        var one = DomainName.Parse("one.example");
        await new SqlQueueControl(Database, _time).HoldAsync(new() { Account = Owner.Account, Domain = one }, Noon, null, Cancel);
        await Totals.RefreshAsync(Cancel);

        Assert.Equal(["one.example", "two.example"], await DomainsAsync(new() { Account = Owner.Account }));
        Assert.Equal((1, 0, 1), (await ListAsync(new() { Domain = one })) is var both ? (both.Queued, both.Deferred, both.Held) : default);
        Assert.Equal(["one.example"], await DomainsAsync(new() { State = DeliveryState.Held }));
        Assert.Equal(0, (await ListAsync(new() { State = DeliveryState.Held, Domain = DomainName.Parse("three.example") })).Total);
    }

    [Fact]
    public async Task A_message_or_a_recipient_is_looked_for_in_the_queue_itself()
    {
        await StoredAsync("a@one.example", "b@one.example", "c@two.example", "d@two.example");
        await Totals.RefreshAsync(Cancel);
        var late = await StoredAsync("e@one.example");

        Assert.Equal((1, null), (await ListAsync(new() { Message = late })) is var of ? (of.Total, of.CountedAt) : default);
        Assert.Equal(1, (await ListAsync(new() { Recipient = EmailAddress.Parse("e@one.example") })).Total);
    }

    [Fact]
    public async Task Destinations_beyond_the_largest_five_thousand_are_counted_together()
    {
        const int count = SqlQueueTotals.MaxListed + 50;
        await Database.WriteAsync(
            session => session.ExecuteAsync(
                $"""
                INSERT INTO open_delivery (message_id, ordinal, recipient, domain, account, lane, state, size, accepted_at, attempts, due_at, is_claimed)
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
                SELECT 'm', i, 'a', 'd' || i, '{Owner.Account}', 'l', 'Queued', 1, 1, 0, 1, 0 FROM n
                UNION ALL SELECT 'm', 0, 'a', 'd7', '{Owner.Account}', 'l', 'Queued', 1, 1, 0, 1, 0
                """),
            Cancel);

        Assert.Equal(count + 1, await Totals.RefreshAsync(Cancel));

        var found = await Control.ListDestinationsAsync(DeliveryFilter.Everything, int.MaxValue, Cancel);
        Assert.Equal((SqlQueueTotals.MaxListed, count + 1), (found.Listed.Count, found.Total));
        Assert.Equal(("d7", 2), (found.Listed[0].Domain, found.Listed[0].Total));
        Assert.DoesNotContain(found.Listed, d => d.Domain.Length == 0);
        Assert.Equal(SqlQueueTotals.MaxListed + 1, found.Destinations);
    }

    private async Task<MessageId> StoredAsync(params string[] recipients)
    {
        var message = Message(Noon) with { Recipients = [.. recipients.Select(EmailAddress.Parse)] };
        await Queue.EnqueueAsync(message, null, null, Cancel);
        return message.Id;
    }

    private Task<QueuedDestinations> ListAsync(DeliveryFilter filter) => Control.ListDestinationsAsync(filter, 10, Cancel);

    private async Task<IEnumerable<string>> DomainsAsync(DeliveryFilter filter) => (await ListAsync(filter)).Listed.Select(d => d.Domain).Order(StringComparer.Ordinal);
}
