using Signet.Addresses;
using Signet.Names;
using Signet.Operators;
using Signet.Queue;
using Signet.Web.Sending;
using Signet.Web.Shell;

namespace Signet.Web.Tests.Sending;

public sealed class QueueActionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly AccountId Own = AccountId.Parse("111122223333");

    private static readonly AccountId Other = AccountId.Parse("444455556666");

    private static readonly DeliveryFilter Theirs = new() { Account = Other, Domain = DomainName.Parse("example.net") };

    private readonly RecordingControl control = new();

    [Fact]
    public async Task Who_may_only_read_changes_nothing()
    {
        var reader = new Viewer("reader", OperatorRole.Read, null);

        foreach (var action in QueueAction.All)
        {
            await Assert.ThrowsAsync<UnauthorizedAccessException>(() => RunAsync(action, reader));
        }

        Assert.Empty(control.Asked);
    }

    [Fact]
    public async Task Who_operates_one_account_changes_no_other_whatever_was_asked_for()
    {
        var operates = new Viewer("operator", OperatorRole.Operate, Own);

        foreach (var action in QueueAction.All)
        {
            await RunAsync(action, operates);
        }

        Assert.Equal(
            [("retry", Theirs with { Account = Own, SparesSuspended = true }), ("hold", Theirs with { Account = Own }), ("drop", Theirs with { Account = Own })],
            control.Asked);
    }

    [Fact]
    public async Task Who_operates_all_changes_what_was_asked_for()
    {
        var operates = new Viewer("operator", OperatorRole.Operate, null);

        await RunAsync(QueueAction.Hold, operates);
        await RunAsync(QueueAction.Retry, operates);
        await RunAsync(QueueAction.Reroute with { Text = "mx" }, operates);

        Assert.Equal([("hold", Theirs), ("retry", Theirs), ("reroute mx", Theirs)], control.Asked);
    }

    [Fact]
    public async Task Who_operates_one_account_sends_nothing_elsewhere()
    {
        var operates = new Viewer("operator", OperatorRole.Operate, Own);

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => RunAsync(QueueAction.Reroute with { Text = "mx" }, operates));

        Assert.Empty(control.Asked);
    }

    [Theory]
    [InlineData(OperatorRole.Operate, null, false)]
    [InlineData(OperatorRole.Administer, "111122223333", false)]
    [InlineData(OperatorRole.Administer, null, true)]
    public async Task Mail_of_the_server_itself_is_for_who_administers_the_whole_server(OperatorRole role, string? account, bool sees)
    {
        var viewer = new Viewer("operator", role, account is null ? null : AccountId.Parse(account));

        await QueueAction.Hold.RunAsync(
            control, viewer, DeliveryFilter.Everything, Noon, null, TestContext.Current.CancellationToken);

        Assert.Equal(sees, Assert.Single(control.Asked).Filter.WithServerMail);
        Assert.True(new DescribedQueueFilter().TryRead(viewer, out var filter, out _));
        Assert.Equal(sees, filter.WithServerMail);
    }

    [Fact]
    public void What_came_of_it_is_said_as_the_command_says_it()
    {
        Assert.Equal("1 delivery is held.", QueueAction.Hold.Say(new QueueChange(1, 0)));
        Assert.Equal(
            "1,200 deliveries are due now. 3 left alone: being attempted now, or already ended.",
            QueueAction.Retry.Say(new QueueChange(1200, 3)));
        Assert.Equal(
            "0 deliveries are dropped. 2 being attempted right now: dropped unless the attempt ends them.",
            QueueAction.Drop.Say(new QueueChange(0, 0) { Pending = 2 }));
    }

    [Fact]
    public void Each_action_counts_the_states_that_it_changes()
    {
        var counts = new QueueCounts(1, 20, 300);

        Assert.Equal([320, 21, 321], QueueAction.All.Select(a => a.CountOf(counts)));
        Assert.Equal("1 queued, 20 deferred, 300 held", $"{counts}");
        Assert.Equal("20 deferred", $"{new QueueCounts(0, 20, 0)}");
    }

    [Fact]
    public void A_filter_is_read_in_the_words_of_the_commands()
    {
        var viewer = new Viewer("reader", OperatorRole.Read, Own);

        Assert.True(new DescribedQueueFilter { Account = Other.Value, Domain = "Example.NET", State = "held" }.TryRead(viewer, out var filter, out _));
        Assert.Equal(new DeliveryFilter { Account = Own, Domain = DomainName.Parse("example.net"), State = DeliveryState.Held }, filter);
        Assert.True(new DescribedQueueFilter { Identity = "Example.COM", Destination = "MX1.example.net,+2" }.TryRead(viewer, out filter, out _));
        Assert.Equal(("example.com", "mx1.example.net,+2"), ($"{filter.Identity}", $"{filter.Destination}"));
        Assert.False(new DescribedQueueFilter { State = "delivered" }.TryRead(viewer, out _, out var problem));
        Assert.Equal("`state` is `queued`, `deferred` or `held`, not `delivered`", problem);
    }

    [Fact]
    public void Back_off_is_told_by_the_next_attempt()
    {
        var destination = new Destination("example.net", 0, 2, 0, Noon, Noon.AddMinutes(4), "451 later");

        Assert.Equal("backs off, next in 4 min", BackOff.Of(destination, Noon));
        Assert.Equal("due", BackOff.Of(destination, Noon.AddMinutes(4)));
        Assert.Equal("held", BackOff.Of(destination with { NextAttemptAt = null }, Noon));
    }

    private Task<QueueChange> RunAsync(QueueAction action, Viewer viewer) =>
        action.RunAsync(control, viewer, Theirs, Noon, null, TestContext.Current.CancellationToken);

    private sealed class RecordingControl : IQueueControl
    {
        public List<(string What, DeliveryFilter Filter)> Asked { get; } = [];

        public Task<QueuedDestinations> ListDestinationsAsync(DeliveryFilter filter, int limit, CancellationToken cancel) =>
            Task.FromResult(new QueuedDestinations([], 0, 0, 0, 0, null));

        public Task<IReadOnlyList<WaitingDelivery>> ListAsync(
            DeliveryFilter filter, DeliveryOrder order, WaitingDelivery? after, int limit, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<WaitingDelivery>>([]);

        public Task<QueueChange> RetryAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
            Record("retry", filter);

        public Task<QueueChange> HoldAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
            Record("hold", filter);

        public Task<QueueChange> DropAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
            Record("drop", filter);

        public Task<QueueChange> RerouteAsync(
            DeliveryFilter filter, string? target, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
            Record($"reroute {target}", filter);

        private Task<QueueChange> Record(string what, DeliveryFilter filter)
        {
            Asked.Add((what, filter));
            return Task.FromResult(new QueueChange(1, 0));
        }
    }
}
