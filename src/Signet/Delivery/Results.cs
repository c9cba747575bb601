using System.Globalization;
using Signet.Events;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>Who was talked to.</summary>
/// <param name="Host">Name; null when it did not come to talking.</param>
/// <param name="Address">IP address.</param>
/// <param name="Tls"><c>TLSv1.3</c> or <c>TLSv1.2</c>; null in clear.</param>
internal sealed record Peer(string? Host, string? Address, string? Tls)
{
    public static Peer None { get; } = new(null, null, null);
}

/// <summary>Makes of a verdict what is to be stored: the delivery's new state, the attempt, and the event that tells of it.</summary>
/// <param name="hostname">Our name in events.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Chance, for the schedule.</param>
public sealed class Results(string hostname, TimeProvider time, Random random)
{
    /// <summary>Waits from this long on are told of each time; of the short ones before, the first only.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(25);

    internal Settlement Of(LeasedMessage message, LeasedDelivery delivery, Verdict verdict, Peer peer, TimeSpan duration)
    {
        var now = time.GetUtcNow();
        var said = KeptReply.Of(verdict.Reply);
        return verdict.Outcome switch
        {
            Outcome.Delivered => Delivered(),
            Outcome.Failed => Failed(said, verdict.Reply.Enhanced?.ToString() ?? "5.0.0"),
            Outcome.Deferred { NotBefore: var notBefore } => RetrySchedule.Next(now - message.AcceptedAt, delivery.Attempts + 1, random) is { } wait
                ? Deferred(now + wait is var next && next > notBefore.GetValueOrDefault() ? next : notBefore!.Value)
                : Failed(Expired(said), "4.4.7"),
            var other => throw new System.Diagnostics.UnreachableException($"{other}"),
        };

        Settlement Delivered()
        {
            var detail = EventDetail.Delivery(said, now - message.AcceptedAt, peer.Address, peer.Host is null ? null : hostname);
            return Settled(DeliveryState.Delivered, null, said, Happened(EventType.Delivery, detail));
        }

        Settlement Deferred(DateTimeOffset next)
        {
            var detail = EventDetail.DeliveryDelay(
                BounceKind.DelayType(verdict.Stage, verdict.Reply),
                message.AcceptedAt + RetrySchedule.MaxAge,
                Recipient(said, verdict.Reply.Enhanced?.ToString() ?? "4.0.0"),
                hostname);
            var tells = delivery.Attempts == 0 || next - now >= LongWait;
            return Settled(DeliveryState.Deferred, next, said, tells ? Happened(EventType.DeliveryDelay, detail) : null);
        }

        Settlement Failed(string reply, string status)
        {
            var kind = BounceKind.Of(verdict.Stage, verdict.Reply);
            var detail = EventDetail.Bounce(kind.Type, kind.SubType, Recipient(reply, status), peer.Address, hostname);
            return Settled(DeliveryState.Failed, null, reply, Happened(EventType.Bounce, detail));
        }

        Settlement Settled(DeliveryState state, DateTimeOffset? next, string reply, MessageEvent? happened) =>
            new(message.Id, delivery.Ordinal, state, now, next, reply, happened)
            {
                Attempt = new Attempt(delivery.Attempts + 1, now, duration, peer.Host, peer.Address, peer.Tls, said, state),
                SinceAccepted = now - message.AcceptedAt,
            };

        RecipientDetail Recipient(string reply, string status) => new($"{delivery.Recipient}", status, $"smtp; {reply}");

        MessageEvent Happened(EventType type, string detail) =>
            new(MessageEvent.NewId(now, type), message.Id, message.Owner, now, type, [$"{delivery.Recipient}"], detail);
    }

    // SES's words, the last error in angle brackets (ses/notifications.md §3).
    private static string Expired(string last) => string.Create(
        CultureInfo.InvariantCulture, $"550 4.4.7 Message expired: unable to deliver in {RetrySchedule.MaxAge.TotalMinutes:0} minutes.<{last}>");
}
