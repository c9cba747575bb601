using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Queue;
using Signet.Storage;
using static Signet.Tests.Storage.Samples;

namespace Signet.Tests.Storage;

/// <summary>Suspending and resuming, with two nodes over one store.</summary>
public abstract class SuspensionContract(TestStore store) : IAsyncLifetime
{
    private static readonly DeliveryFilter One = new() { Domain = DomainName.Parse("one.example") };

    private readonly FakeTimeProvider _time = new(Noon);
    private Database _here = null!;
    private Database _there = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SqlSuspensions Here => new(_here, _time);

    private SqlSuspensions There => new(_there, _time);

    private SqlQueueControl Control => new(_here, _time);

    private SqlMessageQueue Queue => new(_here);

    public async ValueTask InitializeAsync()
    {
        var options = new DatabaseOptions { Time = _time };
        _here = await store.OpenAsync(options, Cancel);
        _there = await store.OpenAsync(options, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _here.DisposeAsync();
        await _there.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task What_waits_and_what_either_node_accepts_later_is_held_until_it_is_resumed()
    {
        await AcceptAsync(Here, "a@one.example", "b@two.example");

        var (suspension, change, refusal) = await InTimeAsync(Here.SuspendAsync(One, "it bounces", "ana", null, Cancel));
        await AcceptAsync(There, "c@one.example", "d@two.example");
        await AcceptAsync(Here, "e@one.example", "g@one.example");

        Assert.Null(refusal);
        Assert.Equal(new QueueChange(1, 0), change);
        Assert.Equal((One, "it bounces", "ana"), (suspension!.Scope, suspension.Reason, suspension.By));
        Assert.InRange(suspension.Since, Noon, _time.GetUtcNow());
        Assert.Equal([("b@two.example", null), ("d@two.example", (long?)null)], await NotHeldAsync());
        Assert.Equal([(suspension, 4)], (await There.ListAsync(Cancel)).Select(s => (s.Suspension, s.Held)));
        Assert.Equal(["b@two.example", "d@two.example"], await ClaimedAsync());

        Assert.Equal(new QueueChange(4, 0), await InTimeAsync(There.ResumeAsync(suspension.Number, null, Cancel)));
        await AcceptAsync(Here, "f@one.example");

        Assert.Empty(await Here.ListAsync(Cancel));
        Assert.Equal(["a@one.example", "c@one.example", "e@one.example", "f@one.example", "g@one.example"], await ClaimedAsync());
    }

    [Fact]
    public async Task What_a_node_accepts_before_it_knows_is_held_by_the_second_pass()
    {
        await There.InForceAsync(Cancel);
        var suspending = Here.SuspendAsync(One, "", "ana", null, Cancel);
        await Eventually.TrueAsync(async () => (await Here.ListAsync(Cancel)).Count == 1);

        // As a node stores it that has not looked yet.
        await Queue.EnqueueAsync(Message(Noon) with { Recipients = [EmailAddress.Parse("a@one.example")] }, null, null, Cancel);
        var (_, change, _) = await InTimeAsync(suspending);

        Assert.Equal(1, change.Changed);
        Assert.Empty(await ClaimedAsync());
    }

    [Fact]
    public async Task What_a_node_stores_as_held_before_it_knows_of_the_end_is_released()
    {
        var (suspension, _, _) = await InTimeAsync(Here.SuspendAsync(One, "", "ana", null, Cancel));
        await InTimeAsync(Here.ResumeAsync(suspension!.Number, null, Cancel));
        var late = Message(Noon) with { Recipients = [EmailAddress.Parse("a@one.example")], Held = [new HeldDelivery(0, suspension.Number)] };
        await Queue.EnqueueAsync(late, null, null, Cancel);

        Assert.Equal(1, await There.ReleaseLeftoversAsync(Cancel));

        Assert.Equal(["a@one.example"], await ClaimedAsync());
        Assert.Equal(0, await There.ReleaseLeftoversAsync(Cancel));
    }

    [Fact]
    public async Task What_was_held_by_hand_stays_held_and_what_is_retried_goes_out()
    {
        await AcceptAsync(Here, "hand@one.example", "a@one.example", "b@one.example");
        await Control.HoldAsync(new() { Recipient = EmailAddress.Parse("hand@one.example") }, Noon, null, Cancel);
        var (suspension, _, _) = await InTimeAsync(Here.SuspendAsync(One, "", "ana", null, Cancel));

        Assert.Equal(new QueueChange(1, 0), await Control.RetryAsync(new() { Recipient = EmailAddress.Parse("a@one.example") }, Noon, null, Cancel));
        Assert.Equal(["a@one.example"], await ClaimedAsync());
        await InTimeAsync(Here.ResumeAsync(suspension!.Number, null, Cancel));

        Assert.Equal(["b@one.example"], await ClaimedAsync());
        Assert.Equal(["hand@one.example"], (await Control.ListAsync(new() { State = DeliveryState.Held }, DeliveryOrder.OldestFirst, null, 10, Cancel)).Select(d => d.Recipient));
    }

    [Fact]
    public async Task What_another_suspension_holds_too_stays_held_by_that_one()
    {
        await AcceptAsync(Here, "a@one.example", "b@two.example");
        var (first, _, _) = await InTimeAsync(Here.SuspendAsync(new() { Account = Owner.Account }, "", "ana", null, Cancel));
        var (second, _, _) = await InTimeAsync(Here.SuspendAsync(One, "", "ben", null, Cancel));

        Assert.Equal(new QueueChange(1, 0), await InTimeAsync(Here.ResumeAsync(first!.Number, null, Cancel)));

        Assert.Equal(["b@two.example"], await ClaimedAsync());
        Assert.Equal([(second!.Number, 1)], (await Here.ListAsync(Cancel)).Select(s => (s.Suspension.Number, s.Held)));
    }

    [Fact]
    public async Task What_is_being_attempted_is_held_when_it_is_deferred()
    {
        await AcceptAsync(Here, "a@one.example");
        await new SqlNodes(_here).BeatAsync("n1", TimeSpan.FromMinutes(5), Cancel);
        var claimed = Assert.Single(await Queue.ClaimAsync("n1", new ClaimRequest(_time.GetUtcNow(), 10), Cancel));

        var (suspension, change, _) = await InTimeAsync(Here.SuspendAsync(One, "", "ana", null, Cancel));
        await Queue.StoreResultsAsync("n1", [Deferred(claimed.Id, 0, Noon, Noon.AddMinutes(1))], Cancel);
        await Control.FulfilAsync(null, (await Control.ListAsync("n2", Cancel)).Unclaimed, Noon, Cancel);

        Assert.Equal(1, change.Pending);
        var held = Assert.Single((await new SqlMessageArchive(_here).GetAsync(claimed.Id, Cancel))!.Deliveries);
        Assert.Equal((DeliveryState.Held, suspension!.Number), (held.State, held.Suspension));
        await InTimeAsync(Here.ResumeAsync(suspension.Number, null, Cancel));
        Assert.Equal(["a@one.example"], await ClaimedAsync());
    }

    [Fact]
    public async Task The_same_again_is_the_same_suspension_and_holds_what_was_missed()
    {
        var (first, _, _) = await InTimeAsync(Here.SuspendAsync(One, "why", "ana", null, Cancel));
        await Queue.EnqueueAsync(Message(Noon) with { Recipients = [EmailAddress.Parse("a@one.example")] }, null, null, Cancel);

        var (second, change, _) = await InTimeAsync(There.SuspendAsync(One, "other", "ben", null, Cancel));

        Assert.Equal(first, second);
        Assert.Equal(1, change.Changed);
    }

    [Fact]
    public async Task Everything_is_suspended_with_the_servers_own_mail_and_an_account_without_it()
    {
        Assert.NotNull((await InTimeAsync(Here.SuspendAsync(DeliveryFilter.Everything, "", "ana", null, Cancel))).Suspension);
        var ofServer = Message(Noon) with { Owner = null, SourceArn = null, QuotaUse = 0 };

        Assert.Single((await Here.InForceAsync(Cancel)).Of(ofServer));
        await InTimeAsync(Here.ResumeAsync(1, null, Cancel));
        await InTimeAsync(Here.SuspendAsync(new(), "", "ana", null, Cancel));
        Assert.Empty((await Here.InForceAsync(Cancel)).Of(ofServer));
        Assert.Single((await Here.InForceAsync(Cancel)).Of(Message(Noon)));
    }

    [Theory]
    [InlineData("example.com", true)]
    [InlineData("arn:aws:ses:us-east-1:111122223333:identity/sender@example.com", true)]
    [InlineData("arn:aws:ses:eu-west-1:111122223333:identity/example.com", false)]
    public async Task An_identity_is_suspended_with_what_is_sent_from_it(string identity, bool isHeld)
    {
        await AcceptAsync(Here, "a@one.example");
        Assert.True(IdentitySelector.TryParse(identity, out var selector));

        var (_, change, _) = await InTimeAsync(Here.SuspendAsync(new() { Identity = selector }, "", "ana", null, Cancel));

        Assert.Equal(isHeld ? 1 : 0, change.Changed);
        Assert.Equal(isHeld ? 1 : 0, (await There.InForceAsync(Cancel)).Of(Message(Noon)).Count);
    }

    [Fact]
    public async Task A_destination_is_suspended_with_domains_that_become_known_later()
    {
        var domains = new SqlDestinationDomains(_there, _time);
        await domains.RecordAsync([(DomainName.Parse("one.example"), "mx1.host.example mx2.host.example")], Noon, Cancel);
        Assert.True(DestinationName.TryParse("mx2.host.example", out var name));
        await AcceptAsync(Here, "a@one.example", "b@two.example", "c@three.example");

        var (_, change, _) = await InTimeAsync(Here.SuspendAsync(new() { Destination = name }, "", "ana", null, Cancel));
        Assert.Equal(1, change.Changed);
        await domains.RecordAsync(
            [(DomainName.Parse("two.example"), "mx1.host.example mx2.host.example"), (DomainName.Parse("three.example"), "mx.three.example")], Noon, Cancel);
        _time.Advance(SqlSuspensions.Heeded);
        await AcceptAsync(Here, "d@two.example");

        Assert.Equal(["c@three.example"], await ClaimedAsync());
    }

    [Fact]
    public async Task There_is_a_limit_and_it_is_said()
    {
        await _here.WriteAsync(
            s => s.ExecuteAsync(
                $"""
                INSERT INTO suspension (domain, with_server_mail, reason, created_by, created_at)
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Suspension.Max}) SELECT 'd' || i || '.example', 1, '', '', 1 FROM n
                """),
            Cancel);

        var (suspension, _, refusal) = await InTimeAsync(Here.SuspendAsync(One, "", "ana", null, Cancel));

        Assert.Null(suspension);
        Assert.Equal("there are 1000 suspensions already: resume some of them first", refusal);
    }

    [Fact]
    public async Task Single_messages_and_states_are_not_suspended()
    {
        foreach (var filter in (DeliveryFilter[])[new() { State = DeliveryState.Held }, new() { Message = NewId(Noon) }, new() { Recipient = Address("a") }])
        {
            Assert.Contains("`hold`", (await Here.SuspendAsync(filter, "", "ana", null, Cancel)).Refusal, StringComparison.Ordinal);
        }

        Assert.Null(await Here.ResumeAsync(7, null, Cancel));
    }

    [Fact]
    public async Task Hostile_texts_are_kept_as_they_are_and_cut()
    {
        var reason = "'; DROP TABLE suspension; --\u202e" + new string('x', 1_000);
        Assert.True(IdentitySelector.TryParse("\"a'b%_ c\"@example.com", out var identity));

        var (suspension, _, refusal) = await InTimeAsync(Here.SuspendAsync(new() { Identity = identity }, reason, "o'hara", null, Cancel));

        Assert.Null(refusal);
        Assert.Equal(suspension, Assert.Single(await There.ListAsync(Cancel)).Suspension);
        Assert.Equal(reason[..Suspension.MaxText], suspension!.Reason);
    }

    [Fact]
    public async Task A_message_costs_no_read_while_nothing_changes()
    {
        await Here.InForceAsync(Cancel);
        var reads = 0;
        _here.BeforeRead = () => Task.FromResult(reads++);

        await Here.InForceAsync(Cancel);
        _time.Advance(TimeSpan.FromMilliseconds(400));
        await Here.InForceAsync(Cancel);

        Assert.Equal(0, reads);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await Here.InForceAsync(Cancel);
        Assert.Equal(1, reads);
    }

    private async Task AcceptAsync(SqlSuspensions node, params string[] recipients)
    {
        var message = Message(_time.GetUtcNow()) with { Recipients = [.. recipients.Select(EmailAddress.Parse)] };
        message = message with { Held = (await node.InForceAsync(Cancel)).Of(message) };
        await Queue.EnqueueAsync(message, null, null, Cancel);
    }

    private async Task<IEnumerable<string>> ClaimedAsync() =>
        (await Queue.ClaimAsync("n1", new ClaimRequest(_time.GetUtcNow(), 100), Cancel)).SelectMany(m => m.Deliveries).Select(d => $"{d.Recipient}").Order(StringComparer.Ordinal);

    private async Task<IEnumerable<(string, long?)>> NotHeldAsync() =>
        (await Control.ListAsync(new(), DeliveryOrder.OldestFirst, null, 100, Cancel))
            .Where(d => d.State != DeliveryState.Held).Select(d => (d.Recipient, d.Suspension));

    private async Task<T> InTimeAsync<T>(Task<T> task)
    {
        await Eventually.TrueAsync(() => task.IsCompleted, () => _time.Advance(TimeSpan.FromMilliseconds(100)));
        return await task;
    }
}
