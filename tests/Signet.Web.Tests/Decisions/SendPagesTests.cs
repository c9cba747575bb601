using Signet.Archive;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;
using Signet.Web.Decisions;

namespace Signet.Web.Tests.Decisions;

public sealed class SendPagesTests
{
    private static readonly AccountRegion Owner = new(AccountId.Parse("000000000000"), Region.Default);
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    // What happened, newest first: m is a message, r a refusal.
    private readonly List<SendLine> all = [];
    private int made;

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("rrrr")]
    [InlineData("mrmrmr")]
    [InlineData("mmmmmmrrrrrr")]
    [InlineData("rrrrrrmmmmmm")]
    [InlineData("mrrmmmrmrrrrmmr")]
    public async Task However_they_are_mixed_each_is_shown_once_in_order(string happened)
    {
        Make(happened);
        for (var size = 1; size <= 5; size++)
        {
            List<SendLine> read = [];
            var pages = Pages();
            SendCursor? next = default(SendCursor);
            while (next is { } begin)
            {
                var page = await pages.ReadAsync(begin, size);
                Assert.True(page.Lines.Count == size || page.End is null);
                read.AddRange(page.Lines);
                next = page.End;
            }

            Assert.Equal(all.Select(l => l.Key), read.Select(l => l.Key));
        }
    }

    [Fact]
    public async Task One_kind_alone_can_be_read()
    {
        Make("mrmr");

        var refused = await new SendPages(null, RefusalsAsync).ReadAsync(default, 10);

        Assert.Equal(2, refused.Lines.Count);
        Assert.All(refused.Lines, l => Assert.NotNull(l.Refused));
    }

    [Fact]
    public async Task New_lines_come_on_top_of_what_is_shown_and_its_end_stays()
    {
        Make("mrmrmr");
        var shown = await Pages().ReadAsync(default, 4);
        Add('r');

        var refreshed = SendPages.Refresh(shown, await Pages().ReadAsync(default, 2));

        Assert.Equal(all.Take(5).Select(l => l.Key), refreshed.Lines.Select(l => l.Key));
        Assert.Equal(shown.End, refreshed.End);
    }

    [Fact]
    public async Task A_list_that_missed_more_than_a_page_begins_anew()
    {
        Make("mr");
        var shown = await Pages().ReadAsync(default, 2);
        Add('m');
        Add('m');
        Add('m');

        var refreshed = SendPages.Refresh(shown, await Pages().ReadAsync(default, 2));

        Assert.Equal(all.Take(2).Select(l => l.Key), refreshed.Lines.Select(l => l.Key));
        Assert.NotNull(refreshed.End);
    }

    [Fact]
    public async Task What_was_deleted_goes_and_a_list_that_grows_into_its_first_page_is_whole()
    {
        Make("mmr");
        var shown = await Pages().ReadAsync(default, 5);
        all.RemoveAt(1);
        Add('r');

        var refreshed = SendPages.Refresh(shown, await Pages().ReadAsync(default, 5));

        Assert.Equal(all.Select(l => l.Key), refreshed.Lines.Select(l => l.Key));
    }

    private void Make(string newestFirst)
    {
        foreach (var kind in newestFirst.Reverse())
        {
            Add(kind);
        }
    }

    private void Add(char kind)
    {
        var at = Start.AddSeconds(++made);
        all.Insert(0, kind == 'm' ? new SendLine(Message(at), null) : new SendLine(null, Refusal(at)));
    }

    private MessageSummary Message(DateTimeOffset at) => new(
        MessageId.New(Region.Default, at, new Random(made)), Owner, at, "arn", "SendEmail", "a@example.com", null, "", 1, [], true, [], 0,
        DeliveryState.Delivered);

    private static RefusedRequest Refusal(DateTimeOffset at) =>
        new(
            Guid.CreateVersion7(at), at, Owner, true, "arn", "ses:SendEmail", "AccessDenied", 403, "no", [],
            new SendDecision(false, "no", "arn", "ses:SendEmail", "us-east-1", []));

    private SendPages Pages() => new(MessagesAsync, RefusalsAsync);

    private Task<IReadOnlyList<MessageSummary>> MessagesAsync(MessageId? before, int limit)
    {
        var messages = all.Select(l => l.Message).OfType<MessageSummary>().ToList();
        var begin = before is { } id ? messages.FindIndex(m => m.Id == id) + 1 : 0;
        return Task.FromResult<IReadOnlyList<MessageSummary>>([.. messages.Skip(begin).Take(limit)]);
    }

    private Task<IReadOnlyList<RefusedRequest>> RefusalsAsync(Guid? before, int limit)
    {
        var refusals = all.Select(l => l.Refused).OfType<RefusedRequest>().ToList();
        var begin = before is { } id ? refusals.FindIndex(r => r.Id == id) + 1 : 0;
        return Task.FromResult<IReadOnlyList<RefusedRequest>>([.. refusals.Skip(begin).Take(limit)]);
    }
}
