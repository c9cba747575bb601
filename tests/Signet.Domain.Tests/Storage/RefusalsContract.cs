using Signet.Names;
using Signet.Policies;
using Signet.Sending;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>The part of a sending history that keeps refusals.</summary>
public abstract class RefusalsContract(TestStore? store) : StoreContract(store)
{
    protected virtual ISendingHistory History => new SqlSendingHistory(Database);

    [Fact]
    public async Task Refusals_come_newest_first_with_their_reasons()
    {
        var first = Refusal(Noon, Owner);
        var second = Refusal(Noon.AddSeconds(1), OtherAccount);
        await History.RecordRefusalAsync(first, Cancel);
        await History.RecordRefusalAsync(second, Cancel);

        var all = await History.RefusalsAsync(new(), null, 10, Cancel);

        Assert.Equivalent(
            new[] { second with { Decision = all[0].Decision }, first with { Decision = all[1].Decision } }, all, strict: true);
        Assert.Equal(DecisionJson.Write(second.Decision!), DecisionJson.Write(all[0].Decision!));
        Assert.Equal([first.Id], await FoundAsync(RefusalFilter.Of(Owner)));
        Assert.Equal([second.Id], (await History.RefusalsAsync(new(), null, 1, Cancel)).Select(r => r.Id));
        Assert.Empty(await FoundAsync(RefusalFilter.Of(OtherRegion)));
    }

    [Fact]
    public async Task A_refusal_is_found_by_its_id()
    {
        var refusal = Refusal(Noon, Owner);
        await History.RecordRefusalAsync(refusal, Cancel);
        await History.RecordRefusalAsync(Refusal(Noon, Owner), Cancel);

        Assert.Equal(refusal.Recipients, (await History.FindRefusalAsync(refusal.Id, Cancel))!.Recipients);
        Assert.Equal(refusal.Id, (await History.FindRefusalAsync(refusal.Id, Cancel))!.Id);
        Assert.Null(await History.FindRefusalAsync(Guid.CreateVersion7(Noon), Cancel));
    }

    [Fact]
    public async Task Pages_of_refusals_together_are_the_whole_list_though_more_come_in_and_old_ones_go()
    {
        for (var i = 0; i < 5; i++)
        {
            // Two at a time: the order must hold among equals.
            await History.RecordRefusalAsync(Refusal(Noon.AddMilliseconds(i / 2), Owner), Cancel);
        }

        var all = await FoundAsync(new());
        List<Guid> paged = [];
        while (await History.RefusalsAsync(new(), paged.Count == 0 ? null : paged[^1], 2, Cancel) is { Count: > 0 } page)
        {
            paged.AddRange(page.Select(r => r.Id));
            await History.RecordRefusalAsync(Refusal(Noon.AddHours(1), Owner), Cancel);
        }

        Assert.Equal(5, all.Count);
        Assert.Equal(all, paged);
    }

    [Fact]
    public async Task An_account_keeps_its_newest_refusals_of_all_regions_and_others_keep_theirs()
    {
        var others = Refusal(Noon, OtherAccount);
        await History.RecordRefusalAsync(others, Cancel);
        for (var i = 0; i < ISendingHistory.MaxRefusals + 5; i++)
        {
            await History.RecordRefusalAsync(Refusal(Noon.AddSeconds(i), i % 2 == 0 ? Owner : OtherRegion), Cancel);
        }

        var kept = await History.RefusalsAsync(new() { Account = Owner.Account }, null, 2 * ISendingHistory.MaxRefusals, Cancel);

        Assert.Equal(ISendingHistory.MaxRefusals, kept.Count);
        Assert.Equal(Noon.AddSeconds(5), kept[^1].At);
        Assert.NotNull(await History.FindRefusalAsync(others.Id, Cancel));
    }

    [Fact]
    public async Task A_refusal_before_authorization_has_no_decision_and_one_that_names_no_key_no_owner()
    {
        var early = RefusedRequest.Of(
            Noon, new Caller(new Principal(Owner.Account, "mailer"), Owner.Region, null, null, true, "1"), "ses:CreateTemplate", "InvalidAction",
            400, "no templates");
        var unsigned = RefusedRequest.Unproven(Noon, null, "AKIAEXAMPLE", "", "InvalidClientTokenId", 403, "The security token is invalid.");
        await History.RecordRefusalAsync(early, Cancel);
        await History.RecordRefusalAsync(unsigned, Cancel);

        Assert.Equivalent(early, await History.FindRefusalAsync(early.Id, Cancel), strict: true);
        Assert.Equivalent(unsigned, await History.FindRefusalAsync(unsigned.Id, Cancel), strict: true);
        Assert.Equal([early.Id], await FoundAsync(RefusalFilter.Of(Owner)));
        Assert.Equal(2, (await FoundAsync(new())).Count);
    }

