using System.Text;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// A message that is in memory until its last shipment is done. Its content is prepared once, when the first leaves; a large one is
/// here only while a shipment is on its way, and read and prepared again for those that leave later.
/// </summary>
internal sealed class MessageInMemory(LeasedMessage message, DeliveryOptions options, ContentBudget budget, DeliveryWindow window)
{
    private readonly Lock _lock = new();
    private readonly Lock _preparing = new();
    private LeasedMessage _message = message;
    private ContentBuffer? _buffer;
    private Task<ReadOnlyMemory<byte>>? _content;
    private Task<(ReadOnlyMemory<byte>, SevenBitProblem)>? _sevenBit;
    private int _shipments = 1;
    private int _open;

    public LeasedMessage Message => _message;

    /// <summary>Whose share of the memory for large contents it takes; mail of the server itself takes a share of its own.</summary>
    public AccountId Account => _message.Owner?.Account ?? default;

    /// <summary>True when the content does not wait in memory.</summary>
    public bool IsLarge => _message.Size > DeliveryWindow.MaxCarried;

    /// <summary>Makes room for the content of a shipment that is to leave; false when other contents have it.</summary>
    public bool TryOpen()
    {
        lock (_lock)
        {
            if (IsLarge && _open == 0 && !budget.TryTake(Account, _message.Size))
            {
                return false;
            }

            _open++;
            return true;
        }
    }

    /// <summary>Ends what <see cref="TryOpen"/> began. True when that made room for other contents.</summary>
    public bool Close()
    {
        lock (_lock)
        {
            if (--_open > 0 || !IsLarge)
            {
                return false;
            }

            _buffer?.Dispose();
            (_buffer, _content, _sevenBit) = (null, null, null);
            budget.GiveBack(Account, _message.Size);
            return true;
        }
    }

    /// <summary>The bytes to send, while it is open.</summary>
    public Task<ReadOnlyMemory<byte>> ContentAsync(CancellationToken cancel)
    {
        // Not the other lock: those that open it must not wait until it is signed.
        lock (_preparing)
        {
            return _content ??= PrepareAsync(cancel);
        }
    }

    /// <summary>
    /// The bytes for a server without 8BITMIME, converted before they are signed (RFC 6376 §5.3); or why there are none.
    /// </summary>
    public Task<(ReadOnlyMemory<byte> Content, SevenBitProblem Problem)> SevenBitContentAsync(CancellationToken cancel)
    {
        lock (_preparing)
        {
            return _sevenBit ??= ConvertAsync(cancel);
        }
    }

    /// <summary>One more that must be done before the message leaves memory.</summary>
    public void Hold() => Interlocked.Increment(ref _shipments);

    public void Done()
    {
        if (Interlocked.Decrement(ref _shipments) == 0)
        {
            window.Done();
        }
    }

    private async Task<ReadOnlyMemory<byte>> PrepareAsync(CancellationToken cancel)
    {
        var stored = await StoredAsync(cancel);
        var fields = await options.Sign(_message with { Content = stored }, cancel);
        if (_buffer is { } buffer)
        {
            return buffer.Under(fields);
        }

        // One of the two copies is enough, unless the content may have to be converted for a server without 8BITMIME.
        if (Ascii.IsValid(stored.Span))
        {
            _message = _message with { Content = ReadOnlyMemory<byte>.Empty };
        }

        return Join(fields, stored);
    }

    private async Task<(ReadOnlyMemory<byte>, SevenBitProblem)> ConvertAsync(CancellationToken cancel)
    {
        var problem = SevenBitMessage.Convert(await StoredAsync(cancel), out var converted);
        return problem == SevenBitProblem.None
            ? (Join(await options.Sign(_message with { Content = converted }, cancel), converted), problem)
            : (default, problem);
    }

    private static ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> fields, ReadOnlyMemory<byte> content) =>
        fields.IsEmpty ? content : (byte[])[.. fields.Span, .. content.Span];

    private async Task<ReadOnlyMemory<byte>> StoredAsync(CancellationToken cancel)
    {
        if (_message.Content is { IsEmpty: false } content)
        {
            return content;
        }

        if (_buffer is { } read)
        {
            return read.Content;
        }

        var buffer = new ContentBuffer(_message.Size, budget);
        try
        {
            if (await options.ReadContent(_message.Id, buffer.Content, cancel))
            {
                return (_buffer = buffer).Content;
            }
        }
        catch
        {
            buffer.Dispose();
            throw;
        }

        buffer.Dispose();
        throw new InvalidDataException("the content is not in the store");
    }
}

/// <summary>The recipients of one message at one next hop: one transaction.</summary>
/// <param name="Parent">The message.</param>
/// <param name="Deliveries">At least one, unless they were withdrawn.</param>
/// <param name="AddedAt">When it began to wait.</param>
internal sealed record Shipment(MessageInMemory Parent, IReadOnlyList<LeasedDelivery> Deliveries, DateTimeOffset AddedAt)
{
    private readonly Lock _lock = new();
    private bool _begun;

    /// <summary>Those to attempt; none is withdrawn any more once <see cref="TryBegin"/> was called.</summary>
    public IReadOnlyList<LeasedDelivery> Deliveries { get; set; } = Deliveries;

    public LeasedMessage Message => Parent.Message;

    /// <summary>When its leases were made or renewed.</summary>
    public DateTimeOffset LeasedAt { get; set; } = AddedAt;

    public IEnumerable<DeliveryKey> Keys => Deliveries.Select(KeyOf);

    /// <summary>The attempt begins now; false when nothing is left to attempt.</summary>
    public bool TryBegin()
    {
        lock (_lock)
        {
            _begun = true;
            return Deliveries.Count > 0;
        }
    }

    /// <summary>Takes deliveries out, unless the attempt has begun: they are surely not attempted. Returns which.</summary>
    public IReadOnlyList<DeliveryKey> Withdraw(IReadOnlySet<DeliveryKey> keys)
    {
        lock (_lock)
        {
            if (_begun)
            {
                return [];
            }

            DeliveryKey[] withdrawn = [.. Keys.Where(keys.Contains)];
            if (withdrawn.Length > 0)
            {
                Deliveries = [.. Deliveries.Where(d => !keys.Contains(KeyOf(d)))];
            }

            return withdrawn;
        }
    }

    public bool Equals(Shipment? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private DeliveryKey KeyOf(LeasedDelivery delivery) => new(Message.Id, delivery.Ordinal);
}
