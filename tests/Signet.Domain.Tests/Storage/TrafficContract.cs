using System.Globalization;
using Signet.Addresses;
using Signet.Events;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;
using Signet.Storage;
using Signet.Traffic;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public abstract class TrafficContract(TestStore store) : StoreContract(store)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly TrafficQuery Hour = new(Noon, Noon.AddHours(1), TimeSpan.FromHours(1));

    private SqlMessageQueue Queue => new(Database);

    private SqlMessageArchive Archive => new(Database);

    private SqlTrafficCounter Counter => new(Database);

    private SqlTrafficStore Traffic => new(Database);

    [Fact]
    public async Task Everything_that_happens_is_counted_by_recipient_in_the_minute_when_it_happened()
    {
        var message = await AcceptAsync(Noon, "a@one.example", "b@one.example", "c@two.example", "d@two.example");
        var later = Noon.AddMinutes(2);
        await Queue.StoreResultsAsync(
            "n1",
            [
                Delivered(message, 0, later),
                DeferredAttempt(message, 1, later, 1),
                Failed(message, 2, later),
                Delivered(message, 3, later) with { Event = Event(message, EventType.Complaint, later) },
            ],
            Cancel);
        await Queue.ClaimAsync("n1", new ClaimRequest(later.AddHours(1), 10), Cancel);
        await Queue.StoreResultsAsync("n1", [DeferredAttempt(message, 1, later.AddMinutes(1), 2)], Cancel);
        await CountAsync();

        Assert.Equal(
            [
                new TrafficPoint(Noon, new(4, 0, 0, 0, 0, 0)),
                new TrafficPoint(Noon.AddMinutes(1), default),
                new TrafficPoint(Noon.AddMinutes(2), new(0, 1, 1, 1, 1, 0)),
                new TrafficPoint(Noon.AddMinutes(3), new(0, 0, 1, 0, 0, 0)),
            ],
            await Traffic.ReadAsync(new TrafficQuery(Noon, Noon.AddMinutes(4), Minute), Cancel));
        Assert.Equal([new TrafficPoint(Noon, new(4, 1, 2, 1, 1, 0))], await Traffic.ReadAsync(Hour, Cancel));
        Assert.Equal(2, (await SumAsync(Hour with { Of = TrafficName.Destination(DomainName.Parse("one.example")) })).Deferred);
    }

    [Theory]
    [InlineData("UPDATE event SET type = 'Opened'")]
    [InlineData("UPDATE event SET recipients = '{}'")]
    public async Task What_cannot_be_read_is_passed_over_and_told(string change)
    {
        await AcceptAsync(Noon, "a@one.example");
        await ExecuteAsync(change);
        await AcceptAsync(Noon, "b@one.example");

        Assert.Equal(new CountedPortion(2, 1), await Counter.CountAsync(10, Noon, Cancel));

        Assert.Equal(1, (await SumAsync(Hour)).Accepted);
        Assert.Equal(default, await Counter.CountAsync(10, Noon, Cancel));
    }

    [Fact]
    public async Task Captured_mail_is_accepted_and_delivered()
    {
        var message = Message();
        await Queue.EnqueueAsync(message with { Captured = [Delivered(message.Id, 0, Noon)] }, null, null, Cancel);
        await CountAsync();

        Assert.Equal(new TrafficCounts(1, 1, 0, 0, 0, 0), await SumAsync(Hour));
    }

    [Fact]
    public async Task A_delay_that_is_told_of_is_counted_once_by_its_attempt()
    {
        var message = await AcceptAsync(Noon, "a@one.example");
        await Queue.StoreResultsAsync(
            "n1", [DeferredAttempt(message, 0, Noon, 1) with { Event = Event(message, EventType.DeliveryDelay, Noon) }], Cancel);
        await CountAsync();

        Assert.Equal(1, (await SumAsync(Hour)).Deferred);
    }

    [Fact]
    public async Task Accounts_regions_identities_and_destinations_are_told_apart()
    {
        await AcceptAsync(Noon, "a@one.example", "b@one.example", "c@two.example");
        await StoreAsync(Message(Noon, OtherRegion) with { SourceArn = "arn:aws:ses:eu-west-1:111122223333:identity/example.org" });
        await StoreAsync(Message(Noon, OtherAccount) with { SourceArn = null });
        await CountAsync();

        Assert.Equal(5, (await SumAsync(Hour)).Accepted);
        Assert.Equal(4, (await SumAsync(Hour with { Account = Owner.Account })).Accepted);
        Assert.Equal(1, (await SumAsync(Hour with { Account = Owner.Account, Region = OtherRegion.Region })).Accepted);
        Assert.Equal(4, (await SumAsync(Hour with { Region = Owner.Region })).Accepted);
        var identity = TrafficName.Identity(IdentityArn.Parse("arn:aws:ses:us-east-1:111122223333:identity/example.com"));
        Assert.Equal(3, (await SumAsync(Hour with { Of = identity })).Accepted);
        Assert.Equal(0, (await SumAsync(Hour with { Of = identity, Account = OtherAccount.Account })).Accepted);
        Assert.Equal(
            [("example.com", 2), ("one.example", 2), ("two.example", 1)], await TopAsync(Hour, TrafficDimension.Destination, 10));
        Assert.Equal(
            [("one.example", 2)], await TopAsync(Hour with { Account = Owner.Account, Region = Owner.Region }, TrafficDimension.Destination, 1));
        Assert.Equal(
            [(identity.Name, 3), ("arn:aws:ses:eu-west-1:111122223333:identity/example.org", 1)],
            await TopAsync(Hour, TrafficDimension.Identity, 10));
        Assert.Equal([(identity.Name, 3)], await TopAsync(Hour with { Of = identity }, TrafficDimension.Identity, 10));
        await Assert.ThrowsAsync<ArgumentException>(() => TopAsync(Hour with { Of = identity }, TrafficDimension.Destination, 10));
    }

    [Fact]
    public async Task A_span_beyond_what_is_kept_or_counted_is_zeros()
    {
        await AcceptAsync(Noon, "a@one.example");
        await CountAsync();
        await Counter.ForgetAsync(Noon.AddDays(2), Cancel);

        Assert.Equal(0, (await SumAsync(new TrafficQuery(Noon, Noon.AddHours(1), Minute))).Total);
        Assert.Equal(1, (await SumAsync(new TrafficQuery(Noon, Noon.AddHours(1), TimeSpan.FromMinutes(15)))).Total);
        Assert.Equal(0, (await SumAsync(Hour with { Since = Noon.AddYears(-1), Until = Noon })).Total);

        await Counter.ForgetAsync(Noon.AddDays(14), Cancel);
        Assert.Equal(1, (await SumAsync(Hour)).Total);

        await Counter.ForgetAsync(Noon.AddDays(16), Cancel);
        Assert.Equal(0, (await SumAsync(Hour)).Total);
    }

    [Fact]
    public async Task What_is_stored_late_counts_where_it_belongs()
    {
        await AcceptAsync(Noon.AddMinutes(30), "a@one.example");
        await CountAsync();
        await AcceptAsync(Noon, "a@one.example");
        await AcceptAsync(Noon.AddMinutes(31), "a@one.example");
        await CountAsync();

        var points = await Traffic.ReadAsync(new TrafficQuery(Noon, Noon.AddHours(1), Minute), Cancel);

        Assert.Equal([0, 30, 31], points.Where(p => p.Counts.Accepted == 1).Select(p => (p.Start - Noon).TotalMinutes));
    }

    [Fact]
    public async Task Portions_together_count_everything()
    {
        for (var i = 0; i < 5; i++)
        {
            await AcceptAsync(Noon.AddMinutes(i), "a@one.example");
        }

        Assert.Equal(new CountedPortion(2, 0), await Counter.CountAsync(2, Noon, Cancel));
        Assert.Equal(2, (await SumAsync(Hour)).Accepted);
        await CountAsync(2);

        Assert.Equal(5, (await SumAsync(Hour)).Accepted);
        Assert.Equal(default, await Counter.CountAsync(2, Noon, Cancel));
    }

    [Fact]
    public async Task Many_nodes_that_count_while_others_accept_count_each_thing_once()
    {
        const int messages = 60;
        var accepting = Task.WhenAll(
            Enumerable.Range(0, messages).Select(i => AcceptAsync(Noon.AddSeconds(-i), "a@one.example", "b@two.example")));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CountUntilAsync(accepting)));
        await CountAsync();

        Assert.Equal(messages * 2, (await SumAsync(Hour with { Since = Noon.AddHours(-1) })).Accepted);

        async Task CountUntilAsync(Task end)
        {
            while (!end.IsCompleted)
            {
                await Counter.CountAsync(7, Noon, Cancel);
            }
        }
    }

    [Fact]
    public async Task Whatever_statement_fails_nothing_is_counted_by_halves_or_twice()
    {
        var message = await AcceptAsync(Noon, "a@one.example", "b@two.example");
        await Queue.StoreResultsAsync("n1", [Delivered(message, 0, Noon), DeferredAttempt(message, 1, Noon, 1)], Cancel);
        for (var n = 1; ; n++)
        {
            Database.BeforeStatement = FailingAt(n);

            var failure = await Record.ExceptionAsync(() => Counter.CountAsync(100, Noon, Cancel));

            Database.BeforeStatement = null;
            if (failure is null)
            {
                Assert.True(n > 5, $"{n - 1} statements only");
                Assert.Equal(new TrafficCounts(2, 1, 1, 0, 0, 0), await SumAsync(Hour));
                return;
            }

            Assert.Equal(default, await SumAsync(Hour));
        }
    }

    [Fact]
    public async Task A_portion_that_another_node_counted_meanwhile_is_void()
    {
        await AcceptAsync(Noon, "a@one.example");
        var portion = await Counter.NextAsync(10, Cancel);
        await CountAsync();

        Assert.False(await Counter.AddAsync(portion, Noon, Cancel));

        Assert.Equal(1, (await SumAsync(Hour)).Accepted);
    }

    [Fact]
    public async Task What_is_accepted_after_the_newest_was_deleted_is_counted()
    {
        await AcceptAsync(Noon, "a@one.example");
        await AcceptAsync(Noon, "b@one.example");
        await CountAsync();
        await Archive.DeleteAsync(new(), Cancel);
        await AcceptAsync(Noon, "c@one.example");
        await CountAsync();

        Assert.Equal(3, (await SumAsync(Hour)).Accepted);
    }

    [Fact]
    public async Task Messages_deleted_while_they_are_counted_do_not_hide_those_that_come_next()
    {
        await AcceptAsync(Noon, "a@one.example");
        await CountAsync();
        var gone = await AcceptAsync(Noon, "b@one.example");
        var portion = await Counter.NextAsync(10, Cancel);
        await Archive.DeleteAsync(new() { Id = gone }, Cancel);
        await AcceptAsync(Noon, "c@two.example");
        await Counter.AddAsync(portion, Noon, Cancel);
        await CountAsync();

        Assert.Contains(("two.example", 1), await TopAsync(Hour, TrafficDimension.Destination, 10));
    }

    [Fact]
    public async Task What_was_deleted_before_it_was_counted_is_not_counted_and_does_not_wait()
    {
        await AcceptAsync(Noon, "a@one.example");
        await Archive.DeleteAsync(new(), Cancel);
        await CountAsync();

        Assert.Equal(0, (await SumAsync(Hour)).Total);
        Assert.Equal(default, await Counter.CountAsync(10, Noon, Cancel));
    }

    [Fact]
    public async Task A_reset_forgets_all_and_what_comes_after_it_is_counted()
    {
        await AcceptAsync(Noon, "a@one.example");
        await CountAsync();
        await AcceptAsync(Noon, "a@one.example");
        var portion = await Counter.NextAsync(10, Cancel);
        await Archive.ResetAsync(null, Cancel);
        Assert.False(await Counter.AddAsync(portion, Noon, Cancel));

        Assert.Equal(0, (await SumAsync(Hour)).Total);
        await AcceptAsync(Noon, "a@one.example");
        await CountAsync();
        Assert.Equal(1, (await SumAsync(Hour)).Accepted);
    }

    [Fact]
    public async Task A_reset_of_one_account_leaves_the_sums_of_others()
    {
        await AcceptAsync(Noon, "a@one.example");
        await CountAsync();
        await AcceptAsync(Noon, "b@one.example");
        var before = (await SumAsync(Hour)).Accepted;

        await Archive.ResetAsync(AccountId.Parse("999900001111"), Cancel);
        await CountAsync();
        Assert.Equal(before + 1, (await SumAsync(Hour)).Accepted);

        await Archive.ResetAsync(Owner.Account, Cancel);
        await CountAsync();
        Assert.Equal(0, (await SumAsync(Hour)).Total);
    }

    [Fact]
    public async Task Names_beyond_those_that_find_room_are_counted_together_and_missing_in_no_sum()
    {
        for (var i = 0; i < Tally.MostNames + 20; i++)
        {
            await AcceptAsync(Noon, $"a@d{i.ToString("000", CultureInfo.InvariantCulture)}.example");
            if (i % 50 == 0)
            {
                await CountAsync();
            }
        }

        await AcceptAsync(Noon, "a@d000.example");
        await CountAsync();

        var top = await TopAsync(Hour, TrafficDimension.Destination, 1000);
        Assert.Equal(Tally.MostNames, top.Count);
        Assert.Equal(("d000.example", 2), top[0]);
        Assert.Equal(Tally.MostNames + 21, (await SumAsync(Hour)).Accepted);
        Assert.Equal(Tally.MostNames + 21, (await SumAsync(Hour with { Of = new(TrafficDimension.Identity, Message().SourceArn!) })).Accepted);
    }

    private async Task CountAsync(int portion = 100)
    {
        while ((await Counter.CountAsync(portion, Noon, Cancel)).Looked > 0)
        {
        }
    }

    private async Task<TrafficCounts> SumAsync(TrafficQuery query) =>
        (await Traffic.ReadAsync(query, Cancel)).Aggregate(default(TrafficCounts), (sum, p) => sum + p.Counts);

    private async Task<List<(string Name, long Total)>> TopAsync(TrafficQuery query, TrafficDimension by, int limit) =>
        [.. (await Traffic.TopAsync(query, by, limit, Cancel)).Select(s => (s.Name, s.Counts.Total))];

    private async Task<MessageId> AcceptAsync(DateTimeOffset at, params string[] recipients)
    {
        var message = Message(at) with { Recipients = [.. recipients.Select(EmailAddress.Parse)] };
        await StoreAsync(message);
        return message.Id;
    }

    private Task<EnqueueResult> StoreAsync(NewMessage message) => Queue.EnqueueAsync(message, null, "n1", Cancel);

    private static DeliveryResult DeferredAttempt(MessageId message, int ordinal, DateTimeOffset at, int number) =>
        Deferred(message, ordinal, at, at.AddMinutes(1), number - 1) with
        {
            Attempt = new Attempt(number, at, TimeSpan.Zero, null, null, null, "451 later", DeliveryState.Deferred),
        };
}
