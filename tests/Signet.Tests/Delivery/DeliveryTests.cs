using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Addresses;
using Signet.Delivery;
using Signet.Events;
using Signet.Queue;
using Signet.Smtp;
using Signet.Tests.Fakes;
using Signet.Tests.Queue;

namespace Signet.Tests.Delivery;

public sealed class DeliveryTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly RecordingQueue _queue = new();
    private readonly DeliveryWindow _window = new(10, 1_000);
    private readonly Node _node = new("node", TimeSpan.FromMinutes(5));
    private readonly Settler _settler;
    private readonly DeliveryWorker _worker;
    private readonly LeaseLoop _loop;

    public DeliveryTests()
    {
        _settler = new Settler(_queue, _node, _time, NullLogger<Settler>.Instance);
        var random = new Random(1);
        var options = new DeliveryOptions
        {
            Routes = [Route.CaptureAll],
            Hosts = new HopHosts(
                new MxResolver(new FakeDns(), DomainName.Parse("signet.test"), false, random), 25, (_, _) => throw new NotSupportedException()),
            Connector = new HopConnector((_, _) => throw new NotSupportedException(), "signet.test", SmtpTimeouts.Default, _time),
            Results = new Results("signet.test", _time, random),
        };
        _worker = new DeliveryWorker(
            _window, options, _settler, new Leases(_queue, _node, _time, NullLogger<Leases>.Instance), _time,
            NullLogger<DeliveryWorker>.Instance);
        _loop = new LeaseLoop(_queue, _window, _worker, _node, _time, NullLogger<LeaseLoop>.Instance);
    }

    public void Dispose()
    {
        _worker.Dispose();
        _settler.Dispose();
        _loop.Dispose();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_captured_is_settled_as_delivered_with_an_event_for_each_recipient()
    {
        var message = Deliveries.Message("a@client.test", "b@client.test");
        await StartAsync();

        Put(message);
        await SettledAsync(2);

        Assert.All(_queue.Settled, s => Assert.Equal((message.Id, DeliveryState.Delivered), (s.MessageId, s.State)));
        Assert.Equal([EventType.Delivery, EventType.Delivery], _queue.Settled.Select(s => s.Event!.Type));
        Assert.Equal(["a@client.test", "b@client.test"], _queue.Settled.SelectMany(s => s.Event!.Recipients));
        await StopAsync();
    }

    [Fact]
    public async Task Results_that_cannot_be_written_are_kept_until_they_can()
    {
        _queue.Failures = 2;
        await StartAsync();

        Put(Deliveries.Message("a@client.test"));
        while (_queue.Settled.Count == 0)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
            Cancel.ThrowIfCancellationRequested();
        }

        Assert.Single(_queue.Settled);
        await StopAsync();
    }

    [Fact]
    public async Task Stopping_delivers_what_is_in_the_window_and_gives_the_leases_back()
    {
        await StartAsync();

        for (var i = 0; i < 5; i++)
        {
            Put(Deliveries.Message("a@client.test"));
        }

        await StopAsync();

        Assert.Equal(5, _queue.Settled.Count);
        Assert.Equal(["node"], _queue.Released);
        Assert.Equal(10, _window.Room);
    }

    [Fact]
    public async Task What_waits_in_the_store_is_leased_as_far_as_there_is_room()
    {
        for (var i = 0; i < 15; i++)
        {
            _queue.Waiting.Add(Deliveries.Message("a@client.test"));
        }

        Assert.Equal(10, await _loop.FillAsync(Cancel));
        Assert.Equal(0, await _loop.FillAsync(Cancel));
        await StartAsync();
        await SettledAsync(10);
        await WaitForAsync(() => _window.Room == 10);
        Assert.Equal(5, await _loop.FillAsync(Cancel));
        await SettledAsync(5);
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
        await SettledAsync(50);

        await _loop.StopAsync(Cancel);
        await StopAsync();
    }

    [Fact]
    public async Task What_has_a_result_that_could_not_be_written_yet_is_not_taken_again_when_its_lease_is_over()
    {
        _queue.Failures = 1;
        await StartAsync();
        var message = Deliveries.Message("a@client.test");
        Put(message);
        await WaitForAsync(() => _queue.Failures == 0 && _window.Room == 10);

        // The clock stands still: the result waits to be tried again, and the store is faster.
        _queue.Waiting.Add(message);
        await _loop.FillAsync(Cancel);

        Assert.Equal(10, _window.Room);
        Assert.Empty(_queue.Settled);
        await UntilAsync(() => _queue.Settled.Count > 0);
        await StopAsync();
        Assert.Single(_queue.Settled);
    }

    [Fact]
    public async Task After_the_store_was_away_nothing_is_leased_before_all_nodes_could_write_their_results()
    {
        _queue.Failures = 3;
        _queue.Waiting.Add(Deliveries.Message("a@client.test"));
        await StartAsync();
        await _loop.StartAsync(Cancel);
        await WaitForAsync(() => _queue.LeaseCalls.Count > 0);

        await UntilAsync(() => _queue.Settled.Count > 0);

        await _loop.StopAsync(Cancel);
        await StopAsync();
        var (calls, next) = (_queue.LeaseCalls, _queue.LeaseCalls.FindIndex(1, c => c.Limit > 0));
        Assert.Equal(0, calls[1].Limit);
        Assert.True(calls[next].At - calls[next - 1].At >= LeaseLoop.Grace, $"{calls[next].At - calls[next - 1].At}");
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
            Cancel.ThrowIfCancellationRequested();
        }
    }

    private void Put(LeasedMessage message)
    {
        Assert.True(_window.TryReserve(message.Content.Length));
        Assert.True(_window.Add(message));
    }

    private async Task StartAsync()
    {
        await _settler.StartAsync(Cancel);
        await _worker.StartAsync(Cancel);
    }

    private async Task StopAsync()
    {
        await _worker.StopAsync(Cancel);
        await _settler.StopAsync(Cancel);
    }

    private async Task SettledAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _queue.Settlements.WaitAsync(Cancel);
        }
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
            Cancel.ThrowIfCancellationRequested();
        }
    }
}
