using Signet.Accounts;
using Signet.Archive;
using Signet.Events;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;
using Signet.Sending;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public abstract class MessageArchiveContract(TestStore store) : MessageSearchContract(store)
{
    private SqlMessageQueue Queue => new(Database);

    private SqlSearchIndex Index => new(Database);

    [Fact]
    public async Task A_message_is_read_as_it_was_accepted()
    {
        var message = await AcceptAsync(Message(recipients: ["a", "b"]));

        var stored = await Archive.GetAsync(message.Id, Cancel);

        Assert.Equivalent(
            new ArchivedMessage(
                message.Id, Owner, Noon, message.Principal, "SendEmail", message.Source, message.SourceArn, "feedback@example.com",
                "bounce@example.com", "Grüße", "192.0.2.1", message.Content.Length, message.Tags, stored!.Decision,
                [
                    new ArchivedDelivery(0, "a@example.com", DeliveryState.Queued, 0, Noon, null),
                    new ArchivedDelivery(1, "b@example.com", DeliveryState.Queued, 0, Noon, null),
                ]),
            stored, strict: true);
        Assert.Equal(Signet.Policies.DecisionJson.Write(Decision), Signet.Policies.DecisionJson.Write(stored.Decision));
        Assert.Equal(message.Content.ToArray(), (await Archive.GetContentAsync(message.Id, Cancel))!.Value.ToArray());
    }

    [Fact]
    public async Task A_story_that_cannot_be_read_says_so()
    {
        var message = await AcceptAsync(Message());
        await ExecuteAsync("UPDATE message SET tags = '{\"v\":2}', decision = '{'");
        await ExecuteAsync("UPDATE event SET recipients = '7', detail = 'none'");

        var stored = await Archive.GetAsync(message.Id, Cancel);

        Assert.Equal((true, "the stored decision cannot be read"), (stored!.Decision.Allowed, stored.Decision.Reason));
        Assert.Equal([new MessageTag("tags", "cannot be read")], stored.Tags);
        var happened = Assert.Single(await Archive.GetEventsAsync(message.Id, Cancel));
        Assert.Equal(["cannot be read"], happened.Recipients);
        Assert.Equal("""{"detail":"cannot be read"}""", happened.Detail);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_hides_no_other()
    {
        var (bad, good) = (await AcceptAsync(Message()), await AcceptAsync(Message(Noon.AddSeconds(1))));
        await ExecuteAsync("UPDATE message SET region = '' WHERE id = @id", ("id", bad.Id.Value));
        await ExecuteAsync("UPDATE event SET type = 'Of another version' WHERE message_id = @id", ("id", bad.Id.Value));

        Assert.Equal([good.Id], (await Archive.FindAsync(new(), 10, Cancel)).Select(m => m.Id));
        Assert.Equal([good.Id], (await Archive.ListAsync(new(), 0, 10, Cancel)).Select(m => m.Id));
        Assert.Equal([good.Id], (await Archive.ListEventsAsync(null, null, 10, Cancel)).Select(e => e.MessageId));
        Assert.Empty(await Archive.GetEventsAsync(bad.Id, Cancel));
    }

    [Fact]
    public async Task A_delivery_that_cannot_be_read_is_left_out_and_its_attempts_say_so()
    {
        var message = await AcceptAsync(Message());
        await ExecuteAsync("UPDATE open_delivery SET state = 'Bogus'");

        var stored = (await Archive.GetAsync(message.Id, Cancel))!;

        Assert.Empty(stored.Deliveries);
        Assert.Equal("[cannot be read]", stored.RecipientOf(0));
        Assert.Equal(DeliveryState.Deferred, MessageSummary.Overall([.. stored.Deliveries.Select(d => d.State)]));
    }

    [Fact]
    public async Task What_another_version_wrote_is_read_as_far_as_it_makes_sense()
    {
        var message = await AcceptAsync(Message());
        await ExecuteAsync("""UPDATE message SET tags = '[{"name":"a","value":"b","more":1}]', decision = '{"v":2,"reason":"as before","more":{}}'""");
        await ExecuteAsync("""UPDATE event SET detail = '{"v":2,"more":{"a":1}}'""");

        var stored = await Archive.GetAsync(message.Id, Cancel);

        Assert.Equal(("as before", message.Principal, 0), (stored!.Decision.Reason, stored.Decision.Principal, stored.Decision.Checks.Count));
        Assert.Equal([new MessageTag("a", "b")], stored.Tags);
        Assert.Equal("""{"more":{"a":1}}""", Assert.Single(await Archive.GetEventsAsync(message.Id, Cancel)).Detail);
    }

    [Fact]
    public async Task What_was_written_before_it_had_a_version_is_read_the_same()
    {
        var message = await AcceptAsync(Message());
        var decision = Signet.Policies.DecisionJson.Write(Decision);
        Assert.Equal($$"""{"v":1,{{decision[1..]}}""", await TextAsync("SELECT decision FROM message"));
        Assert.Equal("""{"v":1}""", await TextAsync("SELECT detail FROM event"));
        await ExecuteAsync("UPDATE message SET decision = @decision", ("decision", decision));
        await ExecuteAsync("UPDATE event SET detail = '{}'");

        Assert.Equal(decision, Signet.Policies.DecisionJson.Write((await Archive.GetAsync(message.Id, Cancel))!.Decision));
        Assert.Equal("{}", Assert.Single(await Archive.GetEventsAsync(message.Id, Cancel)).Detail);

        Task<string?> TextAsync(string sql) => Database.ReadAsync(s => s.FindAsync(sql, r => r.GetString(0)), Cancel);
    }

    [Fact]
    public async Task What_is_not_indexed_yet_is_found_by_everything_but_its_words_and_what_is_indexed_by_them_too()
    {
        var one = await AcceptAsync(Message(recipients: ["First", "other"]) with
        {
            Subject = "100% ÄRGER_x",
            Source = "Ödön <a@example.com>",
            Tags = [new MessageTag("campaign", "spring"), new MessageTag("n", "2")],
            Content = "Subject: x\r\n\r\nThe invoice über 請求書 \uD801\uDC37\r\n"u8.ToArray(),
        });
        await AcceptAsync(Message(Noon.AddHours(1), OtherAccount, "second") with
        {
            Subject = "1000 or so",
            Source = "b@example.com",
            Tags = [new MessageTag("campaign", "springtime")],
        });
        MessageFilter[] filters =
        [
            new() { To = "fIRST@" }, new() { From = "öDÖN" }, new() { Address = "ödön" }, new() { Address = "other@" },
            new() { Subject = "r_X" }, new() { Account = Owner.Account }, new() { Until = Noon.AddHours(1) },
            new() { Tag = new TagFilter("campaign", "spring") }, new() { Tag = new TagFilter("n", null) },
            new() { State = DeliveryState.Queued, Tag = new TagFilter("n", "2"), Since = Noon, Until = Noon.AddMilliseconds(1) },
        ];
        MessageFilter[] words =
        [
            new() { Text = "invoice" }, new() { Text = "INVO über" }, new() { Text = "求" }, new() { Text = "ärg" }, new() { Text = "first@example" },
            new() { Text = one.Id.Value }, new() { Text = "spring 2", Account = Owner.Account }, new() { Text = "\"invoice\" OR'*)(" + "ärger" },
        ];

        foreach (var filter in filters)
        {
            await AssertFindsAsync(one, filter);
        }

        Assert.Empty(await Archive.FindAsync(words[0], 10, Cancel));
        await IndexAsync();
        foreach (var filter in filters)
        {
            await AssertFindsAsync(one, filter);
        }

        foreach (var filter in words.Except([words[^1]]))
        {
            await AssertFindsAsync(one, filter);
        }

        foreach (var filter in new[] { words[^1], new() { Text = "nvoice" }, new() { Text = "invoice second" }, new() { Text = "?!" }, new() { Tag = new("camp", null) } })
        {
            Assert.Empty(await Archive.FindAsync(filter, 10, Cancel));
            Assert.Equal(0, await Archive.CountAsync(filter, Cancel));
        }
    }

    [Fact]
    public async Task Long_subjects_that_older_versions_kept_are_cut_by_the_migration()
    {
        var message = await AcceptAsync(Message() with { Subject = new string('Ä', 240_000) });
        var other = await AcceptAsync(Message() with { Subject = new string('b', 1000) });
        await Index.AddAsync([(Assert.Single(await Index.NextAsync(1, 0, Cancel)), [])], Cancel);

        await using var file = typeof(Database).Assembly.GetManifestResourceStream("Signet.Storage.Migrations.0013_subject.sql");
        using var reader = new StreamReader(file!);
        var sql = await reader.ReadToEndAsync(Cancel);
        await Database.WriteAsync(session => session.ExecuteAsync(sql), Cancel);
        await Database.WriteAsync(session => session.ExecuteAsync(sql), Cancel);

        Assert.Equal(new string('Ä', 1000) + "…", (await Archive.GetAsync(message.Id, Cancel))!.Subject);
        Assert.Equal(new string('b', 1000), (await Archive.GetAsync(other.Id, Cancel))!.Subject);
        await AssertFindsAsync(message, new MessageFilter { Subject = "ÄÄ" });
    }

    [Fact]
    public async Task A_list_names_the_first_recipients_and_the_state_that_calls_most_for_a_look()
    {
        var message = await AcceptAsync(Message(recipients: ["a", "b", "c", "d"]));
        await Queue.StoreResultsAsync("n1", [Delivered(message.Id, 0, Noon), Failed(message.Id, 3, Noon)], Cancel);

        var line = Assert.Single(await Archive.ListAsync(new MessageFilter { State = DeliveryState.Failed }, 0, 10, Cancel));

        Assert.Equivalent(
            new MessageSummary(
                message.Id, Owner, Noon, message.Principal, "SendEmail", message.Source, message.SourceArn, "Grüße", message.Content.Length,
                message.Tags, true,
                ["a@example.com", "b@example.com", "c@example.com"], 4, DeliveryState.Failed),
            line, strict: true);
        Assert.Single(await Archive.ListAsync(new MessageFilter { State = DeliveryState.Delivered }, 0, 10, Cancel));
        Assert.Empty(await Archive.ListAsync(new MessageFilter { State = DeliveryState.Held }, 0, 10, Cancel));
    }

    [Fact]
    public async Task The_words_of_a_content_are_forgotten_with_it_and_all_of_a_message_with_the_message()
    {
        var message = await AcceptAsync(Message());
        await Queue.StoreResultsAsync("n1", [Delivered(message.Id, 0, Noon)], Cancel);
        await IndexAsync();
        await AssertFindsAsync(message, new MessageFilter { Text = "body" });

        await Archive.PruneAsync(Noon.AddDays(1), Noon.AddDays(-1), Cancel);
        Assert.Empty(await Archive.FindAsync(new MessageFilter { Text = "body" }, 10, Cancel));
        await IndexAsync();
        Assert.Empty(await Archive.FindAsync(new MessageFilter { Text = "body" }, 10, Cancel));
        await AssertFindsAsync(message, new MessageFilter { Text = "grüße" });

        await Archive.DeleteAsync(new MessageFilter(), Cancel);
        Assert.Equal(0, await Archive.CountAsync(new MessageFilter { Text = "grüße" }, Cancel));
        Assert.Equal(0, await Archive.CountAsync(new MessageFilter { To = "@" }, Cancel));
        foreach (var table in new[] { "unindexed", "message_search", "message_words" })
        {
            Assert.Equal(0, await Database.ReadAsync(s => s.CountAsync($"SELECT COUNT(*) FROM {table}"), Cancel));
        }
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_in_part_holds_up_no_other_in_the_index()
    {
        var bad = await AcceptAsync(Message());
        await ExecuteAsync("UPDATE message SET accepted_at = 9223372036854775807 WHERE id = @id", ("id", bad.Id.Value));
        await AcceptAsync(Message());

        await Index.AddAsync([.. (await Index.NextAsync(10, 1000, Cancel)).Select(m => (m, SearchWords.Of(m)))], Cancel);

        Assert.Empty(await Index.NextAsync(10, 1000, Cancel));
        Assert.Equal(2, await Archive.CountAsync(new MessageFilter { Text = "body" }, Cancel));
    }

    [Fact]
    public async Task What_another_node_indexed_or_somebody_deleted_meanwhile_is_left_out()
    {
        await AcceptAsync(Message());
        var gone = await AcceptAsync(Message());
        var waiting = await Index.NextAsync(10, 1000, Cancel);
        await Archive.DeleteAsync(new MessageFilter { Id = gone.Id }, Cancel);

        Assert.Equal(1, await Index.AddAsync([.. waiting.Select(m => (m, SearchWords.Of(m)))], Cancel));
        Assert.Equal(0, await Index.AddAsync([.. waiting.Select(m => (m, SearchWords.Of(m)))], Cancel));

        Assert.Empty(await Index.NextAsync(10, 1000, Cancel));
        Assert.Equal(1, await Archive.CountAsync(new MessageFilter { Text = "body" }, Cancel));
    }

    [Fact]
    public async Task Events_of_a_message_come_oldest_first_and_of_all_newest_first()
    {
        var one = await AcceptAsync(Message());
        var two = await AcceptAsync(Message(Noon.AddSeconds(1), OtherAccount));
        await Queue.StoreResultsAsync("n1", [Delivered(one.Id, 0, Noon.AddSeconds(2))], Cancel);

        var history = await Archive.GetEventsAsync(one.Id, Cancel);
        var all = await Archive.ListEventsAsync(null, null, 10, Cancel);

        Assert.Equal([EventType.Send, EventType.Delivery], history.Select(e => e.Type));
        Assert.Equal(["to@example.com"], history[1].Recipients);
        Assert.Equal("""{"reply":"250 ok"}""", history[1].Detail);
        Assert.Equal([one.Id, two.Id, one.Id], all.Select(e => e.MessageId));
        Assert.Equal([two.Id], (await Archive.ListEventsAsync(OtherAccount, null, 10, Cancel)).Select(e => e.MessageId));
        Assert.Equal([one.Id], (await Archive.ListEventsAsync(null, EventType.Delivery, 10, Cancel)).Select(e => e.MessageId));
        Assert.Single(await Archive.ListEventsAsync(null, null, 1, Cancel));
    }

    [Fact]
    public async Task Deleting_takes_what_matches_with_everything_about_it()
    {
        var gone = await AcceptAsync(Message(recipients: ["gone"]), claimed: false);
        var kept = await AcceptAsync(Message(recipients: ["kept"]), claimed: false);

        Assert.Equal(1, await Archive.DeleteAsync(new MessageFilter { To = "gone@" }, Cancel));

        Assert.Null(await Archive.GetAsync(gone.Id, Cancel));
        Assert.Null(await Archive.GetContentAsync(gone.Id, Cancel));
        Assert.Equal([kept.Id], (await Archive.ListEventsAsync(null, null, 10, Cancel)).Select(e => e.MessageId));
        Assert.Equal(kept.Id, Assert.Single(await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel)).Id);
    }

    [Fact]
    public async Task A_result_of_a_message_that_was_deleted_meanwhile_is_left_out()
    {
        var message = await AcceptAsync(Message());
        await Archive.DeleteAsync(new MessageFilter(), Cancel);

        Assert.Equal(0, await Queue.StoreResultsAsync("n1", [Delivered(message.Id, 0, Noon)], Cancel));

        Assert.Empty(await Archive.ListEventsAsync(null, null, 10, Cancel));
    }

    [Fact]
    public async Task More_messages_than_one_unit_takes_are_deleted_all()
    {
        await Task.WhenAll(Enumerable.Range(0, 501).Select(_ => Queue.EnqueueAsync(Message(), null, null, Cancel)));

        Assert.Equal(501, await Archive.DeleteAsync(new MessageFilter(), Cancel));

        Assert.Empty(await Archive.FindAsync(new MessageFilter(), 10, Cancel));
    }

    [Fact]
    public async Task A_content_is_kept_until_the_last_delivery_ended_before_the_retention_time()
    {
        var message = await AcceptAsync(Message(recipients: ["a", "b"]));
        await Queue.StoreResultsAsync("n1", [Delivered(message.Id, 0, Noon)], Cancel);

        Assert.Equal(0, await Archive.PruneAsync(Noon.AddDays(1), Noon.AddDays(-1), Cancel));
        await Queue.StoreResultsAsync("n1", [Failed(message.Id, 1, Noon.AddHours(1))], Cancel);
        Assert.Equal(0, await Archive.PruneAsync(Noon.AddHours(1), Noon.AddDays(-1), Cancel));
        Assert.NotNull(await Archive.GetContentAsync(message.Id, Cancel));
        Assert.Equal(1, await Archive.PruneAsync(Noon.AddHours(1).AddMilliseconds(1), Noon.AddDays(-1), Cancel));

        Assert.Null(await Archive.GetContentAsync(message.Id, Cancel));
        Assert.NotNull(await Archive.GetAsync(message.Id, Cancel));
        Assert.Equal(3, (await Archive.GetEventsAsync(message.Id, Cancel)).Count);
        Assert.Equal(0, await Archive.PruneAsync(Noon.AddDays(1), Noon.AddDays(-1), Cancel));
    }

    [Fact]
    public async Task Contents_beyond_a_size_go_those_that_finished_first_before_others_and_open_ones_stay()
    {
        var open = await AcceptAsync(Message(Noon.AddHours(-5)));
        List<MessageId> finished = [];
        foreach (var hour in (int[])[3, 1, 2])
        {
            var message = await AcceptAsync(Message());
            await Queue.StoreResultsAsync("n1", [Delivered(message.Id, 0, Noon.AddHours(hour))], Cancel);
            finished.Add(message.Id);
        }

        var size = (await Archive.GetContentAsync(open.Id, Cancel))!.Value.Length;
        Assert.Equal(0, await Archive.PruneToAsync(4 * size, Cancel));
        Assert.Equal(1, await Archive.PruneToAsync((4 * size) - 1, Cancel));
        Assert.Null(await Archive.GetContentAsync(finished[1], Cancel));
        Assert.NotNull(await Archive.GetContentAsync(finished[2], Cancel));

        Assert.Equal(2, await Archive.PruneToAsync(0, Cancel));
        Assert.NotNull(await Archive.GetContentAsync(open.Id, Cancel));
        Assert.Equal(0, await Archive.PruneToAsync(0, Cancel));
    }

    [Fact]
    public async Task A_story_is_forgotten_later_and_a_message_still_waiting_never()
    {
        var finished = await AcceptAsync(Message());
        var waiting = await AcceptAsync(Message(Noon.AddDays(-100)));
        await Queue.StoreResultsAsync("n1", [Delivered(finished.Id, 0, Noon)], Cancel);
        var history = new SqlSendingHistory(Database);
        await history.RecordRefusalAsync(Refusal(Noon), Cancel);

        await Archive.PruneAsync(Noon.AddDays(30), Noon.AddDays(1), Cancel);

        Assert.Equal([waiting.Id], (await Archive.FindAsync(new MessageFilter(), 10, Cancel)).Select(m => m.Id));
        Assert.Equal([waiting.Id], (await Archive.ListEventsAsync(null, null, 10, Cancel)).Select(m => m.MessageId));
        Assert.Empty(await history.RefusalsAsync(new(), null, 10, Cancel));
    }

    [Fact]
    public async Task Counters_are_kept_two_weeks_however_short_the_retention()
    {
        await AcceptAsync(Message());
        var history = new SqlSendingHistory(Database);

        await Archive.PruneAsync(Noon.AddDays(13), Noon.AddDays(13), Cancel);
        Assert.Single(await history.StatisticsAsync(Owner, Noon.AddDays(13), Cancel));

        await Archive.PruneAsync(Noon.AddDays(15), Noon.AddDays(15), Cancel);
        Assert.Empty(await history.StatisticsAsync(Owner, Noon.AddDays(13), Cancel));
    }

    [Fact]
    public async Task A_reset_forgets_what_came_in_by_the_API_and_keeps_accounts()
    {
        var accounts = new SqlAccountStore(Database);
        await accounts.AddAccountAsync(new Account(Owner.Account, "shop", Noon), Cancel);
        await AcceptAsync(Message());
        var history = new SqlSendingHistory(Database);
        await history.RecordRefusalAsync(Refusal(Noon), Cancel);
        var arn = IdentityArn.Parse("arn:aws:ses:us-east-1:111122223333:identity/example.com");
        await new SqlPolicyStore(Database).PutAsync(arn, Signet.Policies.PolicyName.Parse("p"), "{}", Cancel);

        await Archive.ResetAsync(null, Cancel);

        Assert.Empty(await Archive.FindAsync(new MessageFilter(), 10, Cancel));
        Assert.Empty(await Archive.ListEventsAsync(null, null, 10, Cancel));
        Assert.Empty(await history.RefusalsAsync(new(), null, 10, Cancel));
        Assert.Equal(0, await history.QuotaUsedAsync(Owner, Noon, Cancel));
        Assert.Empty(await new SqlPolicyStore(Database).ListAsync(arn, Cancel));
        Assert.NotNull(await accounts.FindAccountAsync(Owner.Account, Cancel));
    }

    [Fact]
    public async Task A_reset_of_one_account_leaves_what_is_of_others()
    {
        var other = new AccountRegion(AccountId.Parse("999900001111"), Owner.Region);
        var kept = await AcceptAsync(Message() with { Owner = other });
        var gone = await AcceptAsync(Message());
        await AcceptAsync(Message() with { Owner = Owner with { Region = Region.Parse("eu-west-1") } });
        var history = new SqlSendingHistory(Database);
        await history.RecordRefusalAsync(Refusal(Noon), Cancel);
        await history.RecordRefusalAsync(Refusal(Noon) with { Owner = other }, Cancel);
        var policies = new SqlPolicyStore(Database);
        var arn = IdentityArn.Parse("arn:aws:ses:us-east-1:111122223333:identity/example.com");
        var otherArn = IdentityArn.Parse("arn:aws:ses:us-east-1:999900001111:identity/example.com");
        await policies.PutAsync(arn, Signet.Policies.PolicyName.Parse("p"), "{}", Cancel);
        await policies.PutAsync(otherArn, Signet.Policies.PolicyName.Parse("p"), "{}", Cancel);

        await Archive.ResetAsync(Owner.Account, Cancel);

        Assert.Equal([kept.Id], (await Archive.FindAsync(new MessageFilter(), 10, Cancel)).Select(m => m.Id));
        Assert.Empty(await Archive.GetEventsAsync(gone.Id, Cancel));
        Assert.Equal(other, Assert.Single(await history.RefusalsAsync(new(), null, 10, Cancel)).Owner);
        Assert.Equal(0, await history.QuotaUsedAsync(Owner, Noon, Cancel));
        Assert.NotEqual(0, await history.QuotaUsedAsync(other, Noon, Cancel));
        Assert.Empty(await policies.ListAsync(arn, Cancel));
        Assert.Single(await policies.ListAsync(otherArn, Cancel));
    }

    private static RefusedRequest Refusal(DateTimeOffset at) =>
        new(
            Guid.CreateVersion7(at), at, Owner, true, Decision.Principal, "ses:SendEmail", "AccessDenied", 403, "no", ["to@example.com"],
            Decision with { Allowed = false });
}
