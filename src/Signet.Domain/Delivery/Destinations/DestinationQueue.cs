namespace Signet.Delivery.Destinations;

/// <summary>What came of a batch that was handed to a destination.</summary>
internal enum Added
{
    /// <summary>It waits for a connection that is there.</summary>
    Waits,

    /// <summary>It waits, and the caller starts a connection.</summary>
    NeedsConnection,

    /// <summary>The destination is left alone: the batch was not taken.</summary>
    BacksOff,

    /// <summary>The destination was forgotten: the batch was not taken, and another queue must be made.</summary>
    Forgotten,
}

/// <summary>
/// The batches that wait for one destination, and how many connections serve them. What is known of the destination decides that; see
/// <see cref="DestinationState"/>.
/// </summary>
internal sealed class DestinationQueue(Destination destination, ReceiverShare? share, DestinationContext context)
{
    /// <summary>So often a message goes back to the front because a connection was refused; then its attempt counts.</summary>
    private const int MaxPutBacks = 3;

    /// <summary>Batches for one connection as long as the rate was not measured.</summary>
    private const int RoomPerConnection = 20;

    private const int MaxRoomPerConnection = 100;
    private static readonly TimeSpan RoomTime = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly BatchLine _waiting = new();
    private readonly List<TaskCompletionSource<bool>> _idle = [];
    private readonly PacedRate? _rate = share is null ? PacedRate.Of(destination.MessagesPerSecond, context.Time) : share.Rate;
    private int _connections;
    private int _open;
    private int _opening;
    private bool _isForgotten;

    public Destination Destination => destination;

    /// <summary>The time, as a timestamp.</summary>
    public long Now => context.Time.GetTimestamp();

    /// <summary>Connections that it shares with other destinations of its receiver; null for none.</summary>
    public ConnectionSlots? Shared => share?.Slots;

    /// <summary>What is known of it.</summary>
    public DestinationState State { get; } = new(destination, context);

    /// <summary>Batches waiting, and for how long the first of them has.</summary>
    public (int Count, TimeSpan Longest) Waiting
    {
        get
        {
            lock (_lock)
            {
                return (_waiting.Count, _waiting.Oldest is { } first ? context.Time.GetUtcNow() - first : TimeSpan.Zero);
            }
        }
    }

    /// <summary>How many more batches it can use soon: a few seconds' worth. Negative when more wait.</summary>
    public int Room
    {
        get
        {
            lock (_lock)
            {
                if (!State.MayConnect)
                {
                    return -_waiting.Count;
                }

                var size = State.Window;
                var most = State.PerSecond is { } rate
                    ? Math.Max(RoomPerConnection, Math.Min(size * MaxRoomPerConnection, (int)Math.Min(rate * RoomTime.TotalSeconds, int.MaxValue)))
                    : size * RoomPerConnection;
                return most - _waiting.Count;
            }
        }
    }

    /// <summary>Puts a batch in the line.</summary>
    public Added Add(DeliveryBatch batch)
    {
        lock (_lock)
        {
            if (_isForgotten)
            {
                return Added.Forgotten;
            }

            if (!State.MayConnect)
            {
                return Added.BacksOff;
            }

            _waiting.Enqueue(batch);
            CountBusy(before: _waiting.Count - 1);
            return NeedsConnection() ? Added.NeedsConnection : Added.Waits;
        }
    }

    /// <summary>There is room for large contents again; true when a connection must be started for one.</summary>
    public bool Wake()
    {
        lock (_lock)
        {
            return _waiting.HasLarge && NeedsConnection();
        }
    }

    /// <summary>True when there is work for one connection more, which the caller then starts.</summary>
    public bool TryGrow()
    {
        lock (_lock)
        {
            if (_waiting.Count <= _idle.Count || _connections >= State.Allowed)
            {
                return false;
            }

            _connections++;
            return true;
        }
    }

    /// <summary>
    /// The next batch. Null when none may go now: then, with <paramref name="mayWait"/>, <paramref name="idle"/> ends with true when it is worth
    /// asking again; or the rate lets one go after <paramref name="pause"/>; or the connection has left.
    /// </summary>
    public DeliveryBatch? Take(bool mayWait, out TaskCompletionSource<bool>? idle, out TimeSpan pause)
    {
        lock (_lock)
        {
            (idle, pause) = (null, TimeSpan.Zero);
            if (_connections > Math.Max(1, State.Allowed))
            {
                _connections--;
                if (_waiting.Count > 0)
                {
                    WakeIdle();
                }

                return null;
            }

            if (_waiting.Count > 0)
            {
                if (_rate is not null && !_rate.TryTake(out pause))
                {
                    return null;
                }

                if (_waiting.TryDequeue(out var batch))
                {
                    CountBusy(before: _waiting.Count + 1);
                    return batch;
                }

                _rate?.GiveBack();
            }

            if (mayWait)
            {
                idle = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                _idle.Add(idle);
            }
            else
            {
                _connections--;
            }

            return null;
        }
    }

