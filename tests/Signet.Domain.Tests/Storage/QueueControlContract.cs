using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Messages;
using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public abstract class QueueControlContract(TestStore store) : StoreContract(store)
{
    private static readonly DeliveryFilter All = new();

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private SqlMessageQueue Queue => new(Database);

    private SqlNodes Nodes => new(Database);

    private SqlMessageArchive Archive => new(Database);

    private readonly FakeTimeProvider _time = new(Noon);

    private SqlQueueControl Control => new(Database, _time);

    [Fact]
    public async Task Destinations_are_counted_by_state_with_the_oldest_the_next_and_the_last_result()
    {
        var first = await StoredAsync(Noon, "a@one.example", "b@one.example", "c@two.example");
        await StoredAsync(Noon.AddMinutes(1), "d@one.example");
        var now = Noon.AddMinutes(2);
        await ClaimAsync("n1", 10, now);
        await Queue.StoreResultsAsync("n1", [Deferred(first, 0, now, now.AddHours(1)), Delivered(first, 2, now)], Cancel);
        await Nodes.LeaveAsync("n1", Cancel);

        var destination = Assert.Single((await Control.ListDestinationsAsync(All, 10, Cancel)).Listed);

        Assert.Equal(new Destination("one.example", 2, 1, 0, Noon, Noon, "451 later"), destination);
        Assert.Equal(3, destination.Total);
    }

    [Fact]
    public async Task Destinations_with_most_deliveries_come_first_and_no_more_than_asked_for()
    {
        await StoredAsync(Noon, "a@one.example", "a@two.example", "b@two.example", "a@three.example");

        Assert.Equal(["two.example", "one.example"], (await Control.ListDestinationsAsync(All, 2, Cancel)).Listed.Select(d => d.Domain));
    }

    [Fact]
    public async Task A_filter_finds_by_message_recipient_domain_and_state()
    {
        var first = await StoredAsync(Noon, "a@one.example", "b@two.example");
        var second = await StoredAsync(Noon.AddMinutes(1), "a@one.example");
        await Control.HoldAsync(new() { Message = second }, Noon.AddMinutes(1), null, Cancel);

        Assert.Equal([(first, 0), (first, 1)], await FoundAsync(new() { Message = first }));
        Assert.Equal([(first, 1)], await FoundAsync(new() { Recipient = EmailAddress.Parse("b@two.example") }));
        Assert.Equal([(first, 0), (second, 0)], await FoundAsync(new() { Domain = DomainName.Parse("one.example") }));
        Assert.Equal([(second, 0)], await FoundAsync(new() { Domain = DomainName.Parse("one.example"), State = DeliveryState.Held }));
        Assert.Empty(await FoundAsync(new() { State = DeliveryState.Delivered }));
        Assert.Empty(await FoundAsync(new() { Domain = DomainName.Parse("example") }));
    }

    [Fact]
    public async Task An_account_is_shown_its_own_deliveries_and_changes_no_others()
    {
        var mine = await StoredAsync(Noon, "a@one.example", "b@two.example");
        var others = Message(Noon, OtherAccount) with { Recipients = [EmailAddress.Parse("c@one.example"), EmailAddress.Parse("d@one.example")] };
        await Queue.EnqueueAsync(others, null, null, Cancel);
        var filter = new DeliveryFilter { Account = Owner.Account };
        var one = filter with { Domain = DomainName.Parse("one.example") };

        Assert.Equal([(mine, 0), (mine, 1)], await FoundAsync(filter));
        Assert.Equal([(mine, 0)], await FoundAsync(one));
        Assert.Equal(
            [("one.example", 1), ("two.example", 1)],
            (await Control.ListDestinationsAsync(filter, 10, Cancel)).Listed.Select(d => (d.Domain, d.Total)));
        Assert.Equal(new QueueChange(1, 0), await Control.HoldAsync(one, Noon, null, Cancel));
        Assert.Equal(new QueueChange(1, 0), await Control.RetryAsync(filter, Noon, null, Cancel));
        Assert.Equal(new QueueChange(2, 0), await Control.DropAsync(filter, Noon, null, Cancel));

        Assert.Empty(await FoundAsync(filter));
        Assert.Equal([(others.Id, 0), (others.Id, 1)], await FoundAsync(new()));
        Assert.All(await ListAsync(new()), d => Assert.Equal(DeliveryState.Queued, d.State));
    }

    // A version that knows it may have stored it; what was meant by it, nobody can tell here.
    [Fact]
    public async Task A_request_of_another_version_is_counted_and_called_off_by_a_retry()
    {
        var message = Message();
        await Queue.EnqueueAsync(message, null, null, Cancel);
        await Database.WriteAsync(s => s.ExecuteAsync("UPDATE open_delivery SET requested = 'Explode' WHERE ordinal = 0"), Cancel);

        var pending = await Control.ListAsync("node", Cancel);
        Assert.Equal((0, 0, 1), (pending.OfNode.Count, pending.Unclaimed.Count, pending.Unknown));

        await Control.RetryAsync(new(), Noon, null, Cancel);

        Assert.Equal(0, (await Control.ListAsync("node", Cancel)).Unknown);
    }

    [Theory]
    [InlineData(DeliveryOrder.OldestFirst)]
    [InlineData(DeliveryOrder.NewestFirst)]
    public async Task Pages_together_are_the_whole_list_in_order(DeliveryOrder order)
    {
        for (var i = 0; i < 3; i++)
        {
            // Two at a time: the order must hold among equals.
            await StoredAsync(Noon.AddMinutes(i), "a@one.example", "b@one.example");
            await StoredAsync(Noon.AddMinutes(i), "c@one.example");
        }

        List<WaitingDelivery> all = [];
        while (await Control.ListAsync(All, order, all.LastOrDefault(), 2, Cancel) is { Count: > 0 } page)
        {
            all.AddRange(page);
        }

        Assert.Equal(9, all.Distinct().Count());
        var times = all.Select(d => d.AcceptedAt);
        Assert.Equal(order == DeliveryOrder.OldestFirst ? times.Order() : times.OrderDescending(), times);
        Assert.Equal(all, await Control.ListAsync(All, order, null, 100, Cancel));
    }

    [Fact]
    public async Task A_held_delivery_is_never_claimed_until_it_is_retried()
    {
        var message = await StoredAsync(Noon, "a@one.example");

        Assert.Equal(new QueueChange(1, 0), await Control.HoldAsync(All, Noon, null, Cancel));

        Assert.Empty(await Queue.ClaimAsync("n1", new ClaimRequest(Noon.AddYears(1), 10), Cancel));
        Assert.Equal(new QueueChange(0, 0), await Control.HoldAsync(All, Noon, null, Cancel));
        Assert.Equal(new QueueChange(1, 0), await Control.RetryAsync(All, Noon.AddHours(1), null, Cancel));
        var again = Assert.Single(await ListAsync(All));
        Assert.Equal((DeliveryState.Queued, Noon.AddHours(1)), (again.State, again.NextAttemptAt));
        Assert.Equal(message, Assert.Single(await Queue.ClaimAsync("n1", new ClaimRequest(Noon.AddHours(1), 10), Cancel)).Id);
    }

    [Fact]
    public async Task Retention_does_not_forget_a_message_with_a_held_delivery()
    {
        var message = await StoredAsync(Noon, "a@one.example");
        await Control.HoldAsync(All, Noon, null, Cancel);

        await Archive.PruneAsync(Noon.AddYears(1), Noon.AddYears(1), Cancel);

        Assert.NotNull(await Archive.GetContentAsync(message, Cancel));
        Assert.Equal(DeliveryState.Held, Assert.Single((await Archive.GetAsync(message, Cancel))!.Deliveries).State);
    }

    [Fact]
    public async Task Retry_makes_a_deferred_delivery_due_and_keeps_its_attempts()
    {
        var message = await StoredAsync(Noon, "a@one.example");
        await ClaimAsync("n1", 10);
        await Queue.StoreResultsAsync("n1", [Deferred(message, 0, Noon, Noon.AddHours(9))], Cancel);
        var now = Noon.AddMinutes(1);

        Assert.Equal(new QueueChange(1, 0), await Control.RetryAsync(All, now, null, Cancel));

        Assert.Equal(DeliveryState.Deferred, Assert.Single(await ListAsync(All)).State);
        Assert.Equal(1, Assert.Single((await Queue.ClaimAsync("n1", new ClaimRequest(now, 10), Cancel))[0].Deliveries).Attempts);
    }

    [Fact]
    public async Task Retry_does_not_put_what_is_due_already_behind_the_others()
    {
        var message = await StoredAsync(Noon, "a@one.example");
        await ClaimAsync("n1", 10);
        await Queue.StoreResultsAsync("n1", [Deferred(message, 0, Noon, Noon.AddMinutes(1))], Cancel);

        await Control.RetryAsync(All, Noon.AddHours(1), null, Cancel);

        Assert.Equal(Noon.AddMinutes(1), Assert.Single(await ListAsync(All)).NextAttemptAt);
    }

    [Fact]
    public async Task What_a_node_has_is_shown_and_asked_for_and_the_result_of_its_attempt_counts()
    {
        var message = await StoredAsync(Noon, "a@one.example", "b@one.example");
        await ClaimAsync("n1", 1);

        Assert.Equal(["n1", null], (await ListAsync(All)).Select(d => d.ClaimedBy));
        Assert.Equal(new QueueChange(1, 0) { Pending = 1 }, await PatientlyAsync(Control.HoldAsync(All, Noon, null, Cancel)));
        Assert.Equal(new QueueChange(1, 0) { Pending = 1 }, await PatientlyAsync(Control.DropAsync(All, Noon, null, Cancel)));
        Assert.Equal(1, await Queue.StoreResultsAsync("n1", [Delivered(message, 0, Noon)], Cancel));

        Assert.Equal(
            [DeliveryState.Delivered, DeliveryState.Failed], (await Archive.GetAsync(message, Cancel))!.Deliveries.Select(d => d.State));
        Assert.Equal(new QueueChange(0, 0), await Control.DropAsync(All, Noon, null, Cancel));
        Assert.Empty((await Control.ListAsync("n1", Cancel)).OfNode);
    }

    [Fact]
    public async Task What_the_nodes_give_up_is_waited_for_and_counted()
    {
        var message = await StoredAsync(Noon, "a@one.example", "b@one.example", "c@one.example", "d@one.example");
        await ClaimAsync("n1", 2);
        await ClaimAsync("n2", 2);

        var dropping = Control.DropAsync(All, Noon, null, Cancel);
        await Eventually.TrueAsync(async () => (await Control.ListAsync("n1", Cancel)).OfNode.Count == 2);
        Assert.Equal([new DeliveryKey(message, 2), new DeliveryKey(message, 3)], (await Control.ListAsync("n2", Cancel)).OfNode.OrderBy(k => k.Ordinal));

        // The first of each is on its way; another node's are not a node's to give up.
        Assert.Equal(1, await Control.FulfilAsync("n1", [new(message, 1), new(message, 3)], Noon, Cancel));
        Assert.Equal(1, await Control.FulfilAsync("n2", [new(message, 3)], Noon, Cancel));
        Assert.Equal(0, await Control.FulfilAsync(null, [new(message, 0)], Noon, Cancel));
        Assert.Equal(2, await Queue.StoreResultsAsync("n1", [Delivered(message, 0, Noon)], Cancel) + await Queue.StoreResultsAsync("n2", [Failed(message, 2, Noon)], Cancel));

        Assert.Equal(new QueueChange(2, 2), await PatientlyAsync(dropping));
        Assert.Equal(0, await Queue.StoreResultsAsync("n1", [Delivered(message, 1, Noon)], Cancel));
        Assert.Equal(
            [DeliveryState.Delivered, DeliveryState.Failed, DeliveryState.Failed, DeliveryState.Failed],
            (await Archive.GetAsync(message, Cancel))!.Deliveries.Select(d => d.State));
        Assert.Equal(1, await Archive.PruneAsync(Noon.AddMilliseconds(1), Noon, Cancel));
    }

    [Theory]
    [InlineData(false, DeliveryState.Held)]
    [InlineData(true, DeliveryState.Failed)]
    public async Task What_was_being_attempted_and_is_deferred_is_held_or_dropped_then_and_not_claimed_before(bool drop, DeliveryState state)
    {
        var message = await StoredAsync(Noon, "a@one.example");
        await ClaimAsync("n1", 10);
        await PatientlyAsync(drop ? Control.DropAsync(All, Noon, null, Cancel) : Control.HoldAsync(All, Noon, null, Cancel));

        await Queue.StoreResultsAsync("n1", [Deferred(message, 0, Noon, Noon)], Cancel);

        Assert.Empty(await Queue.ClaimAsync("n1", new ClaimRequest(Noon.AddDays(1), 10), Cancel));
        var pending = await Control.ListAsync("n2", Cancel);
        Assert.Empty(pending.OfNode);
        Assert.Equal([new DeliveryKey(message, 0)], pending.Unclaimed);
        Assert.Equal(1, await Control.FulfilAsync(null, pending.Unclaimed, Noon, Cancel));
        Assert.Equal((state, 1), (await Archive.GetAsync(message, Cancel))!.Deliveries.Select(d => (d.State, d.Attempts)).Single());
    }

    [Fact]
    public async Task What_is_asked_for_of_a_node_that_died_is_done_when_it_counts_as_dead()
    {
        var message = await StoredAsync(Noon, "a@one.example");
        await ClaimAsync("n1", 10);
        await PatientlyAsync(Control.HoldAsync(All, Noon, null, Cancel));

        Assert.Empty((await Control.ListAsync("n2", Cancel)).Unclaimed);
        await Nodes.BeatAsync("n1", TimeSpan.Zero, Cancel);
        var pending = (await Control.ListAsync("n2", Cancel)).Unclaimed;

        Assert.Equal([new DeliveryKey(message, 0)], pending);
        Assert.Equal(1, await Control.FulfilAsync(null, pending, Noon, Cancel));
        Assert.Equal(DeliveryState.Held, Assert.Single(await ListAsync(All)).State);
    }

    [Fact]
    public async Task Retry_calls_off_a_hold_and_nothing_calls_off_a_drop()
    {
        var message = await StoredAsync(Noon, "a@one.example", "b@one.example");
        await ClaimAsync("n1", 10);
        await PatientlyAsync(Control.HoldAsync(new() { Recipient = EmailAddress.Parse("a@one.example") }, Noon, null, Cancel));
        await PatientlyAsync(Control.DropAsync(new() { Recipient = EmailAddress.Parse("b@one.example") }, Noon, null, Cancel));

        Assert.Equal(new QueueChange(0, 1), await Control.RetryAsync(All, Noon, null, Cancel));
        Assert.Equal(new QueueChange(0, 1) { Pending = 1 }, await PatientlyAsync(Control.HoldAsync(All, Noon, null, Cancel)));
        await Control.RetryAsync(All, Noon, null, Cancel);

        Assert.Equal([new DeliveryKey(message, 1)], (await Control.ListAsync("n1", Cancel)).OfNode);
        await Queue.StoreResultsAsync("n1", [Deferred(message, 0, Noon, Noon), Deferred(message, 1, Noon, Noon)], Cancel);
        Assert.Equal(0, Assert.Single(Assert.Single(await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel)).Deliveries).Ordinal);
    }

    [Fact]
    public async Task What_a_dead_node_had_can_be_held()
    {
        await StoredAsync(Noon, "a@one.example");
        await ClaimAsync("n1", 10);

        Assert.Equal(new QueueChange(0, 0) { Pending = 1 }, await PatientlyAsync(Control.HoldAsync(All, Noon, null, Cancel)));
        await Nodes.BeatAsync("n1", TimeSpan.Zero, Cancel);
        Assert.Equal(new QueueChange(1, 0), await Control.HoldAsync(All, Noon, null, Cancel));
        Assert.Empty(await Queue.ClaimAsync("n2", new ClaimRequest(Noon, 10), Cancel));
    }

    [Fact]
    public async Task Drop_ends_a_delivery_without_an_event_and_finishes_its_message()
    {
        var message = await StoredAsync(Noon, "a@one.example", "b@two.example");
        var now = Noon.AddHours(1);

        Assert.Equal(new QueueChange(1, 0), await Control.DropAsync(new() { Domain = DomainName.Parse("one.example") }, now, null, Cancel));
        await Archive.PruneAsync(now.AddYears(1), Noon, Cancel);
        Assert.NotNull(await Archive.GetContentAsync(message, Cancel));
        Assert.Equal(new QueueChange(1, 0), await Control.DropAsync(All, now, null, Cancel));

        var dropped = (await Archive.GetAsync(message, Cancel))!.Deliveries;
        Assert.All(dropped, d => Assert.Equal((DeliveryState.Failed, WaitingDelivery.DroppedResult), (d.State, d.Result)));
        Assert.Equal([Events.EventType.Send], (await Archive.GetEventsAsync(message, Cancel)).Select(e => e.Type));
        Assert.Equal(0, await Archive.PruneAsync(now, Noon, Cancel));
        Assert.Equal(1, await Archive.PruneAsync(now.AddMilliseconds(1), Noon, Cancel));
        Assert.Empty(await Queue.ClaimAsync("n1", new ClaimRequest(now.AddYears(1), 10), Cancel));
    }

    [Fact]
    public async Task What_is_accepted_after_a_change_began_is_left_alone()
    {
        await StoredAsync(Noon.AddMinutes(1), "a@one.example");

        Assert.Equal(new QueueChange(0, 0), await Control.HoldAsync(All, Noon, null, Cancel));
        Assert.Equal(new QueueChange(0, 0), await Control.DropAsync(All, Noon, null, Cancel));
    }

    [Fact]
    public async Task A_large_change_is_made_in_portions_and_tells_how_far_it_is()
    {
        string[] recipients = [.. Enumerable.Range(0, 50).Select(i => $"r{i}@one.example")];
        for (var i = 0; i < 21; i++)
        {
            await StoredAsync(Noon, recipients);
        }

        var seen = new Seen();
        var commits = 0;
        Database.BeforeStatement = sql => commits += sql == "COMMIT" ? 1 : 0;

        Assert.Equal(new QueueChange(1050, 0), await Control.HoldAsync(All, Noon, seen, Cancel));

        Database.BeforeStatement = null;
        Assert.Equal([500, 1000, 1050], seen.Numbers);
        Assert.Equal(3, commits);
        Assert.Equal(1050, (await Queue.CountAsync(Cancel))[DeliveryState.Held]);
    }

    [Fact]
    public async Task Whatever_statement_fails_no_portion_is_half_dropped()
    {
        var message = await StoredAsync(Noon, "a@one.example", "b@one.example");
        for (var n = 1; ; n++)
        {
            Database.BeforeStatement = FailingAt(n);

            var failure = await Record.ExceptionAsync(() => Control.DropAsync(All, Noon, null, Cancel));

            Database.BeforeStatement = null;
            var states = (await Archive.GetAsync(message, Cancel))!.Deliveries.Select(d => d.State).Distinct();
            if (failure is null)
            {
                Assert.True(n > 2, $"{n - 1} statements only");
                Assert.Equal([DeliveryState.Failed], states);
                return;
            }

            Assert.Equal([DeliveryState.Queued], states);
        }
    }

    [Fact]
    public async Task An_operator_beside_working_nodes_loses_nothing_and_ends_nothing_twice()
    {
        var messages = Enumerable.Range(0, 40).Select(i => Message(Noon, recipients: ["a", $"b{i}"])).ToList();
        await Task.WhenAll(messages.Select(m => Queue.EnqueueAsync(m, null, null, Cancel)));
        var now = Noon.AddHours(1);
        var ended = new ConcurrentDictionary<(MessageId, int), int>();
        var isOver = false;

        var workers = Enumerable.Range(0, 3).Select(w => WorkAsync($"n{w}", new Random(w))).ToList();
        var random = new Random(9);
        for (var i = 0; i < 30; i++)
        {
            var filter = new DeliveryFilter { Message = messages[random.Next(messages.Count)].Id };
            switch (random.Next(3))
            {
                case 0:
                    await PatientlyAsync(Control.HoldAsync(filter, now, null, Cancel));
                    break;
                case 1:
                    await Control.RetryAsync(filter, now, null, Cancel);
                    break;
                default:
                    await PatientlyAsync(Control.DropAsync(filter, now, null, Cancel));
                    break;
            }
        }

        // What was held is set free, so that the nodes can end everything.
        await Eventually.TrueAsync(async () =>
        {
            await Control.RetryAsync(All, now, null, Cancel);
            return (await ListAsync(All)).Count == 0 || workers.Any(w => w.IsFaulted);
        });

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(workers);
        Assert.All(ended.Values, times => Assert.Equal(1, times));
        var deliveries = (await Archive.FindAsync(new(), 100, Cancel)).SelectMany(m => m.Deliveries, (m, d) => (m.Id, d.Ordinal, d.Result)).ToList();
        Assert.Equal(80, deliveries.Count);
        Assert.All(deliveries, d => Assert.Equal(!ended.ContainsKey((d.Id, d.Ordinal)), d.Result == WaitingDelivery.DroppedResult));
        Assert.Equal(40, await Archive.PruneAsync(now.AddMilliseconds(1), Noon, Cancel));

        async Task WorkAsync(string node, Random chance)
        {
            await Nodes.BeatAsync(node, Life, Cancel);
            while (!Volatile.Read(ref isOver))
            {
                var claimed = await Queue.ClaimAsync(node, new ClaimRequest(now, 1 + chance.Next(3)), Cancel);

                // Before it begins, a node gives up what it is asked for; half of the time it has begun by then.
                var pending = await Control.ListAsync(node, Cancel);
                HashSet<DeliveryKey> withdrawn = chance.Next(2) == 0 ? [.. pending.OfNode] : [];
                await Control.FulfilAsync(node, [.. withdrawn], now, Cancel);
                await Queue.PostponeAsync(node, [.. withdrawn], now, Cancel);
                await Control.FulfilAsync(null, pending.Unclaimed, now, Cancel);
                DeliveryResult[] results = [.. claimed.SelectMany(m => m.Deliveries, (m, d) => (Key: new DeliveryKey(m.Id, d.Ordinal), d.Attempts))
                    .Where(d => !withdrawn.Contains(d.Key))
                    .Select(d => chance.Next(3) switch
                    {
                        0 => Deferred(d.Key.MessageId, d.Key.Ordinal, now, now.AddHours(1), d.Attempts),
                        1 => Failed(d.Key.MessageId, d.Key.Ordinal, now, d.Attempts),
                        _ => Delivered(d.Key.MessageId, d.Key.Ordinal, now, d.Attempts),
                    })];

                // What a node has begun, it has: every result counts.
                Assert.Equal(results.Length, await Queue.StoreResultsAsync(node, results, Cancel));
                foreach (var result in results.Where(r => r.State != DeliveryState.Deferred))
                {
                    ended.AddOrUpdate((result.MessageId, result.Ordinal), 1, (_, times) => times + 1);
                }
            }
        }
    }

    // Time passes until nodes have been waited for.
    private async Task<QueueChange> PatientlyAsync(Task<QueueChange> change)
    {
        await Eventually.TrueAsync(() => change.IsCompleted, () => _time.Advance(TimeSpan.FromMilliseconds(50)));
        return await change;
    }

    private async Task<MessageId> StoredAsync(DateTimeOffset at, params string[] recipients)
    {
        var message = Message(at) with { Recipients = [.. recipients.Select(EmailAddress.Parse)] };
        await Queue.EnqueueAsync(message, null, null, Cancel);
        return message.Id;
    }

    /// <summary>Claims as a node that is alive.</summary>
    private async Task ClaimAsync(string node, int limit, DateTimeOffset? now = null)
    {
        await Nodes.BeatAsync(node, Life, Cancel);
        await Queue.ClaimAsync(node, new ClaimRequest(now ?? Noon, limit), Cancel);
    }

    private Task<IReadOnlyList<WaitingDelivery>> ListAsync(DeliveryFilter filter) =>
        Control.ListAsync(filter, DeliveryOrder.OldestFirst, null, 100, Cancel);

    private async Task<IEnumerable<(MessageId, int)>> FoundAsync(DeliveryFilter filter) =>
        (await ListAsync(filter)).Select(d => (d.MessageId, d.Ordinal));

    private sealed class Seen : IProgress<long>
    {
        public List<long> Numbers { get; } = [];

        public void Report(long value) => Numbers.Add(value);
    }
}