    [Fact]
    public async Task Refusals_of_unproven_callers_never_push_out_those_of_proven_ones()
    {
        var proven = Refusal(Noon, Owner);
        await History.RecordRefusalAsync(proven, Cancel);
        for (var i = 0; i < ISendingHistory.MaxUnprovenRefusals + 5; i++)
        {
            await History.RecordRefusalAsync(Unproven(Noon.AddSeconds(i), Owner), Cancel);
            await History.RecordRefusalAsync(Unproven(Noon.AddSeconds(i), null), Cancel);
        }

        var kept = await History.RefusalsAsync(new(), null, 1_000, Cancel);

        Assert.Equal(2 * ISendingHistory.MaxUnprovenRefusals, kept.Count(r => !r.IsProven));
        Assert.Equal(ISendingHistory.MaxUnprovenRefusals, kept.Count(r => r.Owner is null));
        Assert.All(kept.Where(r => !r.IsProven), r => Assert.True(r.At >= Noon.AddSeconds(5)));
        Assert.Equal(proven.Id, Assert.Single(kept, r => r.IsProven).Id);
    }

    [Fact]
    public async Task Refusals_of_authorization_and_others_do_not_push_each_other_out()
    {
        var decided = Refusal(Noon, Owner);
        await History.RecordRefusalAsync(decided, Cancel);
        for (var i = 0; i < ISendingHistory.MaxRefusals + 1; i++)
        {
            await History.RecordRefusalAsync(Refusal(Noon.AddSeconds(i), Owner) with { Decision = null }, Cancel);
        }

        var kept = await History.RefusalsAsync(new(), null, 2 * ISendingHistory.MaxRefusals, Cancel);

        Assert.Equal(ISendingHistory.MaxRefusals + 1, kept.Count);
        Assert.Equal(decided.Id, Assert.Single(kept, r => r.Decision is not null).Id);
    }

    [Fact]
    public async Task Refusals_are_found_by_account_region_time_and_any_part_of_their_texts_without_case()
    {
        var first = Refusal(Noon, Owner) with { Refusal = "Ärger 100%", Recipients = ["Zoë@example.com"] };
        var second = Refusal(Noon.AddSeconds(1), OtherRegion) with
        {
            Caller = "arn:aws:iam::444455556666:user/Ann",
            Action = "ses:SendRawEmail",
            Code = "Throttled",
            Decision = Samples.Decision with
            {
                Checks = [Samples.Decision.Checks[0] with { Address = "shop@example.net" }],
            },
        };
        await History.RecordRefusalAsync(first, Cancel);
        await History.RecordRefusalAsync(second, Cancel);

        foreach (var filter in new RefusalFilter[]
        {
            new() { Text = "ärger" }, new() { Text = "0%" }, new() { Text = "zoË@EXAMPLE" }, new() { Text = "111122223333:root" },
            new() { Text = "SENDER@" }, new() { Region = Owner.Region }, new() { Until = Noon.AddSeconds(1) },
        })
        {
            Assert.Equal([first.Id], await FoundAsync(filter));
        }

        foreach (var filter in new RefusalFilter[]
        {
            new() { Text = "user/ann" }, new() { Text = "shop@" }, new() { Text = "throttled" }, new() { Text = "sendRaw" }, new() { Region = OtherRegion.Region }, new() { Since = Noon.AddSeconds(1) },
            new() { Text = "not verified", Account = Owner.Account },
        })
        {
            Assert.Equal([second.Id], await FoundAsync(filter));
        }

        Assert.Equal(2, (await FoundAsync(new() { Account = Owner.Account, Text = "example.com" })).Count);
        Assert.Empty(await FoundAsync(new() { Text = "_" }));
        Assert.Empty(await FoundAsync(new() { Account = OtherAccount.Account }));
    }

    private async Task<List<Guid>> FoundAsync(RefusalFilter filter) =>
        [.. (await History.RefusalsAsync(filter, null, 10, Cancel)).Select(r => r.Id)];

    private static RefusedRequest Unproven(DateTimeOffset at, AccountRegion? named) =>
        RefusedRequest.Unproven(at, named, "AKIAEXAMPLE", "", "SignatureDoesNotMatch", 403, "The signature does not match.");

    protected static RefusedRequest Refusal(DateTimeOffset at, AccountRegion owner) => new(
        Guid.CreateVersion7(at), at, owner, true, Samples.Decision.Principal, "ses:SendEmail", "MessageRejected", 400,
        "Email address is not verified.", ["a@example.com", "b@example.com"], Samples.Decision with { Allowed = false });
}