    /// <summary>A connection that was idle is so no more.</summary>
    public void StopWaiting(TaskCompletionSource<bool> idle)
    {
        lock (_lock)
        {
            _idle.Remove(idle);
        }
    }

    /// <summary>A connection leaves although there may be work; true when the work needs another one to be started in its place.</summary>
    public bool Leave()
    {
        lock (_lock)
        {
            _connections--;
            if (_waiting.Count == 0 || _connections > 0)
            {
                return false;
            }

            _connections++;
            return true;
        }
    }

    /// <summary>A connection is being opened, until <see cref="EndOpening"/>.</summary>
    public void BeginOpening() => Interlocked.Increment(ref _opening);

    public void EndOpening() => Interlocked.Decrement(ref _opening);

    /// <summary>The destination let a connection in.</summary>
    public void Opened()
    {
        lock (_lock)
        {
            State.LetIn(++_open);
        }
    }

    /// <summary>A connection that was let in is closed.</summary>
    public void Closed()
    {
        lock (_lock)
        {
            _open--;
        }
    }

    /// <summary>A batch went, or its answer was its own.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            State.Succeeded(_connections - _idle.Count);
        }
    }

    /// <summary>
    /// Puts a batch that a connection was refused for back to the front, if other connections will send it. False when the attempt counts.
    /// </summary>
    /// <param name="batch">Which.</param>
    /// <param name="left">Those of its deliveries that have no result.</param>
    /// <param name="own">Whether the caller has a connection that was let in.</param>
    /// <param name="saidWhy">Whether the destination said that there are too many: then those that it is about to let in count as well.</param>
    public bool TryPutBack(DeliveryBatch batch, IReadOnlyList<Queue.ClaimedDelivery> left, bool own, bool saidWhy)
    {
        lock (_lock)
        {
            var others = _open - (own ? 1 : 0);
            others = others == 0 && saidWhy ? Math.Min(1, Volatile.Read(ref _opening)) : others;
            if (others <= 0 || batch.PutBacks >= MaxPutBacks)
            {
                return false;
            }

            State.Limited(others);
            batch.PutBack(left);
            _waiting.PutBack(batch);
            CountBusy(before: _waiting.Count - 1);

            // One that is idle takes it; the others look when they are done.
            WakeIdle();
            return true;
        }
    }

    /// <summary>
    /// No host let us in, and the message was not put back. True when the destination is left alone from now on, with what waited: it is not to
    /// spend attempts on that.
    /// </summary>
    /// <param name="verdict">What that meant.</param>
    /// <param name="saidWhy">Whether it said that there are too many connections, so that somebody answers there.</param>
    /// <param name="waited">Is given back to the store by the caller.</param>
    public bool NotLetIn(Verdict verdict, bool saidWhy, out List<DeliveryBatch> waited)
    {
        lock (_lock)
        {
            waited = [];
            if (_open > 0)
            {
                // It serves others.
                State.Limited(_open);
                return false;
            }

            if (!State.NotLetIn(verdict, saidWhy))
            {
                return false;
            }

            if (_waiting.Count > 0)
            {
                context.CountBusy(-1);
                waited = _waiting.Drain();
            }

            return true;
        }
    }

    /// <summary>Forgets it, if there is nothing to remember.</summary>
    /// <param name="isCrowded">What is not of much use is not kept.</param>
    public bool TryForget(bool isCrowded)
    {
        lock (_lock)
        {
            return _isForgotten = _connections == 0 && _waiting.Count == 0 && State.IsForgettable(isCrowded);
        }
    }

    // One that is idle takes the work.
    private bool NeedsConnection()
    {
        if (WakeIdle() || _connections >= State.Allowed)
        {
            return false;
        }

        _connections++;
        return true;
    }

    private bool WakeIdle()
    {
        while (_idle.Count > 0)
        {
            var idle = _idle[^1];
            _idle.RemoveAt(_idle.Count - 1);
            if (idle.TrySetResult(true))
            {
                return true;
            }
        }

        return false;
    }

    private void CountBusy(int before)
    {
        if ((before == 0) != (_waiting.Count == 0))
        {
            context.CountBusy(before == 0 ? 1 : -1);
        }
    }
}
