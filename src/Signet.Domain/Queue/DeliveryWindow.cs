using System.Threading.Channels;

namespace Signet.Queue;

/// <summary>
/// The part of the queue that is in memory: messages leased to this node, on their way to its delivery workers. A message that
/// was just committed comes here without being read back; what does not fit waits in the store. Bounded in messages, however long the
/// queue is, and in bytes: of large contents only some are kept here.
/// </summary>
public sealed class DeliveryWindow(int maxMessages)
{
    /// <summary>Bytes of a content that always waits in memory.</summary>
    public const int MaxSmall = 32 * 1024;

    /// <summary>Bytes of larger contents that wait in memory, in all. Beyond that they are read from the store when their turn comes.</summary>
    public const long MaxLarge = 32L * 1024 * 1024;

    private readonly Channel<LeasedMessage> _messages = Channel.CreateUnbounded<LeasedMessage>();
    private readonly Lock _lock = new();
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reserved;
    private long _large;

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
    /// Hands a committed, leased message with reserved room to the delivery workers, without its content when that is large and there is no
    /// room for it. False when they have stopped taking any.
    /// </summary>
    public bool Add(LeasedMessage message)
    {
        var held = Held(message);
        lock (_lock)
        {
            if (_large + held > MaxLarge)
            {
                (message, held) = (message with { Content = ReadOnlyMemory<byte>.Empty }, 0);
            }

            _large += held;
        }

        if (_messages.Writer.TryWrite(message))
        {
            return true;
        }

        lock (_lock)
        {
            _large -= held;
        }

        return false;
    }

    /// <summary>The messages to deliver, until <see cref="Close"/>; several workers may read.</summary>
    public IAsyncEnumerable<LeasedMessage> ReadAllAsync(CancellationToken cancel) => _messages.Reader.ReadAllAsync(cancel);

    /// <summary>Gives back the room of a message.</summary>
    /// <param name="message">As it was read from here; null when it was not added.</param>
    public void Done(LeasedMessage? message = null)
    {
        lock (_lock)
        {
            _reserved--;
            _large -= message is null ? 0 : Held(message);
            if (!IsTightNow)
            {
                _room.TrySetResult();
            }
        }
    }

    private static int Held(LeasedMessage message) => message.Content.Length > MaxSmall ? message.Content.Length : 0;

    /// <summary>Takes no more; what is in the window can still be read.</summary>
    public void Close() => _messages.Writer.TryComplete();
}
