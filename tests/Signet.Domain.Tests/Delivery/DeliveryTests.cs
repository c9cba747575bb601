using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Delivery;
using Signet.Events;
using Signet.Messages;
using Signet.Queue;
using Signet.Smtp;
using Signet.Tests.Fakes;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery;

public sealed class DeliveryTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly RecordingQueue _queue = new();
    private readonly ActiveQueue _window = new(10);
    private readonly Node _node = new("node", TimeSpan.FromMinutes(5));
    private readonly OutcomeWriter _outcomes;
    private readonly DeliveryWorker _worker;
    private readonly ClaimLoop _loop;

    public DeliveryTests()
    {
        _outcomes = new OutcomeWriter(_queue, _node, _time, NullLogger<OutcomeWriter>.Instance);
        var random = new Random(1);
        var options = new DeliveryOptions
        {
            Routes = [Route.CaptureAll],
            Hosts = new HostFinder(
                new MxResolver(new FakeDns(), DomainName.Parse("signet.test"), PublicAddresses.Contains, random), 25, (_, _) => throw new NotSupportedException()),
            Connector = new ConnectionOpener((_, _, _) => throw new NotSupportedException(), "signet.test", SmtpTimeouts.Default, _time),
            Results = new ResultFactory("signet.test", _time, random),
            ReadContent = _queue.ReadContentAsync,
        };
        _worker = new DeliveryWorker(
            _window, options, _outcomes, new Claims(_queue, _node, _time, NullLogger<Claims>.Instance), _time,
            NullLogger<DeliveryWorker>.Instance);
        _loop = new ClaimLoop(_queue, _window, _worker, _node, _time, NullLogger<ClaimLoop>.Instance);
    }

    public void Dispose()
    {
        _worker.Dispose();
        _outcomes.Dispose();
        _loop.Dispose();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_captured_is_recorded_as_delivered_with_an_event_for_each_recipient()
    {
        var message = Deliveries.Message("a@client.test", "b@client.test");
        await StartAsync();

        Put(message);
        await WaitForResultsAsync(2);

        Assert.All(_queue.Results, s => Assert.Equal((message.Id, DeliveryState.Delivered), (s.MessageId, s.State)));
        Assert.Equal([EventType.Delivery, EventType.Delivery], _queue.Results.Select(s => s.Event!.Type));
        Assert.Equal(["a@client.test", "b@client.test"], _queue.Results.SelectMany(s => s.Event!.Recipients));
        await StopAsync();
    }

    [Fact]
    public async Task Results_that_cannot_be_written_are_kept_until_they_can()
    {
        _queue.Failures = 2;
        await StartAsync();

        Put(Deliveries.Message("a@client.test"));
        await Eventually.TrueAsync(() => _queue.Results.Count > 0, () => _time.Advance(TimeSpan.FromSeconds(1)));

        Assert.Single(_queue.Results);
        await StopAsync();
    }

    [Fact]
    public async Task Stopping_delivers_what_is_in_the_window()
    {
        await StartAsync();

        for (var i = 0; i < 5; i++)
        {
            Put(Deliveries.Message("a@client.test"));
        }

        await StopAsync();

        Assert.Equal(5, _queue.Results.Count);
        Assert.Equal(10, _window.Room);
    }

    [Fact]
    public async Task What_waits_in_the_store_is_claimed_as_far_as_there_is_room()
    {
        for (var i = 0; i < 15; i++)
        {
            _queue.Waiting.Add(Deliveries.Message("a@client.test"));
        }

        Assert.True(await _loop.FillAsync(Cancel));
        Assert.Equal(0, _window.Room);
        Assert.False(await _loop.FillAsync(Cancel));
        await StartAsync();
        await WaitForResultsAsync(10);
        await Eventually.TrueAsync(() => _window.Room == 10);
        Assert.False(await _loop.FillAsync(Cancel));
        await WaitForResultsAsync(5);
        await StopAsync();
    }

    [Fact]
    public async Task What_waits_in_the_store_follows_as_soon_as_there_is_room()
    {
        for (var i = 0; i < 50; i++)
        {
            _queue.Waiting.Add(Deliveries.Message("a@client.test"));
        }

        await StartAsync();
        await _loop.StartAsync(Cancel);

        // The clock stands still: nothing but the room wakes the loop.
        await WaitForResultsAsync(50);

        await _loop.StopAsync(Cancel);
        await StopAsync();
    }

    [Fact]
    public async Task Messages_with_many_recipients_follow_each_other_without_a_pause()
    {
        for (var i = 0; i < 20; i++)
        {
            _queue.Waiting.Add(Deliveries.Message("a@client.test", "b@client.test", "c@client.test"));
        }

        await StartAsync();
        await _loop.StartAsync(Cancel);

        // The clock stands still.
        await WaitForResultsAsync(60);

        await _loop.StopAsync(Cancel);
        await StopAsync();
    }

    [Fact]
    public async Task A_delivery_that_cannot_be_read_is_deferred_and_named_and_the_others_are_delivered()
    {
        var (bad, good) = (Deliveries.Message("a@client.test"), Deliveries.Message("b@client.test"));
        _queue.Unreadable.Add(new(new DeliveryKey(bad.Id, 0), "?", _time.GetUtcNow(), 0, bad.Owner, "its recipient"));
        _queue.Waiting.Add(good);
        await StartAsync();

        await _loop.FillAsync(Cancel);
        await WaitForResultsAsync(2);

        var deferred = Assert.Single(_queue.Results, s => s.MessageId == bad.Id);
        Assert.Equal(DeliveryState.Deferred, deferred.State);
        Assert.Equal("451 4.3.0 internal error while delivering (see the log, the stored message cannot be read)", deferred.Result);
        Assert.Equal(DeliveryState.Delivered, Assert.Single(_queue.Results, s => s.MessageId == good.Id).State);
        await StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_delivery_that_cannot_be_read_ends_with_its_time_and_its_sender_hears_of_it(bool isSenderKnown)
    {
        var message = Deliveries.Message("a@client.test");
        _queue.Unreadable.Add(new(
            new DeliveryKey(message.Id, 0), "a@", _time.GetUtcNow() - RetrySchedule.MaxAge, 3, isSenderKnown ? message.Owner : null, "its recipient"));
        await StartAsync();

        await _loop.FillAsync(Cancel);
        await WaitForResultsAsync(1);

        var failed = Assert.Single(_queue.Results);
        Assert.Equal(DeliveryState.Failed, failed.State);
        Assert.StartsWith("550 4.4.7 Message expired", failed.Result, StringComparison.Ordinal);
        Assert.Equal(isSenderKnown ? EventType.Bounce : null, failed.Event?.Type);
        await StopAsync();
    }

    [Fact]
    public async Task Claiming_goes_on_after_a_failure_that_is_not_the_stores()
    {
        _queue.Breaks = new InvalidOperationException("a row makes no sense");
        _queue.Waiting.Add(Deliveries.Message("a@client.test"));
        await StartAsync();
        await _loop.StartAsync(Cancel);

        await UntilAsync(() => _queue.Results.Count > 0);

        Assert.False(_loop.ExecuteTask!.IsFaulted);
        await _loop.StopAsync(Cancel);
        await StopAsync();
    }

    [Fact]
    public async Task A_result_that_the_store_does_not_take_keeps_no_other()
    {
        var bad = Deliveries.Message("a@client.test");
        _queue.Refuses = r => r.MessageId == bad.Id;
        Put(bad);
        for (var i = 0; i < 8; i++)
        {
            Put(Deliveries.Message("b@client.test"));
        }

        await StartAsync();

        // The first result may be a group of its own: the others come with the next try.
        await UntilAsync(() => _queue.Results.Count == 8);

        Assert.DoesNotContain(_queue.Results, s => s.MessageId == bad.Id);
        Assert.Equal([new DeliveryKey(bad.Id, 0)], _outcomes.Unwritten);
        Assert.False(_outcomes.ExecuteTask!.IsFaulted);
        await StopAsync();
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(9, true)]
    [InlineData(30, false)]
    [InlineData(30, true)]
    public async Task However_many_results_the_store_does_not_take_they_keep_no_other(int bad, bool areAlone)
    {
        var results = new ResultFactory("signet.test", _time, new Random(1));
        List<DeliveryResult> Delivered(int count) =>
        [
            .. Enumerable.Range(0, count).Select(_ => Deliveries.Message("a@client.test")).Select(m =>
                results.Of(m, m.Deliveries[0], Verdict.Of(SmtpStage.FinalDot, SmtpReply.Of(250, "2.0.0 Ok")), Peer.None, TimeSpan.Zero)),
        ];
        var (first, beside, later) = (Delivered(bad), Delivered(areAlone ? 0 : 5), Delivered(5));
        HashSet<MessageId> refused = [.. first.Select(r => r.MessageId)];
        _queue.Refuses = r => refused.Contains(r.MessageId);
        first.ForEach(_outcomes.Add);
        beside.ForEach(_outcomes.Add);

        await StartAsync();
        await UntilAsync(() => _queue.Refused >= bad);
        later.ForEach(_outcomes.Add);
        await UntilAsync(() => _queue.Results.Count == beside.Count + later.Count);

        Assert.Equal(beside.Concat(later).Select(r => r.MessageId.Value).Order(), _queue.Results.Select(s => s.MessageId.Value).Order());
        Assert.Equal(bad, _outcomes.Unwritten.Count());
        Assert.False(_outcomes.ExecuteTask!.IsFaulted);
        await StopAsync();
    }

    [Fact]
    public async Task A_result_whose_event_is_not_taken_is_stored_without_it_so_that_nothing_goes_out_twice()
    {
        _queue.Refuses = r => r.Event is not null;
        await StartAsync();

        Put(Deliveries.Message("a@client.test"));
        await WaitForResultsAsync(1);

        var stored = Assert.Single(_queue.Results);
        Assert.Equal((DeliveryState.Delivered, "the result could not be stored (see the log)"), (stored.State, stored.Result));
        await StopAsync();
        Assert.Empty(_outcomes.Unwritten);
    }

    [Fact]
    public async Task Results_are_kept_when_the_store_takes_none_of_them()
    {
        var isBroken = true;
        _queue.Refuses = _ => Volatile.Read(ref isBroken);
        for (var i = 0; i < 10; i++)
        {
            Put(Deliveries.Message("a@client.test"));
        }

        await StartAsync();
        await UntilAsync(() => _queue.Refused >= 20);
        Volatile.Write(ref isBroken, false);
        await UntilAsync(() => _queue.Results.Count == 10);

        Assert.All(_queue.Results, s => Assert.NotNull(s.Attempt));
        await StopAsync();
    }

    [Fact]
    public async Task What_has_a_result_that_could_not_be_written_yet_is_not_taken_again_when_its_claim_was_lost()
    {
        _queue.Failures = 1;
        await StartAsync();
        var message = Deliveries.Message("a@client.test");
        Put(message);
        await Eventually.TrueAsync(() => _queue.Failures == 0 && _window.Room == 10);

        // The clock stands still: the result waits to be tried again, and the store is faster.
        _queue.Waiting.Add(message);
        await _loop.FillAsync(Cancel);

        Assert.Equal(10, _window.Room);
        Assert.Empty(_queue.Results);
        await UntilAsync(() => _queue.Results.Count > 0);
        await StopAsync();
        Assert.Single(_queue.Results);
    }

    [Fact]
    public async Task After_the_store_was_away_nothing_is_claimed_before_all_nodes_could_write_their_results()
    {
        _queue.Failures = 3;
        _queue.Waiting.Add(Deliveries.Message("a@client.test"));
        await StartAsync();
        await _loop.StartAsync(Cancel);
        await Eventually.TrueAsync(() => _queue.ClaimCalls.Count > 0);

        await UntilAsync(() => _queue.Results.Count > 0);

        await _loop.StopAsync(Cancel);
        await StopAsync();
        var (calls, next) = (_queue.ClaimCalls, _queue.ClaimCalls.FindIndex(1, c => c.Limit > 0));
        Assert.Equal(0, calls[1].Limit);
        Assert.True(calls[next].At - calls[next - 1].At >= ClaimLoop.Grace, $"{calls[next].At - calls[next - 1].At}");
    }

    private Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Eventually.TrueAsync(condition, () => _time.Advance(TimeSpan.FromMilliseconds(100)), what);

    private void Put(ClaimedMessage message)
    {
        _window.Reserve();
        Assert.True(_window.Add(message));
    }

    private async Task StartAsync()
    {
        await _outcomes.StartAsync(Cancel);
        await _worker.StartAsync(Cancel);
    }

    private async Task StopAsync()
    {
        await _worker.StopAsync(Cancel);
        await _outcomes.StopAsync(Cancel);
    }

    private async Task WaitForResultsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _queue.Writes.InTimeAsync();
        }
    }
}
