using System.Globalization;
using Signet.Addresses;
using Signet.Messages;
using Signet.Names;

namespace Signet.Queue;

/// <summary>
/// What an operator sees of the queue and does to it, beside the nodes that work on it. Only deliveries that have not ended are
/// seen here. Of one that a node has claimed the node is asked to give it up; what it attempts already is not touched: what
/// comes of the attempt counts. Changes are written in portions, so that accepting and delivering go on meanwhile; one that is broken
/// off keeps what it has done and can be repeated.
/// </summary>
public interface IQueueControl
{
    /// <summary>
    /// Where matching deliveries are bound for. Of a long queue it is what was counted last (<see cref="IQueueTotals"/>), unless the filter names a
    /// message or a recipient.
    /// </summary>
    Task<QueuedDestinations> ListDestinationsAsync(DeliveryFilter filter, int limit, CancellationToken cancel);

    /// <summary>Matching deliveries by the time their messages were accepted.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="order">From which end.</param>
    /// <param name="after">The last of the page before; null begins.</param>
    /// <param name="limit">The size of a page.</param>
    /// <param name="cancel">Gives up.</param>
    Task<IReadOnlyList<WaitingDelivery>> ListAsync(
        DeliveryFilter filter, DeliveryOrder order, WaitingDelivery? after, int limit, CancellationToken cancel);

    /// <summary>
    /// Makes deferred deliveries due now, and held ones as well, whether by hand or by a suspension, which wait for a node again; a hold that was asked for of one that is
    /// being attempted is called off. Those that are queued are due anyhow and are not counted.
    /// </summary>
    /// <param name="filter">Which.</param>
    /// <param name="now">The time of the next attempt.</param>
    /// <param name="progress">Gets the number of deliveries that have been looked at so far; null for none.</param>
    /// <param name="cancel">Heeded between portions.</param>
    Task<QueueChange> RetryAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel);

    /// <summary>
    /// Keeps deliveries from being attempted until <see cref="RetryAsync"/>, for however long: they neither end nor are forgotten.
    /// Those that nodes have in their memory included, which is waited for, some seconds at most. What is accepted after
    /// <paramref name="now"/> is left alone. The parameters are those of <see cref="RetryAsync"/>.
    /// </summary>
    Task<QueueChange> HoldAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel);

    /// <summary>
    /// Ends deliveries as <see cref="DeliveryState.Failed"/> with the result <see cref="WaitingDelivery.DroppedResult"/>. No event is
    /// recorded: a Bounce would blame the recipient and count against the sender, and SES knows no other word for it. Messages whose
    /// last delivery this was are finished. What is accepted after <paramref name="now"/> is left alone. The parameters are those
    /// of <see cref="RetryAsync"/>.
    /// </summary>
    Task<QueueChange> DropAsync(DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel);

    /// <summary>
    /// Gives deliveries another target, which is used in the place of the configured route by whichever node delivers them, and makes them due
    /// now; held ones stay held and take it when they are released. Those that nodes have in their memory included, which is waited for. What is
    /// accepted after <paramref name="now"/> is left alone.
    /// </summary>
    /// <param name="filter">Which.</param>
    /// <param name="target">As <c>Delivery.RerouteTarget</c> writes it; null for the configured route.</param>
    /// <param name="now">The time of the next attempt.</param>
    /// <param name="progress">Gets the number of deliveries that have been looked at so far; null for none.</param>
    /// <param name="cancel">Heeded between portions.</param>
    Task<QueueChange> RerouteAsync(
        DeliveryFilter filter, string? target, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel);
}

/// <summary>All that is given must match; an empty one matches every delivery of an account that has not ended.</summary>
public sealed record DeliveryFilter
{
    public MessageId? Message { get; init; }

    /// <summary>Every delivery that has not ended, whoever's it is.</summary>
    public static DeliveryFilter Everything { get; } = new() { WithServerMail = true };

    /// <summary>Who sent the message.</summary>
    public AccountId? Account { get; init; }

    /// <summary>Whether <see cref="ServerMail"/> matches too. Off unless set.</summary>
    public bool WithServerMail { get; init; }

    /// <summary>The whole address.</summary>
    public EmailAddress? Recipient { get; init; }

