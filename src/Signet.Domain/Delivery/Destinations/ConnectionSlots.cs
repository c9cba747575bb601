namespace Signet.Delivery.Destinations;

/// <summary>
/// Connections that several destinations share: all those of the node, or those of a receiver. They are given out in the order in which they
/// were asked for, and one that has nothing to do is given up when somebody wants it.
/// </summary>
internal sealed class ConnectionSlots(int count)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _wanting = [];
    private readonly List<TaskCompletionSource<bool>> _idle = [];
    private int _free = count;
    private int _wanted;

    /// <summary>Whether somebody waits for one.</summary>
    public bool IsWanted => Volatile.Read(ref _wanted) > 0;

    /// <summary>Takes a slot, when there is one.</summary>
    public async Task TakeAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource> turn;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }

            turn = _wanting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            _wanted = _wanting.Count;
            DismissIdle();
        }

        await using var registration = cancel.UnsafeRegister(_ => turn.Value.TrySetCanceled(cancel), null);
        try
        {
            await turn.Value.Task;
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (turn.List is not null)
                {
                    _wanting.Remove(turn);
                    _wanted = _wanting.Count;
                }
            }

            throw;
        }
    }

    public void Release()
    {
        lock (_lock)
        {
            while (_wanting.First is { } first)
            {
                _wanting.RemoveFirst();
                _wanted = _wanting.Count;
                if (first.Value.TrySetResult())
                {
                    return;
                }
            }

            _free++;
        }
    }

    /// <summary>
    /// The holder of a slot has nothing to do: <paramref name="idle"/> ends with false when another wants the slot, unless it has ended before.
    /// </summary>
    public void Offer(TaskCompletionSource<bool> idle)
    {
        lock (_lock)
        {
            _idle.Add(idle);
            if (_wanting.Count > 0)
            {
                DismissIdle();
            }
        }
    }

    /// <summary>Ends what <see cref="Offer"/> began.</summary>
    public void TakeBack(TaskCompletionSource<bool> idle)
    {
        lock (_lock)
        {
            _idle.Remove(idle);
        }
    }

    private void DismissIdle()
    {
        while (_idle.Count > 0)
        {
            var idle = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            if (idle.TrySetResult(false))
            {
                return;
            }
        }
    }
}
