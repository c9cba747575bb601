using System.Text;
using Signet.Addresses;
using Signet.Events;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public abstract class MessageQueueContract(TestStore store) : StoreContract(store)
{
    private SqlMessageQueue Queue => new(Database);

    private SqlNodes Nodes => new(Database);

    private SqlMessageArchive Archive => new(Database);

    private static TimeSpan Life => TimeSpan.FromMinutes(5);

    [Fact]
    public async Task What_is_accepted_without_a_claim_can_be_claimed_by_any_node()
    {
        var message = Message(recipients: ["a", "b+c"]);

        Assert.Equal(EnqueueResult.Stored, await Queue.EnqueueAsync(message, null, null, Cancel));
        var claimed = Assert.Single(await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel));

        Assert.Equal(message.Id, claimed.Id);
        Assert.Equal(Noon, claimed.AcceptedAt);
        Assert.Equal(message.EnvelopeFrom, claimed.EnvelopeFrom);
        Assert.Equal(message.Content.ToArray(), claimed.Content.ToArray());
        Assert.Equal(
            [new ClaimedDelivery(0, Address("a"), 0), new ClaimedDelivery(1, Address("b+c"), 0)], claimed.Deliveries);
    }

    [Fact]
    public async Task What_is_accepted_with_a_claim_is_claimed_by_others_only_when_its_node_is_dead()
    {
        await Nodes.BeatAsync("n1", Life, Cancel);
        await Queue.EnqueueAsync(Message(), null, "n1", Cancel);

        Assert.Equal(0, await Nodes.FreeDeadAsync(Cancel));
        Assert.Empty(await Queue.ClaimAsync("n2", new ClaimRequest(Noon.AddYears(1), 10), Cancel));
        await Nodes.BeatAsync("n1", TimeSpan.Zero, Cancel);
        Assert.Equal(1, await Nodes.FreeDeadAsync(Cancel));
        Assert.Single(await Queue.ClaimAsync("n2", new ClaimRequest(Noon, 10), Cancel));
    }

    [Fact]
    public async Task What_is_captured_is_stored_as_delivered_and_the_rest_is_claimed()
    {
        var message = Message(recipients: ["a", "b"]);
        var attempt = new Attempt(1, Noon, TimeSpan.Zero, null, null, null, "250 captured", DeliveryState.Delivered);
        var captured = Delivered(message.Id, 1, Noon) with
        {
            Event = Event(message.Id, EventType.Delivery, Noon),
            Attempt = attempt,
        };

        await Queue.EnqueueAsync(message with { Captured = [captured] }, null, null, Cancel);

        var stored = await Archive.GetAsync(message.Id, Cancel);
        Assert.Equal([DeliveryState.Queued, DeliveryState.Delivered], stored!.Deliveries.Select(d => d.State));
        Assert.Equal([0, 1], stored.Deliveries.Select(d => d.Attempts));
        Assert.Equal([new(1, attempt)], await Archive.GetAttemptsAsync(message.Id, Cancel));
        Assert.Equal([EventType.Send, EventType.Delivery], (await Archive.GetEventsAsync(message.Id, Cancel)).Select(e => e.Type));
        var claimed = Assert.Single(await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel));
        Assert.Equal(0, Assert.Single(claimed.Deliveries).Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_captured_whole_is_finished_when_it_is_accepted()
    {
        var message = Message(recipients: ["a"]);
        await Queue.EnqueueAsync(message with { Captured = [Delivered(message.Id, 0, Noon)] }, null, null, Cancel);

        Assert.Equal(1, await Archive.PruneAsync(Noon.AddMinutes(1), Noon, Cancel));
        Assert.Null(await Archive.GetContentAsync(message.Id, Cancel));
    }

    [Fact]
    public async Task A_queue_outlives_its_program()
    {
        var message = Message();
        await Queue.EnqueueAsync(message, null, null, Cancel);
        await Database.DisposeAsync();

        await using var again = await Store.OpenAsync(Cancel);

        Assert.Equal(message.Id, Assert.Single(await new SqlMessageQueue(again).ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel)).Id);
    }

    [Fact]
    public async Task Those_due_longest_come_first_and_no_more_than_asked_for()
    {
        var late = Message(Noon.AddSeconds(2));
        var early = Message(Noon, recipients: ["a", "b"]);
        await Queue.EnqueueAsync(late, null, null, Cancel);
        await Queue.EnqueueAsync(early, null, null, Cancel);
        await Queue.EnqueueAsync(Message(Noon.AddHours(1)), null, null, Cancel);
        var now = Noon.AddSeconds(3);

        var first = await Queue.ClaimAsync("n1", new ClaimRequest(now, 2), Cancel);
        var second = await Queue.ClaimAsync("n1", new ClaimRequest(now, 2), Cancel);

        Assert.Equal(early.Id, Assert.Single(first).Id);
        Assert.Equal(2, first[0].Deliveries.Count);
        Assert.Equal(late.Id, Assert.Single(second).Id);
    }

    [Fact]
    public async Task Whether_more_is_due_is_told_by_deliveries()
    {
        await Queue.EnqueueAsync(Message(recipients: ["a", "b", "c"]), null, null, Cancel);

        Assert.True((await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 2), Cancel)).IsMore);
        Assert.False((await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 2), Cancel)).IsMore);
        Assert.False((await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 0), Cancel)).IsMore);
    }

    [Fact]
    public async Task A_large_content_is_not_read_with_its_message()
    {
        var (small, large) = (new byte[ActiveQueue.MaxSmall], new byte[ActiveQueue.MaxSmall + 1]);
        new Random(1).NextBytes(large);
        var first = Message() with { Content = small };
        var second = Message(Noon.AddMilliseconds(1)) with { Content = large };
        await Queue.EnqueueAsync(first, null, null, Cancel);
        await Queue.EnqueueAsync(second, null, null, Cancel);

        var claimed = await Queue.ClaimAsync("n1", new ClaimRequest(Noon.AddMilliseconds(1), 10), Cancel);

        Assert.Equal([(small.Length, small.Length), (large.Length, 0)], claimed.Select(m => (m.Size, m.Content.Length)));
        var read = new byte[large.Length];
        Assert.True(await Queue.ReadContentAsync(second.Id, read, Cancel));
        Assert.Equal(large, read);
        Assert.False(await Queue.ReadContentAsync(second.Id, new byte[large.Length - 1], Cancel));
        Assert.False(await Queue.ReadContentAsync(NewId(Noon), read, Cancel));
    }

    [Fact]
    public async Task The_layout_of_a_message_is_stored_and_one_that_cannot_be_right_counts_as_none()
    {
        var content = Encoding.UTF8.GetBytes("From: a@shop.test\r\nSubject: \u00fc\r\n folded\r\n\r\nHello\r\n");
        var message = Message() with { Content = content, Layout = MessageLayout.Of(content) };
        await Queue.EnqueueAsync(message, null, null, Cancel);

        var claimed = Assert.Single(await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 1), Cancel));
        Assert.Equal("8 19 22", $"{claimed.Layout}");

        await Nodes.LeaveAsync("n1", Cancel);
        await ExecuteAsync("UPDATE message SET layout = '7 99'");
        Assert.Null(Assert.Single(await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 1), Cancel)).Layout);
    }

    [Fact]
    public async Task Delivering_needs_no_decision()
    {
        var message = Message();
        await Queue.EnqueueAsync(message, null, null, Cancel);
        await ExecuteAsync("UPDATE message SET decision = 'of another version'");

        var claimed = Assert.Single(await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel));

        Assert.Equal(new SendingIdentity(Owner, Address("sender")), claimed.Sender);
    }

    [Theory]
    [InlineData("UPDATE open_delivery SET recipient = 'nobody' WHERE message_id = @id AND ordinal = 0", "its recipient", true)]
    [InlineData("UPDATE message SET envelope_from = 'a@b c' WHERE id = @id", "the row of its message", true)]
    [InlineData("UPDATE message SET account = 'x' WHERE id = @id", "the row of its message", false)]
    [InlineData("UPDATE message SET sender_region = '' WHERE id = @id", "the row of its message", true)]
    [InlineData("UPDATE message_content SET sealed = 1 WHERE message_id = @id", "the row of its message", true)] // With no key that opens it.
    [InlineData("DELETE FROM message WHERE id = @id", "its message is not in the store", false)]
    public async Task A_row_that_cannot_be_read_is_named_and_holds_up_nothing(string change, string reason, bool isOwnerKnown)
    {
        var (bad, good) = (Message(), Message(Noon.AddMilliseconds(1)));
        await Queue.EnqueueAsync(bad, null, null, Cancel);
        await Queue.EnqueueAsync(good, null, null, Cancel);
        await ExecuteAsync(change, ("id", bad.Id.Value));
        var now = Noon.AddMinutes(1);

        var claimed = await Queue.ClaimAsync("n1", new ClaimRequest(now, 10), Cancel);

        Assert.Equal(good.Id, Assert.Single(claimed).Id);
        var unreadable = Assert.Single(claimed.Unreadable);
        Assert.Equal((new DeliveryKey(bad.Id, 0), reason, Noon, 0), (unreadable.Key, unreadable.Reason, unreadable.AcceptedAt, unreadable.Attempts));
        Assert.Equal(isOwnerKnown ? Owner : null, unreadable.Owner);
        Assert.Equal(1, await Queue.StoreResultsAsync("n1", [Deferred(bad.Id, 0, now, now.AddMinutes(1))], Cancel));
    }

    [Fact]
    public async Task A_delivery_whose_very_name_cannot_be_read_is_ended()
    {
        await Queue.EnqueueAsync(Message(), null, null, Cancel);
        await ExecuteAsync("UPDATE open_delivery SET message_id = 'x'");

        var claimed = await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel);

        Assert.Empty(claimed);
        Assert.Null(Assert.Single(claimed.Unreadable).Key);
        Assert.Empty((await Queue.ClaimAsync("n1", new ClaimRequest(Noon.AddYears(1), 10), Cancel)).Unreadable);
        Assert.Equal(0, (await Queue.CountAsync(Cancel)).Values.Sum());
    }

    [Fact]
    public async Task What_waited_before_senders_had_columns_is_sent_by_the_same()
    {
        var check = Samples.Decision.Checks[0];
        var other = "arn:aws:ses:eu-west-1:444455556666:identity/example.org";
        (NewMessage Message, SendingIdentity? Sender)[] all =
        [
            (Message(), new SendingIdentity(Owner, Address("sender"))),
            (Deciding(check, check with { Role = AddressRole.From, Address = "Søren <other@example.org>", Identity = other }),
                new SendingIdentity(new AccountRegion(AccountId.Parse("444455556666"), Region.Parse("eu-west-1")), Address("other", "example.org"))),
            (Deciding(check with { Identity = null }), null),
            (Deciding(check with { Role = AddressRole.ReturnPath }), null),
            (Deciding(), null),
            (Deciding(check with { Address = "\"a b\"@example.com" }), null),
        ];
        var broken = Message();
        foreach (var message in all.Select(a => a.Message).Append(broken))
        {
            await Queue.EnqueueAsync(message, null, null, Cancel);
        }

        await ExecuteAsync("UPDATE message SET decision = '{\"checks\": [' WHERE id = @id", ("id", broken.Id.Value));
        foreach (var column in new[] { "sender_account", "sender_region", "sender_address" })
        {
            await ExecuteAsync($"ALTER TABLE message DROP COLUMN {column}");
        }

        foreach (var statement in SendersMigration())
        {
            await ExecuteAsync(statement);
        }

        var claimed = await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel);

        Assert.Equal(
            all.Select(a => (a.Message.Id, a.Sender)).Append((broken.Id, null)).ToHashSet(), claimed.Select(m => (m.Id, m.Sender)).ToHashSet());

        NewMessage Deciding(params AddressCheck[] checks) => Message() with { Decision = Samples.Decision with { Checks = checks } };

        string[] SendersMigration()
        {
            var name = $"Signet.Storage.Migrations.0015_senders.{Database.Dialect.Engine}.sql";
            using var reader = new StreamReader(typeof(Database).Assembly.GetManifestResourceStream(name)!);
            var sql = reader.ReadToEnd().Replace("{text}", Database.Dialect.Text, StringComparison.Ordinal);

            // SQLite's prepared statements are one each; PostgreSQL's file has a function, whose body has semicolons.
            return Database.Dialect == Dialect.Sqlite
                ? sql.Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                : [sql];
        }
    }

    [Fact]
    public async Task A_sign_of_life_says_whether_the_node_was_known()
    {
        Assert.False((await Nodes.BeatAsync("n1", TimeSpan.Zero, Cancel)).WasKnown);
        Assert.True((await Nodes.BeatAsync("n1", TimeSpan.Zero, Cancel)).WasKnown);
        await Nodes.FreeDeadAsync(Cancel);
        Assert.False((await Nodes.BeatAsync("n1", Life, Cancel)).WasKnown);
        await Nodes.FreeDeadAsync(Cancel);
        Assert.True((await Nodes.BeatAsync("n1", Life, Cancel)).WasKnown);
        await Nodes.LeaveAsync("n1", Cancel);
        Assert.False((await Nodes.BeatAsync("n1", Life, Cancel)).WasKnown);
    }

    [Fact]
    public async Task A_sign_of_life_counts_the_nodes_that_are_alive()
    {
        Assert.Equal(1, (await Nodes.BeatAsync("n1", Life, Cancel)).Alive);
        Assert.Equal(2, (await Nodes.BeatAsync("n2", Life, Cancel)).Alive);
        Assert.Equal(3, (await Nodes.BeatAsync("dies", TimeSpan.Zero, Cancel)).Alive);
        Assert.Equal(2, (await Nodes.BeatAsync("n1", Life, Cancel)).Alive);
        await Nodes.LeaveAsync("n2", Cancel);
        Assert.Equal(1, (await Nodes.BeatAsync("n1", Life, Cancel)).Alive);
    }

    [Fact]
    public async Task A_duty_is_of_one_node_until_its_hold_is_over_or_it_leaves()
    {
        Assert.True(await Nodes.TryTakeAsync(Duty.Retention, "n1", Life, Cancel));
        Assert.True(await Nodes.TryTakeAsync(Duty.Retention, "n1", Life, Cancel));
        Assert.False(await Nodes.TryTakeAsync(Duty.Retention, "n2", Life, Cancel));
        Assert.True(await Nodes.TryTakeAsync(Duty.SearchIndexing, "n2", TimeSpan.Zero, Cancel));
        Assert.True(await Nodes.TryTakeAsync(Duty.SearchIndexing, "n1", Life, Cancel));
        await Nodes.LeaveAsync("n1", Cancel);
        Assert.True(await Nodes.TryTakeAsync(Duty.Retention, "n2", Life, Cancel));
    }

    [Fact]
    public async Task No_lane_hides_the_others_however_much_waits_in_it()
    {
        var other = OtherAccount;
        for (var i = 0; i < 20; i++)
        {
            await Queue.EnqueueAsync(Message(Noon.AddMilliseconds(i)), null, null, Cancel);
        }

        var late = Message(Noon.AddMinutes(1), other);
        var elsewhere = Message(Noon.AddMinutes(1)) with { Recipients = [new EmailAddress("to", DomainName.Parse("example.net"))] };
        await Queue.EnqueueAsync(late, null, null, Cancel);
        await Queue.EnqueueAsync(elsewhere, null, null, Cancel);

        var claimed = await Queue.ClaimAsync(
            "n1", new ClaimRequest(Noon.AddMinutes(1), 10) { Admit = (domain, wanted) => domain == "example.com" ? Math.Min(wanted, 4) : wanted }, Cancel);

        Assert.Equal(3 + 1 + 1, claimed.Count);
        Assert.Contains(claimed, m => m.Id == late.Id);
        Assert.Contains(claimed, m => m.Id == elsewhere.Id);
    }

    [Fact]
    public async Task Where_a_claim_stopped_the_next_goes_on()
    {
        foreach (var domain in new[] { "a.test", "b.test", "c.test", "d.test" })
        {
            var message = Message() with { Recipients = [new EmailAddress("to", DomainName.Parse(domain))] };
            await Queue.EnqueueAsync(message, null, null, Cancel);
            await Queue.EnqueueAsync(Message() with { Recipients = message.Recipients }, null, null, Cancel);
        }

        var request = new ClaimRequest(Noon, 2) { Admit = (_, _) => 1 };
        var first = await Queue.ClaimAsync("n1", request, Cancel);
        var second = await Queue.ClaimAsync("n1", request with { After = first.Next }, Cancel);

        Assert.True(first.IsMore);
        Assert.Equal(
            ["a.test", "b.test", "c.test", "d.test"],
            first.Concat(second).Select(m => m.Deliveries[0].Recipient.Domain.Value).Order(StringComparer.Ordinal));
        Assert.Empty(second.Next);
    }

    [Fact]
    public async Task What_is_overdue_is_listed_by_domain_and_claimed_whenever_it_is_due()
    {
        var (old, held, young) = (Message(Noon), Message(Noon), Message(Noon.AddHours(1)));
        foreach (var message in new[] { old, held, young })
        {
            await Queue.EnqueueAsync(message, null, "n1", Cancel);
        }

        await Queue.StoreResultsAsync("n1", [Deferred(old.Id, 0, Noon, Noon.AddDays(1))], Cancel);
        await Nodes.LeaveAsync("n1", Cancel);
        await new SqlQueueControl(Database, TimeProvider.System).HoldAsync(new DeliveryFilter { Message = held.Id }, Noon, null, Cancel);

        Assert.Equal(["example.com"], await Queue.ListOverdueAsync(Noon, Cancel));
        Assert.Empty(await Queue.ListOverdueAsync(Noon.AddMilliseconds(-1), Cancel));
        Assert.Empty(await Queue.ClaimOverdueAsync("n2", "example.co", Noon, 10, Cancel));
        var claimed = Assert.Single(await Queue.ClaimOverdueAsync("n2", "example.com", Noon, 10, Cancel));
        Assert.Equal((old.Id, 1), (claimed.Id, claimed.Deliveries[0].Attempts));
        Assert.Empty(await Queue.ListOverdueAsync(Noon, Cancel));
    }

    [Fact]
    public async Task A_claim_brings_no_more_bytes_than_were_asked_for_but_for_one_message()
    {
        for (var i = 0; i < 5; i++)
        {
            await Queue.EnqueueAsync(Message(Noon.AddMilliseconds(i)) with { Content = new byte[1_000] }, null, null, Cancel);
        }

        Assert.Equal(3, (await Queue.ClaimAsync("n1", new ClaimRequest(Noon.AddSeconds(1), 10) { Bytes = 2_500 }, Cancel)).Count);
    }

    [Fact]
    public async Task What_is_postponed_is_claimed_by_anybody_from_then_on_without_an_attempt()
    {
        var message = Message();
        await Queue.EnqueueAsync(message, null, "n1", Cancel);
        var until = Noon.AddSeconds(5);

        Assert.Equal(0, await Queue.PostponeAsync("n2", [new(message.Id, 0)], until, Cancel));
        Assert.Equal(1, await Queue.PostponeAsync("n1", [new(message.Id, 0)], until, Cancel));

        Assert.Empty(await Queue.ClaimAsync("n2", new ClaimRequest(until.AddMilliseconds(-1), 10), Cancel));
        var claimed = Assert.Single(await Queue.ClaimAsync("n2", new ClaimRequest(until, 10), Cancel));
        Assert.Equal(0, claimed.Deliveries[0].Attempts);
        Assert.Equal(0, await Queue.StoreResultsAsync("n1", [Delivered(message.Id, 0, until)], Cancel));
    }

    [Fact]
    public async Task Attempts_are_kept_with_the_results_that_were_stored_and_go_with_their_message()
    {
        var message = Message(recipients: ["a", "b"]);
        await Queue.EnqueueAsync(message, null, "n1", Cancel);
        var attempt = new Attempt(1, Noon, TimeSpan.FromMilliseconds(12), "mx.test", "192.0.2.7", "TLSv1.3", "250 ok", DeliveryState.Delivered)
        {
            Cipher = "TLS_AES_256_GCM_SHA384",
            Certificate = "expired; wrong name",
            TlsPolicy = "required by route bank.test",
        };
        var captured = attempt with { Host = null, Address = null, Tls = null, Cipher = null, Certificate = null, TlsPolicy = null };

        await Queue.StoreResultsAsync("n1", [Delivered(message.Id, 1, Noon) with { Attempt = attempt }, Delivered(message.Id, 0, Noon) with { Attempt = captured }], Cancel);
        await Queue.StoreResultsAsync("n1", [Delivered(message.Id, 1, Noon) with { Attempt = attempt }], Cancel);

        Assert.Equal([new(0, captured), new(1, attempt)], await Archive.GetAttemptsAsync(message.Id, Cancel));
        await Archive.DeleteAsync(new() { Id = message.Id }, Cancel);
        Assert.Empty(await Archive.GetAttemptsAsync(message.Id, Cancel));
    }

    [Fact]
    public async Task The_quota_lets_a_send_pass_while_anything_is_left_and_then_none()
    {
        var first = Message(recipients: ["a", "b", "c"]);
        var second = Message();

        Assert.Equal(EnqueueResult.Stored, await Queue.EnqueueAsync(first, 2, null, Cancel));
        Assert.Equal(EnqueueResult.QuotaExceeded, await Queue.EnqueueAsync(second, 2, null, Cancel));

        Assert.Null(await Archive.GetAsync(second.Id, Cancel));
        Assert.Single(await Archive.ListEventsAsync(null, null, 10, Cancel));
    }

    [Fact]
    public async Task A_message_that_uses_no_quota_passes_an_exhausted_one()
    {
        await Queue.EnqueueAsync(Message(), 1, null, Cancel);

        Assert.Equal(EnqueueResult.Stored, await Queue.EnqueueAsync(Message() with { QuotaUse = 0 }, 1, null, Cancel));
    }

    [Fact]
    public async Task The_quota_is_exact_when_many_send_at_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Queue.EnqueueAsync(Message(), 15, null, Cancel)));

        Assert.Equal(15, results.Count(r => r == EnqueueResult.Stored));
        Assert.Equal(15, (await Queue.CountAsync(Cancel))[DeliveryState.Queued]);
    }

    [Fact]
    public async Task A_deferred_delivery_comes_again_at_its_time_with_its_attempts_counted()
    {
        var message = Message();
        await Queue.EnqueueAsync(message, null, "n1", Cancel);
        var next = Noon.AddMinutes(10);

        Assert.Equal(1, await Queue.StoreResultsAsync("n1", [Deferred(message.Id, 0, Noon, next)], Cancel));

        Assert.Empty(await Queue.ClaimAsync("n1", new ClaimRequest(next.AddMilliseconds(-1), 10), Cancel));
        var claimed = Assert.Single(await Queue.ClaimAsync("n1", new ClaimRequest(next, 10), Cancel));
        Assert.Equal(1, Assert.Single(claimed.Deliveries).Attempts);
    }

    [Fact]
    public async Task A_delivery_that_ended_never_comes_again()
    {
        var message = Message(recipients: ["a", "b"]);
        await Queue.EnqueueAsync(message, null, "n1", Cancel);

        Assert.Equal(2, await Queue.StoreResultsAsync("n1", [Failed(message.Id, 1, Noon), Delivered(message.Id, 0, Noon)], Cancel));

        Assert.Empty(await Queue.ClaimAsync("n1", new ClaimRequest(Noon.AddYears(1), 10), Cancel));
        Assert.Equal(0, await Queue.StoreResultsAsync("n1", [Failed(message.Id, 0, Noon)], Cancel));
        var deliveries = (await Archive.GetAsync(message.Id, Cancel))!.Deliveries;
        Assert.Equal([DeliveryState.Delivered, DeliveryState.Failed], deliveries.Select(d => d.State));
        Assert.Equal(["250 ok", "550 no such user"], deliveries.Select(d => d.Result));
    }

    [Fact]
    public async Task A_result_comes_too_late_when_another_node_has_the_delivery()
    {
        var message = Message();
        await Queue.EnqueueAsync(message, null, "n1", Cancel);
        await Nodes.FreeDeadAsync(Cancel);
        await Queue.ClaimAsync("n2", new ClaimRequest(Noon, 10), Cancel);

        Assert.Equal(0, await Queue.StoreResultsAsync("n1", [Delivered(message.Id, 0, Noon)], Cancel));

        Assert.Equal([EventType.Send], (await Archive.GetEventsAsync(message.Id, Cancel)).Select(e => e.Type));
        Assert.Equal(1, await Queue.StoreResultsAsync("n2", [Delivered(message.Id, 0, Noon)], Cancel));
    }

    [Fact]
    public async Task A_result_of_a_node_that_was_taken_for_dead_counts_if_nobody_has_claimed_the_delivery_since()
    {
        var message = Message();
        await Queue.EnqueueAsync(message, null, "n1", Cancel);
        Assert.Equal(1, await Nodes.FreeDeadAsync(Cancel));

        Assert.Equal(1, await Queue.StoreResultsAsync("n1", [Delivered(message.Id, 0, Noon)], Cancel));
        Assert.Empty(await Queue.ClaimAsync("n2", new ClaimRequest(Noon, 10), Cancel));
    }

    [Fact]
    public async Task A_result_that_is_written_again_after_its_delivery_was_deferred_changes_nothing()
    {
        var message = Message();
        await Queue.EnqueueAsync(message, null, "n1", Cancel);
        var attempt = new Attempt(1, Noon, TimeSpan.Zero, "mx.test", "192.0.2.7", null, "451 later", DeliveryState.Deferred);
        var result = Deferred(message.Id, 0, Noon, Noon.AddMinutes(1)) with { Attempt = attempt };

        Assert.Equal(1, await Queue.StoreResultsAsync("n1", [result], Cancel));
        Assert.Equal(0, await Queue.StoreResultsAsync("n1", [result], Cancel));

        Assert.Equal(1, Assert.Single((await Archive.GetAsync(message.Id, Cancel))!.Deliveries).Attempts);
        Assert.Single(await Archive.GetAttemptsAsync(message.Id, Cancel));
    }

    [Fact]
    public async Task A_result_that_is_given_twice_counts_once()
    {
        var message = Message();
        await Queue.EnqueueAsync(message, null, "n1", Cancel);

        Assert.Equal(1, await Queue.StoreResultsAsync("n1", [Delivered(message.Id, 0, Noon), Delivered(message.Id, 0, Noon)], Cancel));

        Assert.Equal(2, (await Archive.GetEventsAsync(message.Id, Cancel)).Count);
    }

    [Fact]
    public async Task A_node_that_stops_frees_its_own_claims_and_no_others()
    {
        var mine = Message();
        await Queue.EnqueueAsync(mine, null, "n1", Cancel);
        await Queue.EnqueueAsync(Message(), null, "n2", Cancel);

        Assert.Equal(1, await Nodes.LeaveAsync("n1", Cancel));

        Assert.Equal(mine.Id, Assert.Single(await Queue.ClaimAsync("n3", new ClaimRequest(Noon, 10), Cancel)).Id);
    }

    [Fact]
    public async Task What_waits_is_counted_by_state_and_what_has_ended_is_not()
    {
        var message = Message(recipients: ["a", "b", "c", "d", "e"]);
        await Queue.EnqueueAsync(message, null, "n1", Cancel);
        await Queue.StoreResultsAsync(
            "n1", [Delivered(message.Id, 0, Noon), Deferred(message.Id, 1, Noon, Noon), Failed(message.Id, 2, Noon)], Cancel);

        var counts = await Queue.CountAsync(Cancel);

        Assert.Equal(
            new Dictionary<DeliveryState, long> { [DeliveryState.Queued] = 2, [DeliveryState.Deferred] = 1, [DeliveryState.Held] = 0 }, counts);
    }

    [Fact]
    public async Task Strangers_text_with_NUL_or_half_a_surrogate_pair_is_stored_with_a_replacement()
    {
        var message = Message() with { Subject = "a\0b\uD800c 😀" };
        await Queue.EnqueueAsync(message, null, "n1", Cancel);
        await Queue.StoreResultsAsync("n1", [Delivered(message.Id, 0, Noon) with { Result = "250 \0" }], Cancel);

        var stored = await Archive.GetAsync(message.Id, Cancel);

        Assert.Equal("a\uFFFDb\uFFFDc 😀", stored!.Subject);
        Assert.Equal("250 \uFFFD", stored.Deliveries[0].Result);
    }

    [Fact]
    public async Task A_caller_who_gave_up_before_has_stored_nothing()
    {
        var message = Message();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Queue.EnqueueAsync(message, null, null, new CancellationToken(canceled: true)));

        Assert.Null(await Archive.GetAsync(message.Id, Cancel));
    }

    [Fact]
    public async Task A_unit_that_fails_fails_alone()
    {
        var twice = Message();
        await Queue.EnqueueAsync(twice, null, null, Cancel);

        var good = Enumerable.Range(0, 20).Select(_ => Message()).ToList();
        var units = good.Select(m => Queue.EnqueueAsync(m, null, null, Cancel)).ToList();
        units.Insert(10, Queue.EnqueueAsync(twice, null, null, Cancel));

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => units[10]);
        units.RemoveAt(10);
        Assert.All(await Task.WhenAll(units), r => Assert.Equal(EnqueueResult.Stored, r));
        Assert.Equal(21, (await Queue.CountAsync(Cancel))[DeliveryState.Queued]);
    }

    [Fact]
    public async Task Whatever_statement_fails_nothing_is_half_stored()
    {
        for (var n = 1; ; n++)
        {
            var message = Message(recipients: ["a", "b"]);
            Database.BeforeStatement = FailingAt(n);

            var failure = await Record.ExceptionAsync(() => Queue.EnqueueAsync(message, 1_000_000, null, Cancel));

            Database.BeforeStatement = null;
            var stored = await Archive.GetAsync(message.Id, Cancel);
            var events = await Archive.GetEventsAsync(message.Id, Cancel);
            if (failure is null)
            {
                Assert.True(n > 6, $"{n - 1} statements only");
                Assert.Equal(2, stored!.Deliveries.Count);
                Assert.Single(events);
                Assert.Equal(2, await new SqlSendingHistory(Database).QuotaUsedAsync(Owner, Noon, Cancel));
                return;
            }

            Assert.Null(stored);
            Assert.Empty(events);
            Assert.Empty(await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel));
            Assert.Equal(0, await new SqlSendingHistory(Database).QuotaUsedAsync(Owner, Noon, Cancel));
        }
    }

    [Fact]
    public async Task A_node_that_has_the_store_to_itself_takes_over_what_its_predecessor_had_claimed()
    {
        var message = Message(recipients: ["a"]);
        await Nodes.BeatAsync("killed", Life, Cancel);
        await Queue.EnqueueAsync(message, null, "killed", Cancel);
        Assert.Empty(await Queue.ClaimAsync("next", new ClaimRequest(Noon, 10), Cancel));

        Assert.Equal(1, await Nodes.FreeAllAsync(Cancel));

        Assert.Equal(message.Id, Assert.Single(await Queue.ClaimAsync("next", new ClaimRequest(Noon, 10), Cancel)).Id);
    }

    [Fact]
    public async Task Whatever_statement_fails_no_result_is_half_stored()
    {
        var message = Message(recipients: ["a", "b"]);
        await Queue.EnqueueAsync(message, null, "n1", Cancel);
        for (var n = 1; ; n++)
        {
            Database.BeforeStatement = FailingAt(n);

            var failure = await Record.ExceptionAsync(
                () => Queue.StoreResultsAsync("n1", [Delivered(message.Id, 0, Noon), Failed(message.Id, 1, Noon)], Cancel));

            Database.BeforeStatement = null;
            var events = await Archive.GetEventsAsync(message.Id, Cancel);
            var states = (await Archive.GetAsync(message.Id, Cancel))!.Deliveries.Select(d => d.State);
            var bounces = (await new SqlSendingHistory(Database).StatisticsAsync(Owner, Noon, Cancel)).Sum(s => s.Bounces);
            if (failure is null)
            {
                Assert.True(n > 4, $"{n - 1} statements only");
                Assert.Equal([DeliveryState.Delivered, DeliveryState.Failed], states);
                Assert.Equal(3, events.Count);
                Assert.Equal(1, bounces);
                return;
            }

            Assert.Equal([DeliveryState.Queued, DeliveryState.Queued], states);
            Assert.Single(events);
            Assert.Equal(0, bounces);
        }
    }
}
