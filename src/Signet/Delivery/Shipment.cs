using Signet.Messages;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>A message that is in memory until its last shipment is done. Its content is prepared once, when the first leaves.</summary>
internal sealed class MessageInMemory(
    LeasedMessage message, Func<LeasedMessage, CancellationToken, Task<ReadOnlyMemory<byte>>> prepare, DeliveryWindow window)
{
    private readonly Lock _lock = new();
    private Task<ReadOnlyMemory<byte>>? _content;
    private Task<(ReadOnlyMemory<byte>, SevenBitProblem)>? _sevenBit;
    private int _shipments = 1;

    public LeasedMessage Message => message;

    /// <summary>The bytes to send.</summary>
    public Task<ReadOnlyMemory<byte>> ContentAsync(CancellationToken cancel)
    {
        lock (_lock)
        {
            return _content ??= prepare(message, cancel);
        }
    }

    /// <summary>
    /// The bytes for a server without 8BITMIME, converted before they are signed (RFC 6376 §5.3); or why there are none.
    /// </summary>
    public Task<(ReadOnlyMemory<byte> Content, SevenBitProblem Problem)> SevenBitContentAsync(CancellationToken cancel)
    {
        lock (_lock)
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
            window.Done(message.Content.Length);
        }
    }

    private async Task<(ReadOnlyMemory<byte>, SevenBitProblem)> ConvertAsync(CancellationToken cancel)
    {
        var problem = SevenBitMessage.Convert(message.Content, out var converted);
        return problem == SevenBitProblem.None
            ? (await prepare(message with { Content = converted }, cancel), problem)
            : (default, problem);
    }
}

/// <summary>The recipients of one message at one next hop: one transaction.</summary>
/// <param name="Parent">The message.</param>
/// <param name="Deliveries">At least one.</param>
/// <param name="AddedAt">When it began to wait.</param>
internal sealed record Shipment(MessageInMemory Parent, IReadOnlyList<LeasedDelivery> Deliveries, DateTimeOffset AddedAt)
{
    public LeasedMessage Message => Parent.Message;

    /// <summary>When its leases were made or renewed.</summary>
    public DateTimeOffset LeasedAt { get; set; } = AddedAt;

    public IEnumerable<DeliveryKey> Keys => Deliveries.Select(d => new DeliveryKey(Message.Id, d.Ordinal));

    public bool Equals(Shipment? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
