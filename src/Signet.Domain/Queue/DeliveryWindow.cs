using System.Threading.Channels;

namespace Signet.Queue;

/// <summary>
/// The part of the queue that is in memory: messages leased to this node, on their way to its delivery workers. What the door
/// has committed goes here without being read back; what does not fit waits in the store. Bounded in messages, however long the
/// queue is, and so in bytes: a large content is not kept here but read when its turn comes.
/// </summary>
public sealed class DeliveryWindow(int maxMessages)
{
    /// <summary>The largest content that waits in memory, in bytes.</summary>
    public const int MaxCarried = 32 * 1024;

    private readonly Channel<LeasedMessage> _messages = Channel.CreateUnbounded<LeasedMessage>();
    private readonly Lock _lock = new();
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reserved;

    /// <summary>Messages that fit in all.</summary>
    public int Capacity => maxMessages;

    /// <summary>True when less than a quarter of it is free.</summary>
    public bool IsTight
    {
        get
        {
            lock (_lock)
            {
                return IsTightNow;
            }
        }
    }

    private bool IsTightNow => _reserved > maxMessages / 4 * 3;

    /// <summary>Room left, in messages.</summary>
    public int Room
    {
        get
        {
            lock (_lock)
            {
                return maxMessages - _reserved;
            }
        }
    }

    /// <summary>Ends when the window is not tight.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_lock)
        {
            if (IsTightNow && _room.Task.IsCompleted)
            {
                _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return IsTightNow ? _room.Task : Task.CompletedTask;
        }
    }

    /// <summary>
    /// Sets room aside for a message; false when there is none. Room that was reserved is
    /// given back by <see cref="Done"/>, whether or not the message was added.
    /// </summary>
    public bool TryReserve()
    {
        lock (_lock)
        {
            if (_reserved >= maxMessages)
            {
                return false;
            }

            _reserved++;
            return true;
        }
    }

    /// <summary>Sets room aside for a message that is leased already, also when that overdraws the window.</summary>
    public void Reserve()
    {
        lock (_lock)
        {
            _reserved++;
        }
    }

    /// <summary>
    /// Hands a committed, leased message with reserved room to the delivery workers, without its content when that is large. False
    /// when they have stopped taking any.
    /// </summary>
    public bool Add(LeasedMessage message) =>
        _messages.Writer.TryWrite(message.Size > MaxCarried ? message with { Content = ReadOnlyMemory<byte>.Empty } : message);

    /// <summary>The messages to deliver, until <see cref="Close"/>; several workers may read.</summary>
    public IAsyncEnumerable<LeasedMessage> ReadAllAsync(CancellationToken cancel) => _messages.Reader.ReadAllAsync(cancel);

    /// <summary>Gives back the room of a message.</summary>
    public void Done()
    {
        lock (_lock)
        {
            _reserved--;
            if (!IsTightNow)
            {
                _room.TrySetResult();
            }
        }
    }

    /// <summary>Takes no more; what is in the window can still be read.</summary>
    public void Close() => _messages.Writer.TryComplete();
}
