using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Signet.Delivery;
using Signet.Queue;
using Signet.Tests.Fakes;

namespace Signet.Tests.Delivery;

public sealed class HeartbeatTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordingNodes _nodes = new();
    private readonly AliveNodes _alive = new();
    private readonly Heartbeat _heartbeat;
    private int _lost;

    public HeartbeatTests() =>
        _heartbeat = new Heartbeat(_nodes, new Node("n1", TimeSpan.FromSeconds(30)), _alive, () => _lost++, _time, NullLogger<Heartbeat>.Instance);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _heartbeat.Dispose();

    [Fact]
    public async Task A_sign_of_life_brings_the_number_of_nodes_which_stays_while_the_store_is_away()
    {
        Assert.Equal(1, _alive.Count);

        _nodes.Alive = 3;
        await _heartbeat.TryBeatAsync(Cancel);
        Assert.Equal(3, _alive.Count);

        _nodes.Failure = new StoreUnavailableException("away");
        await _heartbeat.TryBeatAsync(Cancel);
        Assert.Equal(3, _alive.Count);
    }

    [Fact]
    public async Task A_node_is_alive_until_the_store_has_not_heard_of_it_for_a_life()
    {
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(await _heartbeat.TryBeatAsync(Cancel));
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.True(_heartbeat.IsAlive);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_heartbeat.IsAlive);
        Assert.True(await _heartbeat.TryBeatAsync(Cancel));
        Assert.True(_heartbeat.IsAlive);
        Assert.Equal(0, _lost);
    }

    [Fact]
    public async Task A_sign_of_life_counts_from_before_it_was_sent()
    {
        _nodes.Beating = () => _time.Advance(TimeSpan.FromSeconds(10));

        await _heartbeat.TryBeatAsync(Cancel);
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.False(_heartbeat.IsAlive);
    }

    [Fact]
    public async Task A_node_that_was_taken_for_dead_forgets_what_it_had_before_it_counts_as_alive()
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        _nodes.IsKnown = false;
        _nodes.Beating = () => Assert.False(_heartbeat.IsAlive);

        await _heartbeat.TryBeatAsync(Cancel);

        Assert.Equal(1, _lost);
        Assert.True(_heartbeat.IsAlive);
    }

    [Fact]
    public async Task Nobody_is_called_dead_right_after_the_store_was_away()
    {
        await _heartbeat.TryBeatAsync(Cancel);
        Assert.Equal(0, _nodes.FreedDead);
        await _heartbeat.TryBeatAsync(Cancel);
        Assert.Equal(1, _nodes.FreedDead);

        _nodes.Failure = new StoreUnavailableException("the disk is full");
        Assert.False(await _heartbeat.TryBeatAsync(Cancel));
        _nodes.Failure = null;
        await _heartbeat.TryBeatAsync(Cancel);

        Assert.Equal(1, _nodes.FreedDead);
        await _heartbeat.TryBeatAsync(Cancel);
        Assert.Equal(2, _nodes.FreedDead);
    }

    [Fact]
    public async Task A_node_that_stops_leaves_and_beats_no_more()
    {
        await _heartbeat.StartAsync(Cancel);
        await Eventually.TrueAsync(() => _nodes.Beats > 1, () => _time.Advance(TimeSpan.FromSeconds(1)));

        await _heartbeat.StopAsync(Cancel);
        var beats = _nodes.Beats;
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["n1"], _nodes.Left);
        Assert.Equal(beats, _nodes.Beats);
    }
}
