using System.Text;
using Signet.Archive;
using Signet.Messages;
using Signet.Policies;
using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>What becomes of what an earlier version stored.</summary>
public abstract class UpgradeContract(TestStore store) : IAsyncLifetime
{
    private const string Waiting = "0100019cad22be00-11111111-2222-4333-8444-555555555555-000000";
    private const string Finished = "0100019cad22be00-21111111-2222-4333-8444-555555555555-000000";
    private const string Ordinary = "0100019cad22be00-31111111-2222-4333-8444-555555555555-000000";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return store.DisposeAsync();
    }

    [Fact]
    public async Task Confirmation_mails_of_version_7_become_the_servers_own()
    {
        await store.MakeOldAsync(7, FillAsync, Cancel);

        await using var database = await store.OpenAsync(Cancel);

        var archive = new SqlMessageArchive(database);
        var mine = new MessageFilter { Account = Owner.Account };
        Assert.Equal([Ordinary], (await archive.FindAsync(new MessageFilter(), 10, Cancel)).Select(m => m.Id.Value));
        Assert.Equal([Ordinary], (await archive.FindAsync(mine, 10, Cancel)).Select(m => m.Id.Value));
        Assert.Equal([Ordinary], (await archive.ListEventsAsync(Owner, null, 10, Cancel)).Select(e => e.MessageId.Value));
        Assert.Equal(3, await archive.CountAsync(new MessageFilter { WithServerMail = true }, Cancel));
        Assert.Null((await archive.GetAsync(MessageId.Parse(Waiting), Cancel))!.Owner);
        foreach (var id in (string[])[Waiting, Finished])
        {
            Assert.Null(await archive.GetContentAsync(MessageId.Parse(id), Cancel));
        }

        Assert.NotNull(await archive.GetContentAsync(MessageId.Parse(Ordinary), Cancel));
        Assert.Equal([Ordinary, Waiting], await IdsAsync(database, "SELECT message_id FROM message_content"));
        Assert.Equal([Ordinary, Waiting], await IdsAsync(database, "SELECT id FROM message WHERE has_content = 1"));
    }

    [Fact]
    public async Task DKIM_that_was_verified_by_aliases_is_looked_at_again_at_once()
    {
        await store.MakeOldAsync(17, FillAsync, Cancel);

        await using var database = await store.OpenAsync(Cancel);

        var due = await new SqlIdentityStore(database).DueAsync(DateTimeOffset.UnixEpoch.AddMinutes(1), 10, Cancel);
        Assert.Equal(["signing.test", "vouched.test"], due.Identities.Select(i => i.Arn.Name.Value).Order());
        Assert.Equal([false, true], due.Identities.OrderBy(i => i.Arn.Name.Value).Select(i => i.IsVouched));

        static async Task FillAsync(Session session)
        {
            await AddAsync("signing.test", "Success", 2_000_000_000_000);
            await AddAsync("pending.test", "Pending", 2_000_000_000_000);
            await AddAsync("vouched.test", "Success", null);

            Task AddAsync(string name, string dkim, long? next) => session.ExecuteAsync(
                """
                INSERT INTO identity (
                    account, region, name, kind, status, created_at, next_check_at, dkim_enabled, dkim_status, dkim_tokens, due_at)
                VALUES ('111122223333', 'us-east-1', @name, 'Domain', 'Success', 0, @next, 1, @dkim, '[]', @next)
                """,
                ("name", name), ("dkim", dkim), ("next", next));
        }
    }

    [Fact]
    public async Task Confirmation_mails_of_version_7_leave_the_index_and_come_back_without_the_words_of_their_content()
    {
        await store.MakeOldAsync(7, FillAsync, Cancel);

        await using var database = await store.OpenAsync(Cancel);

        var archive = new SqlMessageArchive(database);
        var all = new MessageFilter { WithServerMail = true };
        Assert.Equal(0, await archive.CountAsync(all with { Text = "s3cret" }, Cancel));
        var index = new SqlSearchIndex(database);
        var waiting = await index.NextAsync(10, 1000, Cancel);
        Assert.Equal([Waiting, Finished], waiting.Select(m => m.Id));
        Assert.Equal(2, await index.AddAsync([.. waiting.Select(m => (m, SearchWords.Of(m)))], Cancel));
        Assert.Equal(0, await archive.CountAsync(all with { Text = "s3cret" }, Cancel));
        Assert.Equal(2, await archive.CountAsync(all with { Text = "confirm" }, Cancel));
        Assert.Equal(1, await archive.CountAsync(new MessageFilter { Text = "hello" }, Cancel));
        Assert.Equal(0, await archive.CountAsync(new MessageFilter { Text = "confirm" }, Cancel));
    }

    [Fact]
    public async Task A_confirmation_mail_that_version_7_left_waiting_is_delivered()
    {
        await store.MakeOldAsync(7, FillAsync, Cancel);

        await using var database = await store.OpenAsync(Cancel);

        var claimed = await new SqlMessageQueue(database).ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel);
        var mail = Assert.Single(claimed);
        Assert.Equal((Waiting, null), (mail.Id.Value, mail.Owner));
        Assert.Equal("Subject: x\r\n\r\ns3cret\r\n"u8.ToArray(), mail.Content.ToArray());
        Assert.Empty((await new SqlQueueControl(database, TimeProvider.System).ListDestinationsAsync(new DeliveryFilter(), 10, Cancel)).Listed);
    }

    private static async Task<List<string>> IdsAsync(Database database, string sql)
    {
        var ids = await database.ReadAsync(s => s.QueryAsync(sql, r => r.GetString(0)), Cancel);
        return [.. ids.OrderByDescending(i => i, StringComparer.Ordinal)];
    }

    // Two mails of the server as version 7 stored them, one of an account, all indexed.
    private static async Task FillAsync(Session session)
    {
        await AddAsync(session, Waiting, "Confirm you@bank.test", null, isFinished: false);
        await AddAsync(session, Finished, "Confirm me@bank.test", null, isFinished: true);
        await AddAsync(session, Ordinary, "Hello", "arn:aws:ses:us-east-1:111122223333:identity/example.com", isFinished: true);
    }

    private static async Task AddAsync(Session session, string id, string subject, string? sourceArn, bool isFinished)
    {
        var body = sourceArn is null ? "s3cret" : "body";
        (string, object?)[] values = [("id", id), ("at", Noon), ("account", Owner.Account.Value), ("region", Owner.Region.Value)];
        await session.ExecuteAsync(
            """
            INSERT INTO message (
                id, account, region, accepted_at, principal, operation, source, source_folded, source_arn, feedback_address,
                envelope_from, subject, subject_folded, source_ip, size, tags, decision, has_content, open_deliveries, finished_at)
            VALUES (
                @id, @account, @region, @at, 'arn:aws:iam::111122223333:root', 'SendEmail', 'a@example.com', 'a@example.com', @arn, 'a@example.com',
                'b@signet.test', @subject, @folded, NULL, 21, '[]', @decision, 1, @open, @finished)
            """,
            [
                .. values, ("arn", sourceArn), ("subject", subject), ("folded", subject.ToLowerInvariant()),
                ("decision", DecisionJson.Write(Samples.Decision with { Checks = [] })), ("open", isFinished ? 0 : 1),
                ("finished", isFinished ? Noon : (DateTimeOffset?)null),
            ]);
        await session.ExecuteAsync(
            "INSERT INTO message_content (message_id, content) VALUES (@id, @content)",
            ("id", id), ("content", Encoding.ASCII.GetBytes($"Subject: x\r\n\r\n{body}\r\n")));
        await session.ExecuteAsync(
            """
            INSERT INTO delivery (message_id, ordinal, recipient, domain, state, attempts, next_attempt_at, visible_at)
            VALUES (@id, 0, 'you@bank.test', 'bank.test', @state, 0, @next, @next)
            """,
            ("id", id), ("state", isFinished ? DeliveryState.Delivered : DeliveryState.Queued), ("next", isFinished ? null : Noon));
        await session.ExecuteAsync(
            """
            INSERT INTO event (id, message_id, account, region, at, type, recipients, detail)
            VALUES (@event, @id, @account, @region, @at, 'Send', '["you@bank.test"]', '{}')
            """,
            [.. values, ("event", Guid.CreateVersion7(Noon))]);
        await session.ExecuteAsync("DELETE FROM unindexed WHERE message_id = @id", ("id", id));
        await session.ExecuteAsync(
            """
            INSERT INTO message_search (message_id, accepted_at, account, source, subject, recipients, tags)
            VALUES (@id, @at, @account, 'a@example.com', @folded, 'you@bank.test', '[]')
            """,
            [.. values[..3], ("folded", subject.ToLowerInvariant())]);
        await session.ExecuteAsync(
            session.Dialect.Words.Insert, ("id", id), ("words", string.Join(' ', SearchWords.Of($"{subject} {body}"))));
    }
}
