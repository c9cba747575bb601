using Microsoft.Extensions.Time.Testing;
using Signet.Queue;
using Signet.Tests.Fakes;

namespace Signet.Tests.Queue;

public sealed class DutiesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingNodes _nodes = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_duty_is_asked_for_again_before_its_hold_is_over_and_rarely()
    {
        var duties = new Duties(_nodes, new Node("n1", TimeSpan.FromSeconds(30)), _time);

        for (var second = 0; second < 60; second++)
        {
            Assert.True(await duties.IsMineAsync(Duty.Retention, Cancel));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(6, _nodes.Asked.Count);
    }

    [Fact]
    public async Task A_duty_of_another_node_is_taken_over_soon_after_it_is_free()
    {
        var duties = new Duties(_nodes, new Node("n1", TimeSpan.FromSeconds(30)), _time);
        _nodes.GivesDuties = false;
        Assert.False(await duties.IsMineAsync(Duty.TrafficCounting, Cancel));
        _nodes.GivesDuties = true;

        Assert.False(await duties.IsMineAsync(Duty.TrafficCounting, Cancel));
        Assert.True(await duties.IsMineAsync(Duty.SearchIndexing, Cancel));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.True(await duties.IsMineAsync(Duty.TrafficCounting, Cancel));
    }

    [Fact]
    public async Task A_node_that_is_alone_has_every_duty() => Assert.All(
        await Task.WhenAll(Enum.GetValues<Duty>().Select(d => Duties.Alone.IsMineAsync(d, Cancel))), Assert.True);
}
