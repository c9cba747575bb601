using System.Threading.Channels;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>
/// Gathers what many callers write at once into groups, each written by one call: an engine that is reached over a network does a group in hardly
/// more time than a single item. Nothing waits to be gathered: a writer that is free takes whatever is there. A group that fails is split in halves
/// down to the items that fail, so that one of them fails alone.
/// </summary>
/// <typeparam name="TItem">What is written.</typeparam>
/// <typeparam name="TResult">What became of it.</typeparam>
internal sealed class GroupWriter<TItem, TResult> : IAsyncDisposable
{
    /// <summary>Items in one group at most.</summary>
    public const int MaxGroup = 256;

    /// <summary>Bytes of a group, but for its last item.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Items that wait at most; further callers wait for room.</summary>
    private const int MaxWaiting = 4096;

    private readonly Channel<Item> _waiting = Channel.CreateBounded<Item>(MaxWaiting);
    private readonly Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> _write;
    private readonly Func<TItem, int> _size;
    private readonly DatabaseOptions _options;
    private readonly Task _loops;

    /// <param name="writers">Groups at a time, from 1.</param>
    /// <param name="write">
    /// Writes a group whole or not at all, and answers a result for each item in its order. It may be called again with a part of a group that failed.
    /// </param>
    /// <param name="size">Bytes of an item.</param>
    /// <param name="options">How long callers wait.</param>
    public GroupWriter(
        int writers, Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> write, Func<TItem, int> size, DatabaseOptions options)
    {
        _write = write;
        _size = size;
        _options = options;
        _loops = Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(LoopAsync)));
    }

    /// <summary>Writes an item, together with others.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancel">Heeded until a writer has taken the item.</param>
    /// <exception cref="StoreUnavailableException">As for <see cref="Database.WriteAsync"/>.</exception>
    public async Task<TResult> WriteAsync(TItem item, CancellationToken cancel)
    {
        var waiting = new Item(item, cancel);
        try
        {
            return await _options.WaitAsync(_waiting.Writer.TryWrite(waiting) ? waiting.Answer : WaitForRoomAsync(waiting, cancel));
        }
        catch (StoreUnavailableException)
        {
            waiting.GiveUp();
            throw;
        }
    }

    /// <summary>Takes no more items, and ends when those that were handed in are answered.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loops;
    }

    private async Task<TResult> WaitForRoomAsync(Item item, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(_options.Patience, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            await _waiting.Writer.WriteAsync(item, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new StoreUnavailableException($"{MaxWaiting} writes wait already, and none of them ends");
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(Database), "the store is closed");
        }

        return await item.Answer;
    }

    private async Task LoopAsync()
    {
        List<Item> group = [];
        while (await _waiting.Reader.WaitToReadAsync())
        {
            long bytes = 0;
            while (group.Count < MaxGroup && bytes < MaxBytes && _waiting.Reader.TryRead(out var item))
            {
                if (item.TryBegin())
                {
                    group.Add(item);
                    bytes += _size(item.Value);
                }
            }

            if (group.Count > 0)
            {
                await WriteAsync(group.ToArray());
            }

            group.Clear();
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<Item> group)
    {
        try
        {
            var results = await _write([.. group.ToArray().Select(i => i.Value)]);
            for (var i = 0; i < group.Length; i++)
            {
                group.Span[i].Succeed(results[i]);
            }
        }
        catch (Exception e) when (e is StoreUnavailableException || group.Length == 1)
        {
            // The engine's failure is that of all; what else fails alone is its caller's to know.
            foreach (var item in group.ToArray())
            {
                item.Fail(e);
            }
        }
        catch (Exception)
        {
            await WriteAsync(group[..(group.Length / 2)]);
            await WriteAsync(group[(group.Length / 2)..]);
        }
    }

    private sealed class Item(TItem value, CancellationToken cancel)
    {
        private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _state;

        public TItem Value => value;

        public Task<TResult> Answer => _answer.Task;

        /// <summary>False when its caller has given up: it is not written.</summary>
        public bool TryBegin()
        {
            if (cancel.IsCancellationRequested)
            {
                _answer.TrySetCanceled(cancel);
                return false;
            }

            return Interlocked.CompareExchange(ref _state, 1, 0) == 0;
        }

        public void GiveUp() => Interlocked.CompareExchange(ref _state, 2, 0);

        public void Succeed(TResult result) => _answer.TrySetResult(result);

        public void Fail(Exception e) => _answer.TrySetException(e);
    }
}
