using Signet.Archive;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>The part of an archive that finds messages: filters, order and pages.</summary>
public abstract class MessageSearchContract(TestStore? store) : StoreContract(store)
{
    protected virtual IMessageArchive Archive => new SqlMessageArchive(Database);

    /// <summary>Submits a message as a client would.</summary>
    private protected virtual async Task<NewMessage> AcceptAsync(NewMessage message, bool claimed = true)
    {
        await new SqlMessageQueue(Database).EnqueueAsync(message, null, claimed ? "n1" : null, Cancel);
        return message;
    }

    /// <summary>Makes words of messages known, as it is done after the fact.</summary>
    protected virtual async Task IndexAsync()
    {
        var index = new SqlSearchIndex(Database);
        await index.AddAsync([.. (await index.NextAsync(100, SearchWords.MaxContent, Cancel)).Select(m => (m, SearchWords.Of(m)))], Cancel);
    }

    [Fact]
    public async Task What_is_deleted_is_not_found_and_has_no_content()
    {
        var gone = await AcceptAsync(Message(recipients: ["gone"]));
        var kept = await AcceptAsync(Message(recipients: ["kept"]));
        Assert.NotNull(await Archive.GetContentAsync(gone.Id, Cancel));

        Assert.Equal(1, await Archive.DeleteAsync(new MessageFilter { To = "gone@" }, Cancel));

        Assert.Null(await Archive.GetAsync(gone.Id, Cancel));
        Assert.Null(await Archive.GetContentAsync(gone.Id, Cancel));
        Assert.Equal([kept.Id], await IdsAsync(new MessageFilter()));
    }

    [Fact]
    public async Task An_unknown_message_is_null()
    {
        Assert.Null(await Archive.GetAsync(NewId(Noon), Cancel));
        Assert.Null(await Archive.GetContentAsync(NewId(Noon), Cancel));
        Assert.Empty(await Archive.GetEventsAsync(NewId(Noon), Cancel));
    }

    [Fact]
    public async Task Messages_come_newest_first_and_page_by_page()
    {
        List<MessageId> accepted = [];
        for (var i = 0; i < 5; i++)
        {
            // Two of the same millisecond: the id decides.
            accepted.Add((await AcceptAsync(Message(Noon.AddMilliseconds(i / 2)))).Id);
        }

        List<MessageId> read = [];
        for (MessageId? before = null; ;)
        {
            var page = await Archive.FindAsync(new MessageFilter { Before = before }, 2, Cancel);
            if (page.Count == 0)
            {
                break;
            }

            Assert.True(page.Count <= 2);
            read.AddRange(page.Select(m => m.Id));
            before = read[^1];
        }

        Assert.Equal(accepted.OrderByDescending(i => i.Value, StringComparer.Ordinal), read);
    }

    [Fact]
    public async Task A_place_in_the_list_is_found_even_when_the_message_that_names_it_is_gone()
    {
        List<MessageId> accepted = [];
        for (var i = 0; i < 5; i++)
        {
            // Regions differ in the beginning of their ids: what comes first is the time all the same.
            var owner = i % 2 == 0 ? Owner : new AccountRegion(Owner.Account, Region.Parse("eu-west-1"));
            accepted.Add((await AcceptAsync(Message(Noon.AddMilliseconds(i), owner) with { Id = MessageId.New(owner.Region, Noon.AddMilliseconds(i), new Random(i)) })).Id);
        }

        foreach (var isGone in new[] { false, true })
        {
            if (isGone)
            {
                await Archive.DeleteAsync(new MessageFilter { Id = accepted[2] }, Cancel);
            }

            Assert.Equal([accepted[1], accepted[0]], await IdsAsync(new MessageFilter { Before = accepted[2] }));
            Assert.Equal([accepted[4], accepted[3]], await IdsAsync(new MessageFilter { After = accepted[2] }));
            Assert.Equal([.. isGone ? [] : new[] { accepted[2] }, accepted[1], accepted[0]], await IdsAsync(new MessageFilter { UpTo = accepted[2] }));
            Assert.Equal([accepted[3]], await IdsAsync(new MessageFilter { After = accepted[2], Before = accepted[4], To = "to@" }));
        }
    }

    [Fact]
    public async Task Filters_match_parts_without_case_and_take_wildcards_literally()
    {
        var one = await AcceptAsync(Message(recipients: ["First", "other"]) with { Subject = "100% ÄRGER_x", Source = "Ödön <a@example.com>" });
        await AcceptAsync(Message(owner: OtherAccount, recipients: ["second"]) with { Subject = "1000 or so", Source = "b@example.com" });

        await AssertFindsAsync(one, new MessageFilter { To = "fIRST@" });
        await AssertFindsAsync(one, new MessageFilter { From = "öDÖN" });
        await AssertFindsAsync(one, new MessageFilter { Subject = "ärger" });
        await AssertFindsAsync(one, new MessageFilter { Subject = "00% " });
        await AssertFindsAsync(one, new MessageFilter { Subject = "r_X" });
        await AssertFindsAsync(one, new MessageFilter { Account = Owner.Account });
        await AssertFindsAsync(one, new MessageFilter { Id = one.Id });
        await AssertFindsAsync(one, new MessageFilter { Id = one.Id, To = "other", From = "a@", Subject = "100", Since = Noon });
        Assert.Empty(await Archive.FindAsync(new MessageFilter { To = "first", From = "b@" }, 10, Cancel));
        Assert.Empty(await Archive.FindAsync(new MessageFilter { To = "f_rst" }, 10, Cancel));
        Assert.Empty(await Archive.FindAsync(new MessageFilter { Since = Noon.AddMilliseconds(1) }, 10, Cancel));
    }

    [Fact]
    public async Task A_list_can_be_entered_at_any_place_indexed_or_not()
    {
        List<MessageId> accepted = [];
        for (var i = 0; i < 7; i++)
        {
            accepted.Add((await AcceptAsync(Message(Noon.AddMilliseconds(i), recipients: ["a", "b"]))).Id);
            if (i == 3)
            {
                await IndexAsync();
            }
        }

        accepted.Reverse();
        foreach (var filter in new[] { new MessageFilter(), new MessageFilter { To = "b@" } })
        {
            Assert.Equal(7, await Archive.CountAsync(filter, Cancel));
            for (var offset = 0; offset < 8; offset++)
            {
                Assert.Equal(accepted.Skip(offset).Take(2), (await Archive.ListAsync(filter, offset, 2, Cancel)).Select(m => m.Id));
            }
        }
    }

    protected async Task<IEnumerable<MessageId>> IdsAsync(MessageFilter filter)
    {
        var found = (await Archive.FindAsync(filter, 10, Cancel)).Select(m => m.Id).ToList();
        Assert.Equal(found, (await Archive.ListAsync(filter, 0, 10, Cancel)).Select(m => m.Id));
        Assert.Equal(found.Count, await Archive.CountAsync(filter, Cancel));
        return found;
    }

    protected async Task AssertFindsAsync(NewMessage message, MessageFilter filter) =>
        Assert.Equal([message.Id], (await Archive.FindAsync(filter, 10, Cancel)).Select(m => m.Id));
}
