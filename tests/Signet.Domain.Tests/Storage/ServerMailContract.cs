using System.Text;
using Signet.Archive;
using Signet.Events;
using Signet.Queue;
using Signet.Storage;
using Signet.Traffic;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>Mail of the server itself: what the stores tell of it, and to whom.</summary>
public abstract class ServerMailContract(TestStore store) : StoreContract(store)
{
    private static readonly MessageFilter All = new() { WithServerMail = true };

    private SqlMessageQueue Queue => new(Database);

    private SqlMessageArchive Archive => new(Database);

    private SqlQueueControl Control => new(Database, TimeProvider.System);

    private SqlSearchIndex Index => new(Database);

    [Fact]
    public async Task Nothing_that_an_account_or_an_ordinary_operator_asks_for_finds_it()
    {
        var mine = await AcceptAsync(Message());
        var mail = await AcceptAsync(ServerMessage());

        foreach (var filter in (MessageFilter[])
            [new(), new() { Id = mail.Id }, new() { Account = Owner.Account }, new() { Account = Owner.Account, WithServerMail = true },
                new() { To = "someone" }, new() { Subject = "confirm" }, new() { State = DeliveryState.Queued }, new() { Since = Noon }])
        {
            Assert.DoesNotContain(mail.Id, (await Archive.FindAsync(filter, 10, Cancel)).Select(m => m.Id));
            Assert.DoesNotContain(mail.Id, (await Archive.ListAsync(filter, 0, 10, Cancel)).Select(m => m.Id));
        }

        Assert.Equal(1, await Archive.CountAsync(new MessageFilter(), Cancel));
        Assert.Equal([mine.Id], (await Archive.FindAsync(new MessageFilter(), 10, Cancel)).Select(m => m.Id));
        Assert.Equal([mine.Id], (await Archive.ListEventsAsync(Owner, null, 10, Cancel)).Select(e => e.MessageId));
        Assert.Equal(0, await Archive.DeleteAsync(new MessageFilter { Id = mail.Id }, Cancel));
        Assert.NotNull(await Archive.GetAsync(mail.Id, Cancel));
    }

    [Fact]
    public async Task Who_asks_for_it_finds_its_story_without_an_owner()
    {
        var mine = await AcceptAsync(Message());
        var mail = await AcceptAsync(ServerMessage(Noon.AddMinutes(1)));

        Assert.Equal([mail.Id, mine.Id], (await Archive.FindAsync(All, 10, Cancel)).Select(m => m.Id));
        Assert.Equal([null, Owner], (await Archive.ListAsync(All, 0, 10, Cancel)).Select(m => m.Owner));
        Assert.Equal(2, await Archive.CountAsync(All, Cancel));
        var found = (await Archive.GetAsync(mail.Id, Cancel))!;
        Assert.Equal((null, "signet", true), (found.Owner, found.Principal, found.IsContentHidden));
        Assert.Null(Assert.Single(await Archive.GetEventsAsync(mail.Id, Cancel)).Owner);
        Assert.Equal(2, (await Archive.ListEventsAsync(null, EventType.Send, 10, Cancel)).Count);
        Assert.Equal(1, await Archive.DeleteAsync(All with { Id = mail.Id }, Cancel));
    }

