using Signet.Addresses;
using Signet.Events;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;

namespace Signet.Queue;

/// <summary>
/// The durable queue between acceptance and delivery. A delivery (one message to one recipient) is leased to a node for a
/// time; what a node that died had leased is leased again when that time is over. Every method that writes has written to stable
/// storage when its task ends; one that fails with <see cref="StoreUnavailableException"/> has written nothing, as far as is known.
/// </summary>
public interface IMessageQueue
{
    /// <summary>
    /// Stores the message, its deliveries (already leased to <paramref name="lease"/>'s node, or captured), its quota use and its
    /// events in one transaction. With a quota, nothing is stored when nothing is left of it.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="quota">Recipients allowed in the 24 hours before acceptance; null is unlimited.</param>
    /// <param name="lease">Who delivers it, and until when it may; null leaves the deliveries for any node.</param>
    /// <param name="cancel">Given up before the commit began: nothing is stored. Later it is not looked at.</param>
    Task<EnqueueResult> EnqueueAsync(NewMessage message, double? quota, Lease? lease, CancellationToken cancel);

    /// <summary>
    /// Leases deliveries that are due and not leased (or whose lease is over), those due longest first, grouped by message. Those that
    /// cannot be read are leased as well and listed apart, so that they hold up nothing else.
    /// </summary>
    /// <param name="lease">Who delivers them, and until when it may.</param>
    /// <param name="now">The time.</param>
    /// <param name="limit">How many deliveries.</param>
    /// <param name="cancel">Heeded until the first is leased.</param>
    Task<LeasedMessages> LeaseAsync(Lease lease, DateTimeOffset now, int limit, CancellationToken cancel);

    /// <summary>Reads the bytes of a message that was leased without them.</summary>
    /// <param name="id">The message.</param>
    /// <param name="into">Has the <see cref="LeasedMessage.Size"/> of the message.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>False when the store has no content, or one of another size.</returns>
    Task<bool> ReadContentAsync(MessageId id, Memory<byte> into, CancellationToken cancel);

    /// <summary>
    /// Stores results in one transaction, with the events they cause. A result whose delivery is no longer leased to
    /// <paramref name="node"/> is left out: another node has it. Returns how many were stored.
    /// </summary>
    Task<int> SettleAsync(string node, IReadOnlyList<Settlement> results, CancellationToken cancel);

    /// <summary>Leases for longer what is leased to the lease's node already. Returns those that are not, which the node must not deliver.</summary>
    Task<IReadOnlyList<DeliveryKey>> RenewAsync(Lease lease, IReadOnlyList<DeliveryKey> deliveries, CancellationToken cancel);

    /// <summary>
    /// Gives leases of a node back without an attempt: any node may lease these deliveries from <paramref name="until"/> on. Returns
    /// how many were given back.
    /// </summary>
    Task<int> PostponeAsync(string node, IReadOnlyList<DeliveryKey> deliveries, DateTimeOffset until, CancellationToken cancel);

    /// <summary>
    /// Gives back the leases of all nodes: for the start of a node that has the store to itself, so that what a killed predecessor had
    /// need not wait for the end of its leases. Returns how many.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="until">When the last lease made until now ends at the latest: so what waits longer need not be looked at.</param>
    /// <param name="cancel">Gives up before it begins.</param>
    Task<int> ReleaseAllAsync(DateTimeOffset now, DateTimeOffset until, CancellationToken cancel);

    /// <summary>Gives back all leases of a node that stops. Returns how many.</summary>
    Task<int> ReleaseAsync(string node, CancellationToken cancel);

    /// <summary>The states of deliveries that have not ended.</summary>
    static IReadOnlyList<DeliveryState> OpenStates { get; } = [DeliveryState.Queued, DeliveryState.Deferred, DeliveryState.Held];

    /// <summary>How many deliveries have not ended, for each of <see cref="OpenStates"/>.</summary>
    Task<IReadOnlyDictionary<DeliveryState, long>> CountAsync(CancellationToken cancel);
}

public enum EnqueueResult
{
    Stored,
    QuotaExceeded,
}

/// <summary>The right of one node to work on a delivery until a time.</summary>
public sealed record Lease(string Node, DateTimeOffset Until);

