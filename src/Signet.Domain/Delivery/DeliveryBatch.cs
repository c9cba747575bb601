using Signet.Delivery.Tls;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>
/// A message that is in memory until its last batch is done. Its content is prepared once, when the first leaves; a large one is
/// here only while a batch is on its way, and read and prepared again for those that leave later.
/// </summary>
internal sealed class ActiveMessage(
    ClaimedMessage message, DeliveryOptions options, ContentBudget budget, ActiveQueue active, Claims claims)
{
    private readonly Lock _lock = new();
    private readonly Lock _preparing = new();
    private ContentBuffer? _buffer;
    private Task<MailData>? _content;
    private Task<(MailData?, SevenBitProblem)>? _sevenBit;
    private int _batches = 1;
    private int _open;

    public ClaimedMessage Message => message;

    /// <summary>Whose share of the memory for large contents it takes; mail of the server itself takes a share of its own.</summary>
    public AccountId Account => message.Owner?.Account ?? default;

    /// <summary>Whether attempts may begin; deliveries that may not be attempted go back to the store.</summary>
    public bool MayBegin => options.MayBegin();

    /// <summary>True when the content does not wait in memory.</summary>
    public bool IsLarge => message.Content.IsEmpty;

    /// <summary>Makes room for the content of a batch that is to leave; false when other contents have it.</summary>
    public bool TryOpen()
    {
        lock (_lock)
        {
            if (IsLarge && _open == 0 && !budget.TryTake(Account, message.Size))
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
            budget.GiveBack(Account, message.Size);
            return true;
        }
    }

    /// <summary>The bytes to send, while it is open.</summary>
    public Task<MailData> ContentAsync(CancellationToken cancel)
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
    public Task<(MailData? Data, SevenBitProblem Problem)> SevenBitContentAsync(CancellationToken cancel)
    {
        lock (_preparing)
        {
            return _sevenBit ??= ConvertAsync(cancel);
        }
    }

    /// <summary>Gives deliveries back to the store, for any node.</summary>
    public void GiveBack(IEnumerable<DeliveryKey> deliveries) => claims.GiveBack(deliveries, message.AcceptedAt);

    /// <summary>One more that must be done before the message leaves memory.</summary>
    public void Hold() => Interlocked.Increment(ref _batches);

    public void Done()
    {
        if (Interlocked.Decrement(ref _batches) == 0)
        {
            active.Done(message);
        }
    }

    private async Task<MailData> PrepareAsync(CancellationToken cancel)
    {
        var stored = await StoredAsync(cancel);
        return await SignAsync(stored, message.Layout ?? MessageLayout.Of(stored), cancel);
    }

    private async Task<(MailData?, SevenBitProblem)> ConvertAsync(CancellationToken cancel)
    {
        var problem = SevenBitMessage.Convert(await StoredAsync(cancel), out var converted);
        return (problem == SevenBitProblem.None ? await SignAsync(converted, MessageLayout.Of(converted), cancel) : null, problem);
    }

    private async Task<MailData> SignAsync(ReadOnlyMemory<byte> content, MessageLayout layout, CancellationToken cancel) =>
        new(await options.Sign(message with { Content = content, Layout = layout }, cancel), content, layout.IsEightBit);

    private async Task<ReadOnlyMemory<byte>> StoredAsync(CancellationToken cancel)
    {
        if (!IsLarge)
        {
            return message.Content;
        }

        if (_buffer is { } read)
        {
            return read.Content;
        }

        var buffer = new ContentBuffer(message.Size, budget);
        try
        {
            if (await options.ReadContent(message.Id, buffer.Content, cancel))
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
/// <param name="Hop">Where to.</param>
/// <param name="Deliveries">At least one, unless they were withdrawn.</param>
/// <param name="AddedAt">When it began to wait.</param>
internal sealed record DeliveryBatch(ActiveMessage Parent, NextHop Hop, IReadOnlyList<ClaimedDelivery> Deliveries, DateTimeOffset AddedAt)
{
    private readonly Lock _lock = new();
    private bool _begun;

    /// <summary>Those to attempt; none is withdrawn any more once <see cref="TryBegin"/> was called.</summary>
    public IReadOnlyList<ClaimedDelivery> Deliveries { get; set; } = Deliveries;

    public ClaimedMessage Message => Parent.Message;

    /// <summary>The hosts of its own domain in the order of their preference; none yet, or a smarthost's, which are looked up when they are needed.</summary>
    public IReadOnlyList<HostAddress> Hosts { get; set; } = [];

    /// <summary>What TLS must be at those hosts; of a smarthost, the smarthost says.</summary>
    public TlsPolicy Tls { get; set; } = TlsPolicy.Default;

    /// <summary>How often it went back because a connection was refused.</summary>
    public int PutBacks { get; private set; }

    public IEnumerable<DeliveryKey> Keys => Deliveries.Select(KeyOf);

    /// <summary>The attempt begins now; false when nothing is left to attempt, or this node may have lost it to another.</summary>
    public bool TryBegin()
    {
        lock (_lock)
        {
            _begun = true;
            if (!Parent.MayBegin)
            {
                Parent.GiveBack(Keys);
                Deliveries = [];
            }

            return Deliveries.Count > 0;
        }
    }

    /// <summary>The attempt ended before it told anything of these deliveries: they wait again.</summary>
    public void PutBack(IReadOnlyList<ClaimedDelivery> left)
    {
        lock (_lock)
        {
            (Deliveries, _begun) = (left, false);
            PutBacks++;
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

    public bool Equals(DeliveryBatch? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private DeliveryKey KeyOf(ClaimedDelivery delivery) => new(Message.Id, delivery.Ordinal);
}