    [Fact]
    public async Task Its_content_lies_sealed_and_only_a_delivery_and_the_archive_of_dev_open_it()
    {
        var mail = await AcceptAsync(ServerMessage());

        var lies = await Database.ReadAsync(s => s.QueryAsync("SELECT content FROM message_content", r => r.Bytes(0)), Cancel);
        Assert.True(Assert.Single(lies).AsSpan().IndexOf("s3cret"u8) < 0);
        Assert.Null(await Archive.GetContentAsync(mail.Id, Cancel));
        Assert.Equal(
            mail.Content.ToArray(), (await new SqlMessageArchive(Database, showsServerMail: true).GetContentAsync(mail.Id, Cancel))!.Value.ToArray());
        Assert.False((await new SqlMessageArchive(Database, showsServerMail: true).GetAsync(mail.Id, Cancel))!.IsContentHidden);
        var claimed = Assert.Single(await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel));
        Assert.Null(claimed.Owner);
        Assert.Equal(mail.Content.ToArray(), claimed.Content.ToArray());
    }

    [Fact]
    public async Task It_is_found_by_the_words_of_its_subject_and_not_by_those_of_its_content()
    {
        await AcceptAsync(ServerMessage());
        await IndexAsync();

        Assert.Equal(1, await Archive.CountAsync(All with { Text = "confirm" }, Cancel));
        Assert.Equal(0, await Archive.CountAsync(All with { Text = "s3cret" }, Cancel));
        Assert.Equal(0, await Archive.CountAsync(new MessageFilter { Text = "confirm" }, Cancel));
    }

    [Fact]
    public async Task It_uses_no_quota_and_is_in_nobodys_statistics()
    {
        var mail = await AcceptAsync(ServerMessage());
        await Queue.ClaimAsync("n1", new ClaimRequest(Noon, 10), Cancel);
        await Queue.StoreResultsAsync("n1", [Failed(mail.Id, 0, Noon) with { Event = Event(mail.Id, EventType.Bounce, Noon) with { Owner = null } }], Cancel);

        Assert.Equal(0, await Database.ReadAsync(s => s.CountAsync("SELECT COUNT(*) FROM sending_counter"), Cancel));
        Assert.Equal([null, null], (await Archive.GetEventsAsync(mail.Id, Cancel)).Select(e => e.Owner));
    }

    [Fact]
    public async Task Traffic_counts_it_for_who_asks_for_it_and_for_no_account()
    {
        await AcceptAsync(ServerMessage());
        await new SqlTrafficCounter(Database).CountAsync(100, Noon, Cancel);

        var hour = new TrafficQuery(Noon, Noon.AddHours(1), TimeSpan.FromHours(1));
        var traffic = new SqlTrafficStore(Database);
        var withIt = hour with { WithServerMail = true };
        Assert.Equal(1, Assert.Single(await traffic.ReadAsync(withIt, Cancel)).Counts.Accepted);
        Assert.Single(await traffic.TopAsync(withIt, TrafficDimension.Destination, 10, Cancel));
        foreach (var query in (TrafficQuery[])[hour, hour with { Account = Owner.Account }, withIt with { Account = Owner.Account }])
        {
            Assert.Equal(0, Assert.Single(await traffic.ReadAsync(query, Cancel)).Counts.Accepted);
            Assert.Empty(await traffic.TopAsync(query, TrafficDimension.Destination, 10, Cancel));
        }
    }

    [Fact]
    public async Task In_the_queue_it_is_seen_and_changed_only_by_who_asks_for_it()
    {
        await AcceptAsync(ServerMessage());

        foreach (var filter in (DeliveryFilter[])[new(), new() { Account = Owner.Account, WithServerMail = true }])
        {
            Assert.Empty((await Control.ListDestinationsAsync(filter, 10, Cancel)).Listed);
            Assert.Empty(await Control.ListAsync(filter, DeliveryOrder.OldestFirst, null, 10, Cancel));
            Assert.Equal(new QueueChange(0, 0), await Control.HoldAsync(filter, Noon, null, Cancel));
            Assert.Equal(new QueueChange(0, 0), await Control.RetryAsync(filter, Noon, null, Cancel));
            Assert.Equal(new QueueChange(0, 0), await Control.DropAsync(filter, Noon, null, Cancel));
        }

        Assert.Equal(1, Assert.Single((await Control.ListDestinationsAsync(DeliveryFilter.Everything, 10, Cancel)).Listed).Queued);
        Assert.Single(await Control.ListAsync(DeliveryFilter.Everything, DeliveryOrder.OldestFirst, null, 10, Cancel));
        Assert.Equal(new QueueChange(1, 0), await Control.HoldAsync(DeliveryFilter.Everything, Noon, null, Cancel));
        Assert.Equal(new QueueChange(1, 0), await Control.DropAsync(DeliveryFilter.Everything, Noon, null, Cancel));
    }

    [Fact]
    public async Task Whatever_statement_fails_it_is_stored_whole_or_not_at_all()
    {
        for (var n = 1; ; n++)
        {
            var mail = ServerMessage(Noon.AddMinutes(n));
            Database.BeforeStatement = FailingAt(n);
            var failed = await Record.ExceptionAsync(() => Queue.EnqueueAsync(mail, null, null, Cancel));
            Database.BeforeStatement = null;
            if (failed is null)
            {
                Assert.True(n > 3);
                return;
            }

            Assert.Null(await Archive.GetAsync(mail.Id, Cancel));
        }
    }

    /// <summary>A confirmation mail as the door makes it, with a link that is easy to look for.</summary>
    internal static NewMessage ServerMessage(DateTimeOffset? at = null) => Message(at) with
    {
        Owner = null,
        Principal = ServerMail.Principal,
        Operation = "VerifyEmailIdentity",
        Source = "Signet <no-reply@signet.test>",
        SourceArn = null,
        Subject = "Confirm someone@bank.test",
        Decision = Decision with { Principal = ServerMail.Principal, Checks = [] },
        Content = Encoding.ASCII.GetBytes("Subject: Confirm\r\n\r\nhttps://signet.test/confirm/s3cret\r\n"),
        Recipients = [Address("someone", "bank.test")],
        QuotaUse = 0,
    };

    private async Task<NewMessage> AcceptAsync(NewMessage message)
    {
        await Queue.EnqueueAsync(message, null, null, Cancel);
        return message;
    }

    private async Task IndexAsync() =>
        await Index.AddAsync([.. (await Index.NextAsync(100, SearchWords.MaxContent, Cancel)).Select(m => (m, SearchWords.Of(m)))], Cancel);
}
