using System.Runtime.InteropServices;
using System.Threading.Channels;
using Signet.Addresses;
using Signet.Names;

namespace Signet.Queue;

/// <summary>
/// The part of the queue that is in memory: messages claimed by this node, on their way to its delivery workers. A message that
/// was just committed comes here without being read back; what does not fit waits in the store. Bounded in messages, however long the
/// queue is, and in bytes: of large contents only some are kept here.
/// </summary>
public sealed class ActiveQueue(int maxMessages)
{
    /// <summary>Bytes of a content that always waits in memory.</summary>
    public const int MaxSmall = 32 * 1024;

    /// <summary>Bytes of larger contents that wait in memory, in all. Beyond that they are read from the store when their turn comes.</summary>
    public const long MaxLarge = 32L * 1024 * 1024;

    /// <summary>Messages of one account to one domain that go first. More of them are no longer few, and wait like all others.</summary>
    private const int MaxUrgent = 10;

    private readonly Channel<ClaimedMessage> _messages = Channel.CreateUnbounded<ClaimedMessage>();
    private readonly Lock _lock = new();
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<(AccountId Account, DomainName Domain), int> _urgent = [];
    private int _reserved;
    private long _large;

    /// <summary>
    /// How many more messages to a domain can leave soon; -1 when none is attempted for a while. What cannot leave waits in the store, and takes no
    /// room from the others.
    /// </summary>
    public Func<DomainName, int> RoomFor { get; set; } = _ => int.MaxValue;

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

    /// <summary>Ends when the active queue is not tight.</summary>
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
    /// Sets room aside for a message that is about to be stored; false when there is none, or when its destinations have enough to do. A message
    /// to one recipient of an account that has few such waiting goes first: the mail that somebody waits for does not wait for a campaign. Room
    /// that was reserved is given back by <see cref="Done"/> or, for a message that was not added, by <see cref="Forgo"/>.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="isUrgent">Whether it goes first (<see cref="ClaimedMessage.IsUrgent"/>).</param>
    public bool TryReserve(NewMessage message, out bool isUrgent)
    {
        isUrgent = false;
        var room = message.Recipients.Min(r => RoomFor(r.Domain));
        var (wantsTurn, isWelcome) = (message.Recipients.Count == 1 && room >= 0, room > 0);
        lock (_lock)
        {
            // The last eighth is for those that go first.
            if (_reserved >= maxMessages || (!wantsTurn && (!isWelcome || _reserved >= maxMessages - (maxMessages / 8))))
            {
                return false;
            }

            if (wantsTurn)
            {
                ref var urgent = ref CollectionsMarshal.GetValueRefOrAddDefault(_urgent, KeyOf(message), out _);
                isUrgent = urgent < MaxUrgent;
                if (!isUrgent && (!isWelcome || _reserved >= maxMessages - (maxMessages / 8)))
                {
                    return false;
                }

                urgent += isUrgent ? 1 : 0;
            }

            _reserved++;
            return true;
        }
    }

    /// <summary>Gives back the room of a message that was not stored.</summary>
    public void Forgo(NewMessage message, bool isUrgent)
    {
        lock (_lock)
        {
            Free(isUrgent ? KeyOf(message) : null);
        }
    }

    /// <summary>Sets room aside for a message that is claimed already, also when that overdraws the active queue.</summary>
    public void Reserve()
    {
        lock (_lock)
        {
            _reserved++;
        }
    }

    /// <summary>
    /// Hands a committed, claimed message with reserved room to the delivery workers, without its content when that is large and there is no
    /// room for it. False when they have stopped taking any.
    /// </summary>
    public bool Add(ClaimedMessage message)
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
    public IAsyncEnumerable<ClaimedMessage> ReadAllAsync(CancellationToken cancel) => _messages.Reader.ReadAllAsync(cancel);

    /// <summary>Gives back the room of a message.</summary>
    /// <param name="message">As it was read from here.</param>
    public void Done(ClaimedMessage message)
    {
        lock (_lock)
        {
            _large -= Held(message);
            Free(message.IsUrgent ? (message.Owner?.Account ?? default, message.Deliveries[0].Recipient.Domain) : null);
        }
    }

    private static (AccountId Account, DomainName Domain) KeyOf(NewMessage message) =>
        (message.Owner?.Account ?? default, message.Recipients[0].Domain);

    private void Free((AccountId Account, DomainName Domain)? urgent)
    {
        _reserved--;
        if (urgent is { } key && --CollectionsMarshal.GetValueRefOrAddDefault(_urgent, key, out _) <= 0)
        {
            _urgent.Remove(key);
        }

        if (!IsTightNow)
        {
            _room.TrySetResult();
        }
    }

    private static int Held(ClaimedMessage message) => message.Content.Length > MaxSmall ? message.Content.Length : 0;

    /// <summary>Takes no more; what is in the active queue can still be read.</summary>
    public void Close() => _messages.Writer.TryComplete();
}