    /// <summary>The recipient's domain, not those below it.</summary>
    public DomainName? Domain { get; init; }

    /// <summary>Queued, Deferred or Held; a state that ends a delivery matches none.</summary>
    public DeliveryState? State { get; init; }

    /// <summary>Whom the mail is from.</summary>
    public IdentitySelector? Identity { get; init; }

    /// <summary>The hosts that serve the recipient's domain, as far as nodes have looked them up.</summary>
    public DestinationName? Destination { get; init; }

    /// <summary>Leaves out what a suspension holds: for those who may not end it.</summary>
    public bool SparesSuspended { get; init; }

    /// <summary>Held by the suspension of this number, or asked for by it.</summary>
    public long? Suspension { get; init; }

    /// <summary>What it narrows to but for the account, for the log; <c>everything</c> for nothing.</summary>
    public override string ToString()
    {
        (string Name, object? Value)[] all =
        [
            ("message", Message), ("identity", Identity), ("recipient", Recipient), ("domain", Domain), ("destination", Destination), ("state", State),
            ("suspension", Suspension),
        ];
        var given = string.Join(", ", all.Where(p => p.Value is not null).Select(p => $"{p.Name} {p.Value}"));
        return given.Length > 0 ? given : "everything";
    }
}

/// <summary>Which end of the queue comes first.</summary>
public enum DeliveryOrder
{
    OldestFirst,
    NewestFirst,
}

/// <summary>The deliveries to one recipient domain.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Queued">How many are in this state; likewise the next two.</param>
/// <param name="Deferred">Waiting for another attempt.</param>
/// <param name="Held">Kept by an operator.</param>
/// <param name="Oldest">When the oldest of their messages was accepted.</param>
/// <param name="NextAttemptAt">The earliest next attempt; it may be past. Null when all are held.</param>
/// <param name="LastResult">What the latest attempt ended with; null when there was none.</param>
public sealed record Destination(
    string Domain, long Queued, long Deferred, long Held, DateTimeOffset Oldest, DateTimeOffset? NextAttemptAt, string? LastResult)
{
    public long Total => Queued + Deferred + Held;
}

/// <summary>A delivery that has not ended.</summary>
/// <param name="MessageId">Its message.</param>
/// <param name="Ordinal">Its place among the message's recipients, from 0.</param>
/// <param name="Recipient">RCPT TO.</param>
/// <param name="State">Queued, Deferred or Held.</param>
/// <param name="AcceptedAt">When its message was accepted.</param>
/// <param name="Attempts">How many ended.</param>
/// <param name="NextAttemptAt">Not before then; null while held.</param>
/// <param name="LastResult">What the last attempt ended with; null when there was none.</param>
/// <param name="ClaimedBy">The node that has it in its memory or attempts it now; null when none does.</param>
public sealed record WaitingDelivery(
    MessageId MessageId,
    int Ordinal,
    string Recipient,
    DeliveryState State,
    DateTimeOffset AcceptedAt,
    int Attempts,
    DateTimeOffset? NextAttemptAt,
    string? LastResult,
    string? ClaimedBy)
{
    /// <summary>The result of a delivery that <see cref="IQueueControl.DropAsync"/> ended.</summary>
    public const string DroppedResult = "dropped by an operator";

    /// <summary>The target that an operator gave it; null for the configured route.</summary>
    public string? Route { get; init; }

    /// <summary>The number of the suspension that holds it, or will when its attempt is deferred; null for none.</summary>
    public long? Suspension { get; init; }
}

/// <summary>What a change did.</summary>
/// <param name="Changed">Deliveries changed. None of them is attempted after this is known.</param>
/// <param name="LeftAlone">Deliveries that matched but were being attempted, or ended before their turn came.</param>
public readonly record struct QueueChange(long Changed, long LeftAlone)
{
    /// <summary>
    /// Deliveries that are still being attempted, or whose node does not answer: they are changed as soon as the attempt is deferred
    /// or the node counts as dead.
    /// </summary>
    public long Pending { get; init; }

    /// <summary>For the log.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Changed} changed, {Pending} pending, {LeftAlone} left alone");
}