/// <summary>State of a delivery. The names are shown and are labels of a metric.</summary>
public enum DeliveryState
{
    /// <summary>Waiting for its first attempt, or being attempted.</summary>
    Queued,

    /// <summary>Waiting for another attempt.</summary>
    Deferred,

    /// <summary>Kept from being attempted by an operator.</summary>
    Held,

    /// <summary>Done.</summary>
    Delivered,

    /// <summary>Given up.</summary>
    Failed,
}

/// <summary>
/// A message with the deliveries of it that are leased together. Its content is empty when it does not wait in memory
/// (<see cref="DeliveryWindow"/>): it is read when its turn comes.
/// Without an owner it is <see cref="ServerMail"/>.
/// </summary>
public sealed record LeasedMessage(
    MessageId Id,
    AccountRegion? Owner,
    DateTimeOffset AcceptedAt,
    EmailAddress EnvelopeFrom,
    ReadOnlyMemory<byte> Content,
    IReadOnlyList<LeasedDelivery> Deliveries)
{
    /// <summary>Whose settings it is sent with; null for <see cref="ServerMail"/>.</summary>
    public SendingIdentity? Sender { get; init; }

    /// <summary>Bytes of its content, whether or not that is here.</summary>
    public int Size { get; init; } = Content.Length;

    /// <summary>Whether it goes before others of its account, as a password reset before a campaign.</summary>
    public bool IsUrgent { get; init; }

    /// <summary>The layout of the content; null where it has to be read from the content, as for a message of an older version.</summary>
    public MessageLayout? Layout { get; init; }

    /// <summary>A message that was just stored, as it would be read back, with the deliveries it needs.</summary>
    public static LeasedMessage Of(NewMessage message) =>
        new(message.Id, message.Owner, message.AcceptedAt, message.EnvelopeFrom, message.Content,
            [
                .. message.Recipients.Select((recipient, ordinal) => new LeasedDelivery(ordinal, recipient, 0))
                    .Where(d => !message.Captured.Any(c => c.Ordinal == d.Ordinal)),
            ])
        {
            Sender = SenderOf(message.Decision),
            Layout = message.Layout,
        };

    /// <summary>
    /// The identity that was found for From, which is also the one found for Source unless From is another address; null when none
    /// was needed.
    /// </summary>
    public static SendingIdentity? SenderOf(SendDecision decision)
    {
        var check = decision.Checks.FirstOrDefault(c => c.Role == AddressRole.From)
            ?? decision.Checks.FirstOrDefault(c => c.Role == AddressRole.Source);
        return check is not null && IdentityArn.TryParse(check.Identity, out var arn) && Mailbox.TryParse(check.Address, out var from, out _)
            ? new SendingIdentity(arn.Owner, from.Address)
            : null;
    }
}

/// <summary>One delivery.</summary>
/// <param name="Ordinal">Its place among the message's recipients, from 0; with the MessageId its key.</param>
/// <param name="Recipient">RCPT TO.</param>
/// <param name="Attempts">How many attempts ended before this one.</param>
public sealed record LeasedDelivery(int Ordinal, EmailAddress Recipient, int Attempts);

/// <summary>How an attempt ended.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Ordinal">Which of its deliveries.</param>
/// <param name="State">Delivered, Deferred or Failed.</param>
/// <param name="At">When the attempt ended.</param>
/// <param name="NextAttemptAt">Deferred: not before then.</param>
/// <param name="Result">What the other side or the route said, in one line.</param>
/// <param name="Event">The event to record with it; null for none.</param>
public sealed record Settlement(
    MessageId MessageId,
    int Ordinal,
    DeliveryState State,
    DateTimeOffset At,
    DateTimeOffset? NextAttemptAt,
    string Result,
    MessageEvent? Event)
{
    /// <summary>The attempt to keep a record of; null for none.</summary>
    public Attempt? Attempt { get; init; }

    /// <summary>How long after acceptance the attempt ended, for what is measured; null when nobody measures.</summary>
    public TimeSpan? SinceAccepted { get; init; }

    /// <summary>What <see cref="MailLog"/> says beyond this; null for a result without a line.</summary>
    public MailLine? Line { get; init; }
}
