namespace Signet.Server.Aws;

/// <summary>
/// The memory that the bodies of requests may take, all together, before it is known who sent them and until they are answered. A body
/// that is larger than <see cref="Unreserved"/> waits for room before it is read. No client and no access key gets more than half of
/// all room, so that neither a stranger who knows the id of a key nor one tenant keeps the others out.
/// </summary>
/// <param name="total">Bytes; see <see cref="TotalFor"/>.</param>
/// <param name="largest">Bytes of the largest body that is read.</param>
/// <param name="time">The clock of waits and of the pace of bodies.</param>
internal sealed class BodyBudget(long total, long largest, TimeProvider time)
{
    /// <summary>Bytes of a body that need no room set aside: about what a connection costs anyway.</summary>
    public const int Unreserved = 64 * 1024;

    /// <summary>How many requests wait for room at most; half of them for one client or one key. More are refused at once.</summary>
    public const int MaxWaiting = 256;

    /// <summary>How long a request waits for room.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const long MinTotal = 64L * 1024 * 1024;
    private const long MaxTotal = 256L * 1024 * 1024;
    private const int ShareOfMemory = 16;

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private readonly Dictionary<Holder, long> _held = [];
    private readonly long _share = Math.Max(total / 2, largest);
    private long _taken;

    /// <summary>Bytes that are set aside just now.</summary>
    public long Taken
    {
        get
        {
            lock (_gate)
            {
                return _taken;
            }
        }
    }

    /// <summary>How many requests wait for room.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>True while a request waits that has not used up its share: others take longer than is fair to it.</summary>
    public bool IsContended { get; private set; }

    public TimeProvider Time => time;

    /// <summary>A sixteenth of the memory, 64 to 256 MB; but room for two of the largest bodies, so that one leaves room for another.</summary>
    public static long TotalFor(long memory, long largest) =>
        Math.Max(Math.Clamp(memory / ShareOfMemory, MinTotal, MaxTotal), 2 * largest);

    /// <summary>The room of one request; nothing is set aside yet.</summary>
    /// <param name="client">Identifies the sender's network.</param>
    /// <param name="accessKeyId">Of the key that the request names.</param>
    public BodyRoom For(string client, string accessKeyId) => new(this, client, accessKeyId);

    /// <summary>Sets bytes aside, first come, first served.</summary>
    /// <exception cref="AwsException">ServiceUnavailable: there is no room within <see cref="Patience"/>.</exception>
    internal async Task TakeAsync(BodyRoom room, long bytes, CancellationToken cancel)
    {
        var waiter = new Waiter(room, bytes);
        lock (_gate)
        {
            _waiting.AddLast(waiter.Place);
            Grant();
            if (waiter.Granted.IsCompleted)
            {
                return;
            }

            if (_waiting.Count > MaxWaiting || IsCrowded(room))
            {
                _waiting.Remove(waiter.Place);
                Grant();
                throw new AwsException(AwsError.TooBusy());
            }
        }

        try
        {
            await waiter.Granted.WaitAsync(Patience, time, cancel);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            lock (_gate)
            {
                if (waiter.Granted.IsCompleted)
                {
                    // In the last moment. The room goes with the request.
                    return;
                }

                _waiting.Remove(waiter.Place);
                Grant();
            }

            throw exception is TimeoutException ? new AwsException(AwsError.TooBusy()) : exception;
        }
    }

    internal void Return(BodyRoom room, long bytes)
    {
        if (bytes == 0)
        {
            return;
        }

        lock (_gate)
        {
            Add(room, -bytes);
            Grant();
        }
    }

    // In order, so that small bodies do not keep a large one waiting for ever; only who has used up its share is passed over.
    private void Grant()
    {
        IsContended = false;
        for (var place = _waiting.First; place is not null;)
        {
            var (waiter, next) = (place.Value, place.Next);
            if (Holders(waiter.Room).All(h => _held.GetValueOrDefault(h) + waiter.Bytes <= _share))
            {
                if (_taken + waiter.Bytes > total)
                {
                    IsContended = true;
                    return;
                }

                Add(waiter.Room, waiter.Bytes);
                _waiting.Remove(place);
                waiter.Grant();
            }

            place = next;
        }
    }

    private void Add(BodyRoom room, long bytes)
    {
        room.Reserved += bytes;
        _taken += bytes;
        foreach (var holder in Holders(room))
        {
            var held = _held.GetValueOrDefault(holder) + bytes;
            if (held == 0)
            {
                _held.Remove(holder);
            }
            else
            {
                _held[holder] = held;
            }
        }
    }

    private bool IsCrowded(BodyRoom room) =>
        Holders(room).Any(h => _waiting.Count(w => Holders(w.Room).Contains(h)) > MaxWaiting / 2);

    private static Holder[] Holders(BodyRoom room) => [new(IsKey: false, room.Client), new(IsKey: true, room.AccessKeyId)];

    private readonly record struct Holder(bool IsKey, string Name);

    private sealed class Waiter
    {
        private readonly TaskCompletionSource _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Waiter(BodyRoom room, long bytes)
        {
            (Room, Bytes) = (room, bytes);
            Place = new LinkedListNode<Waiter>(this);
        }

        public BodyRoom Room { get; }

        public long Bytes { get; }

        public LinkedListNode<Waiter> Place { get; }

        public Task Granted => _granted.Task;

        public void Grant() => _granted.SetResult();
    }
}
