using Signet.Events;
using Signet.Queue;
using Signet.Sending;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

public abstract class SendingHistoryContract(TestStore store) : RefusalsContract(store)
{
    [Fact]
    public async Task Quota_use_leaves_the_window_after_24_hours_to_the_minute()
    {
        await AcceptAsync(Message(Noon.AddSeconds(30), recipients: ["a", "b"]));
        await AcceptAsync(Message(Noon.AddHours(1)));

        Assert.Equal(3, await History.QuotaUsedAsync(Owner, Noon.AddHours(24).AddMilliseconds(-1), Cancel));
        Assert.Equal(1, await History.QuotaUsedAsync(Owner, Noon.AddHours(24), Cancel));
        Assert.Equal(0, await History.QuotaUsedAsync(Owner, Noon.AddHours(25), Cancel));
    }

    [Fact]
    public async Task Each_account_has_its_own_quota_in_each_region()
    {
        await AcceptAsync(Message());

        Assert.Equal(0, await History.QuotaUsedAsync(OtherRegion, Noon, Cancel));
        Assert.Equal(0, await History.QuotaUsedAsync(OtherAccount, Noon, Cancel));
    }

    [Fact]
    public async Task What_does_not_count_against_the_quota_counts_in_the_statistics()
    {
        await AcceptAsync(Message(recipients: ["a", "b"]) with { QuotaUse = 0 });

        Assert.Equal(0, await History.QuotaUsedAsync(Owner, Noon, Cancel));
        Assert.Equal(2, Assert.Single(await History.StatisticsAsync(Owner, Noon, Cancel)).DeliveryAttempts);
    }

    [Fact]
    public async Task Statistics_come_in_quarters_of_an_hour_oldest_first_without_empty_ones()
    {
        await AcceptAsync(Message(Noon.AddMinutes(47)));
        await AcceptAsync(Message(Noon.AddMinutes(14).AddSeconds(59), recipients: ["a", "b"]));
        await AcceptAsync(Message(Noon.AddMinutes(1)));

        var statistics = await History.StatisticsAsync(Owner, Noon.AddHours(1), Cancel);

        Assert.Equal(
            [new SendStatistics(Noon, 3, 0, 0, 0), new SendStatistics(Noon.AddMinutes(45), 1, 0, 0, 0)], statistics);
    }

    [Fact]
    public async Task Statistics_reach_back_two_weeks()
    {
        await AcceptAsync(Message());

        Assert.Single(await History.StatisticsAsync(Owner, Noon.AddDays(14).AddMinutes(-1), Cancel));
        Assert.Empty(await History.StatisticsAsync(Owner, Noon.AddDays(14), Cancel));
    }

    [Fact]
    public async Task Bounces_complaints_and_rejects_are_counted_when_they_happen()
    {
        var message = Message(recipients: ["a", "b", "c"]);
        await AcceptAsync(message);
        var later = Noon.AddMinutes(15);
        var queue = new SqlMessageQueue(Database);

        await queue.StoreResultsAsync(
            "n1",
            [
                Failed(message.Id, 0, later),
                Delivered(message.Id, 1, later) with { Event = Event(message.Id, EventType.Complaint, later) },
                Failed(message.Id, 2, later) with { Event = Event(message.Id, EventType.Reject, later) },
            ],
            Cancel);

        Assert.Equal(
            [new SendStatistics(Noon, 3, 0, 0, 0), new SendStatistics(later, 0, 1, 1, 1)],
            await History.StatisticsAsync(Owner, later, Cancel));
    }

    [Fact]
    public async Task A_refusal_that_cannot_be_read_says_so()
    {
        var refusal = Refusal(Noon, Owner);
        await History.RecordRefusalAsync(refusal, Cancel);
        await ExecuteAsync("UPDATE refusal SET decision = '[]', recipients = ''");

        var found = await History.FindRefusalAsync(refusal.Id, Cancel);

        Assert.Equal((false, "the stored decision cannot be read"), (found!.Decision!.Allowed, found.Decision.Reason));
        Assert.Equal(["cannot be read"], found.Recipients);
    }

    [Fact]
    public async Task What_no_store_takes_of_a_refusal_is_replaced()
    {
        var refusal = RefusedRequest.Unproven(Noon, null, "AKIA\0EXAMPLE", "", "InvalidClientTokenId", 403, "The security token is invalid.");
        await History.RecordRefusalAsync(refusal, Cancel);

        Assert.Equal("AKIA\uFFFDEXAMPLE", (await History.FindRefusalAsync(refusal.Id, Cancel))!.Caller);
    }

    [Fact]
    public async Task Refusals_of_before_have_their_caller_and_action_from_their_decision()
    {
        var refusal = Refusal(Noon, Owner);
        await History.RecordRefusalAsync(refusal, Cancel);
        await ExecuteAsync("UPDATE refusal SET caller = '', action = ''");

        var found = (await History.FindRefusalAsync(refusal.Id, Cancel))!;

        Assert.Equal((refusal.Decision!.Principal, refusal.Decision.Action), (found.Caller, found.Action));
    }

    private Task<EnqueueResult> AcceptAsync(NewMessage message) =>
        new SqlMessageQueue(Database).EnqueueAsync(message, null, "n1", Cancel);
}
