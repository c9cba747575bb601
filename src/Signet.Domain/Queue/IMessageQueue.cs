using Signet.Addresses;
using Signet.Events;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;

namespace Signet.Queue;

/// <summary>
/// The durable queue between acceptance and delivery. A node claims deliveries (a delivery is one message to one recipient) and keeps them
/// until it gives them back, reports a result, or dies (<see cref="INodes"/>). Every method that writes has written to stable storage when its task
/// ends; one that fails with <see cref="StoreUnavailableException"/> has written nothing, as far as is known.
/// </summary>
public interface IMessageQueue
{
    /// <summary>
    /// Stores the message, its deliveries (claimed already by <paramref name="node"/>, captured, or held), its quota use and its events in one
    /// transaction. With a quota, nothing is stored when nothing is left of it.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="quota">Recipients allowed in the 24 hours before acceptance; null is unlimited.</param>
    /// <param name="node">The node that delivers it; null leaves the deliveries for any node.</param>
    /// <param name="cancel">Given up before the commit began: nothing is stored. Later it is not looked at.</param>
    Task<EnqueueResult> EnqueueAsync(NewMessage message, double? quota, string? node, CancellationToken cancel);

    /// <summary>
    /// Claims deliveries that are due and that nobody has claimed, grouped by message. Lanes, each a domain and an account, take turns; within a
    /// lane those due longest come first. Those that cannot be read are claimed as well and listed apart, so that they hold up nothing else.
    /// </summary>
    /// <param name="node">Who delivers them.</param>
    /// <param name="request">How many, of what.</param>
    /// <param name="cancel">Heeded until the first is claimed.</param>
    Task<ClaimedMessages> ClaimAsync(string node, ClaimRequest request, CancellationToken cancel);

    /// <summary>
    /// Domains with deliveries that nobody has claimed, due or not, of messages that were accepted by a time. Those with a target of their own are
    /// listed apart, as <see cref="ClaimRequest.Admit"/> gets them.
    /// </summary>
    Task<IReadOnlyList<string>> ListOverdueAsync(DateTimeOffset acceptedBy, CancellationToken cancel);

    /// <summary>Claims such deliveries of one domain.</summary>
    /// <param name="node">Who ends them.</param>
    /// <param name="domain">As it was listed.</param>
    /// <param name="acceptedBy">When their messages were accepted at the latest.</param>
    /// <param name="limit">How many deliveries.</param>
    /// <param name="cancel">Heeded until the first is claimed.</param>
    Task<ClaimedMessages> ClaimOverdueAsync(string node, string domain, DateTimeOffset acceptedBy, int limit, CancellationToken cancel);

    /// <summary>Reads the bytes of a message that was claimed without them.</summary>
    /// <param name="id">The message.</param>
    /// <param name="into">Has the <see cref="ClaimedMessage.Size"/> of the message.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>False when the store has no content, or one of another size.</returns>
    Task<bool> ReadContentAsync(MessageId id, Memory<byte> into, CancellationToken cancel);

    /// <summary>
    /// Stores results in one transaction, with the events they cause. A result is left out when another node has claimed the delivery since, or
    /// the attempt has a result already. One whose claim was freed counts as long as nobody else has claimed the delivery. Returns how many were
    /// stored.
    /// </summary>
    Task<int> StoreResultsAsync(string node, IReadOnlyList<DeliveryResult> results, CancellationToken cancel);

    /// <summary>
    /// Gives claims of a node back without an attempt: any node may claim these deliveries from <paramref name="until"/> on. Returns how many
    /// were given back.
    /// </summary>
    Task<int> PostponeAsync(string node, IReadOnlyList<DeliveryKey> deliveries, DateTimeOffset until, CancellationToken cancel);

    /// <summary>The states of deliveries that have not ended.</summary>
    static IReadOnlyList<DeliveryState> OpenStates { get; } = [DeliveryState.Queued, DeliveryState.Deferred, DeliveryState.Held];

    /// <summary>
    /// How many deliveries have not ended, for each of <see cref="OpenStates"/>. Of a long queue it is what was counted last
    /// (<see cref="IQueueTotals"/>).
    /// </summary>
    Task<IReadOnlyDictionary<DeliveryState, long>> CountAsync(CancellationToken cancel);
}

public enum EnqueueResult
{
    Stored,
    QuotaExceeded,
}

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
/// A message with the deliveries of it that are claimed together. Its content is empty when it does not wait in memory
/// (<see cref="ActiveQueue"/>): it is read when its turn comes.
/// Without an owner it is <see cref="ServerMail"/>.
/// </summary>
public sealed record ClaimedMessage(
    MessageId Id,
    AccountRegion? Owner,
    DateTimeOffset AcceptedAt,
    EmailAddress EnvelopeFrom,
    ReadOnlyMemory<byte> Content,
    IReadOnlyList<ClaimedDelivery> Deliveries)
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
    public static ClaimedMessage Of(NewMessage message) =>
        new(message.Id, message.Owner, message.AcceptedAt, message.EnvelopeFrom, message.Content,
            [
                .. message.Recipients.Select((recipient, ordinal) => new ClaimedDelivery(ordinal, recipient, 0))
                    .Where(d => !message.Captured.Any(c => c.Ordinal == d.Ordinal) && !message.Held.Any(h => h.Ordinal == d.Ordinal)),
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
public sealed record ClaimedDelivery(int Ordinal, EmailAddress Recipient, int Attempts)
{
    /// <summary>The target that an operator gave it, as it is stored; null for the configured route.</summary>
    public string? Route { get; init; }
}

/// <summary>How an attempt ended.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Ordinal">Which of its deliveries.</param>
/// <param name="State">Delivered, Deferred or Failed.</param>
/// <param name="At">When the attempt ended.</param>
/// <param name="NextAttemptAt">Deferred: not before then.</param>
/// <param name="Result">What the other side or the route said, in one line.</param>
/// <param name="Event">The event to record with it; null for none.</param>
public sealed record DeliveryResult(
    MessageId MessageId,
    int Ordinal,
    DeliveryState State,
    DateTimeOffset At,
    DateTimeOffset? NextAttemptAt,
    string Result,
    MessageEvent? Event)
{
    /// <summary>How many attempts of the delivery had ended before this one: it shows when a result comes twice.</summary>
    public required int Attempts { get; init; }

    /// <summary>The attempt to keep a record of; null for none.</summary>
    public Attempt? Attempt { get; init; }

    /// <summary>How long after acceptance the attempt ended, for what is measured; null when nobody measures.</summary>
    public TimeSpan? SinceAccepted { get; init; }

    /// <summary>What <see cref="MailLog"/> says beyond this; null for a result without a line.</summary>
    public MailLine? Line { get; init; }
}
