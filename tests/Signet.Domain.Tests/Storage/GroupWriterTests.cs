using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Signet.Queue;
using Signet.Storage;

namespace Signet.Tests.Storage;

public sealed class GroupWriterTests
{
    private readonly ConcurrentQueue<int[]> _groups = [];
    private readonly TaskCompletionSource _begun = new();
    private readonly TaskCompletionSource _gate = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_item_alone_is_written_at_once()
    {
        await using var writer = Writer(1, group => Task.CompletedTask);

        Assert.Equal(-5, await writer.WriteAsync(5, Cancel));
        Assert.Equal([5], Assert.Single(_groups));
    }

    [Fact]
    public async Task What_gathers_while_a_group_is_written_is_the_next_group()
    {
        await using var writer = Writer(1, _ => AtGate());
        List<Task<int>> writes = [await BeginAsync(writer)];
        writes.AddRange(Enumerable.Range(1, GroupWriter<int, int>.MaxGroup + 3).Select(n => writer.WriteAsync(n, Cancel)));

        _gate.SetResult();

        Assert.Equal(writes.Select((_, n) => -n), await Task.WhenAll(writes));
        Assert.Equal([1, GroupWriter<int, int>.MaxGroup, 3], _groups.Select(g => g.Length));
    }

    [Fact]
    public async Task An_item_that_fails_fails_alone()
    {
        await using var writer = Writer(1, group => group.Contains(13) || group.Contains(40) ? throw new FormatException("unlucky") : AtGate());
        List<Task<int>> writes = [await BeginAsync(writer)];
        writes.AddRange(Enumerable.Range(1, 99).Select(n => writer.WriteAsync(n, Cancel)));

        _gate.SetResult();

        await Task.WhenAll(writes).ContinueWith(_ => { }, Cancel, TaskContinuationOptions.None, TaskScheduler.Default);
        Assert.Equal([13, 40], writes.Index().Where(w => w.Item.IsFaulted).Select(w => w.Index));
        await Assert.ThrowsAsync<FormatException>(() => writes[13]);
    }

    [Fact]
    public async Task A_failure_of_the_engine_is_that_of_the_whole_group_and_the_next_is_written()
    {
        var calls = 0;
        await using var writer = Writer(1, group => ++calls == 1 ? throw new StoreUnavailableException("away") : Task.CompletedTask);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => writer.WriteAsync(1, Cancel));
        Assert.Equal(-2, await writer.WriteAsync(2, Cancel));
    }

    [Fact]
    public async Task An_item_whose_caller_has_given_up_is_not_written()
    {
        await using var writer = Writer(1, _ => AtGate());
        using var gone = new CancellationTokenSource();
        var first = await BeginAsync(writer);
        var cancelled = writer.WriteAsync(1, gone.Token);
        var late = writer.WriteAsync(2, Cancel);
        await gone.CancelAsync();
        _time.Advance(DatabaseOptions.ServerPatience);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => late);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => first);

        _gate.SetResult();

        await Assert.ThrowsAnyAsync<Exception>(() => cancelled);
        Assert.Equal(-3, await writer.WriteAsync(3, Cancel));
        Assert.Equal([0, 3], _groups.SelectMany(g => g));
    }

    [Fact]
    public async Task A_group_is_bounded_in_bytes_as_well()
    {
        await using var writer = Writer(1, _ => AtGate());
        List<Task<int>> writes = [await BeginAsync(writer)];
        writes.AddRange(Enumerable.Range(0, 5).Select(_ => writer.WriteAsync(-GroupWriter<int, int>.MaxBytes / 2, Cancel)));

        _gate.SetResult();

        await Task.WhenAll(writes);
        Assert.Equal([1, 2, 2, 1], _groups.Select(g => g.Length));
    }

    [Fact]
    public async Task Several_writers_write_groups_side_by_side()
    {
        var both = new TaskCompletionSource();
        var begun = 0;
        await using var writer = Writer(2, group =>
        {
            if (Interlocked.Increment(ref begun) == 2)
            {
                both.SetResult();
            }

            return both.Task;
        });
        var first = writer.WriteAsync(1, Cancel);
        await Eventually.TrueAsync(() => begun == 1);

        var results = await Task.WhenAll(first, writer.WriteAsync(2, Cancel));
        Assert.Equal([-1, -2], results);
    }

    [Fact]
    public async Task Disposing_answers_what_was_handed_in()
    {
        var writer = Writer(2, group => Task.CompletedTask);
        var writes = Enumerable.Range(0, 1_000).Select(n => writer.WriteAsync(n, Cancel)).ToList();

        await writer.DisposeAsync();

        Assert.Equal(Enumerable.Range(0, 1_000).Select(n => -n), await Task.WhenAll(writes));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.WriteAsync(1, Cancel));
    }

    /// <summary>A group that is being written until the gate opens.</summary>
    private Task AtGate()
    {
        _begun.TrySetResult();
        return _gate.Task;
    }

    /// <summary>Hands in the item 0, whose group is being written when this ends; the task in the task is its answer.</summary>
    private async Task<Task<int>> BeginAsync(GroupWriter<int, int> writer)
    {
        var first = writer.WriteAsync(0, Cancel);
        await _begun.Task.InTimeAsync();
        return first;
    }

    private GroupWriter<int, int> Writer(int writers, Func<IReadOnlyList<int>, Task> write) => new(
        writers,
        async group =>
        {
            await write(group);
            _groups.Enqueue([.. group]);
            return [.. group.Select(n => -n)];
        },
        n => n < 0 ? -n : 1,
        new DatabaseOptions { Patience = DatabaseOptions.ServerPatience, Time = _time });
}
