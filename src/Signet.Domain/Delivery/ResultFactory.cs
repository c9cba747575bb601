using System.Globalization;
using Signet.Delivery.Tls;
using Signet.Events;
using Signet.Queue;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>Who was talked to.</summary>
/// <param name="Host">Name; null when it did not come to talking.</param>
/// <param name="Address">IP address.</param>
/// <param name="Tls">Null in clear.</param>
internal sealed record Peer(string? Host, string? Address, TlsSession? Tls)
{
    /// <summary>What TLS had to be; null when it did not come to a host.</summary>
    public TlsPolicy? Policy { get; init; }

    /// <summary>What was found of the host's certificate; null when there was none.</summary>
    public string? Certificate { get; init; } = Tls?.Certificate;

    public static Peer None { get; } = new(null, null, null);
}

/// <summary>Turns a verdict into what is stored: the delivery's new state, the attempt and the event.</summary>
/// <param name="hostname">Our name in events.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Chance, for the schedule.</param>
public sealed class ResultFactory(string hostname, TimeProvider time, Random random)
{
    /// <summary>Each wait from this length on gets a DeliveryDelay event; of the shorter ones before, only the first.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(25);

    private const int ExpiredCode = 550;
    private const string ExpiredStatus = "4.4.7";

    internal DeliveryResult Of(ClaimedMessage message, ClaimedDelivery delivery, Verdict verdict, Peer peer, TimeSpan duration)
    {
        var now = time.GetUtcNow();
        var said = message.Owner is null && IsReceivers(verdict, peer) ? KeptReply.CodesOf(verdict.Reply) : KeptReply.Of(verdict.Reply);
        var to = $"{delivery.Recipient}";
        return verdict.Outcome switch
        {
            Outcome.Delivered => Delivered(),
            Outcome.Failed => Failed(said, verdict.Reply.Code, verdict.Reply.Enhanced?.ToString() ?? "5.0.0", BounceKind.Of(verdict.Stage, verdict.Reply)),
            Outcome.Deferred { NotBefore: var notBefore } => RetrySchedule.Next(now - message.AcceptedAt, delivery.Attempts + 1, random) is { } wait
                ? Deferred(now + wait is var next && next > notBefore.GetValueOrDefault() ? next : notBefore!.Value)
                : Failed(Expired(said), ExpiredCode, ExpiredStatus, BounceKind.OfExpired(verdict.Stage, verdict.Reply)),
            var other => throw new System.Diagnostics.UnreachableException($"{other}"),
        };

        DeliveryResult Delivered()
        {
            var detail = EventDetail.Delivery(said, now - message.AcceptedAt, peer.Address, peer.Host is null ? null : hostname);
            return Result(
                DeliveryState.Delivered, null, said, Happened(EventType.Delivery, detail), verdict.Reply.Code, verdict.Reply.Enhanced?.ToString() ?? "2.0.0");
        }

        DeliveryResult Deferred(DateTimeOffset next)
        {
            var status = verdict.Reply.Enhanced?.ToString() ?? "4.0.0";
            var detail = EventDetail.DeliveryDelay(
                BounceKind.DelayType(verdict.Stage, verdict.Reply), message.AcceptedAt + RetrySchedule.MaxAge, Recipient(said, status), hostname);
            var tells = delivery.Attempts == 0 || next - now >= LongWait;
            return Result(DeliveryState.Deferred, next, said, tells ? Happened(EventType.DeliveryDelay, detail) : null, verdict.Reply.Code, status);
        }

        DeliveryResult Failed(string reply, int code, string status, BounceKind kind)
        {
            var detail = EventDetail.Bounce(kind.Type, kind.SubType, Recipient(reply, status), peer.Address, hostname);
            return Result(DeliveryState.Failed, null, reply, Happened(EventType.Bounce, detail), code, status);
        }

        DeliveryResult Result(DeliveryState state, DateTimeOffset? next, string reply, MessageEvent? happened, int code, string status) =>
            new(message.Id, delivery.Ordinal, state, now, next, reply, happened)
            {
                Attempts = delivery.Attempts,
                Attempt = new Attempt(delivery.Attempts + 1, now, duration, peer.Host, peer.Address, peer.Tls?.Version, said, state)
                {
                    Cipher = peer.Tls?.Cipher,
                    Certificate = peer.Certificate,
                    TlsPolicy = peer.Policy?.ToString(),
                },
                SinceAccepted = now - message.AcceptedAt,
                Line = new MailLine(to, message.Owner, delivery.Attempts + 1, code, status),
            };

        RecipientDetail Recipient(string reply, string status) => new(to, status, $"smtp; {reply}");

        MessageEvent Happened(EventType type, string detail) =>
            new(MessageEvent.NewId(now, type), message.Id, message.Owner, now, type, [to], detail);
    }

    /// <summary>
    /// Of a delivery that cannot be read, and so is not attempted: another version may read it later. Its sender hears of it when its
    /// time is over, if the sender can be read.
    /// </summary>
    internal DeliveryResult Of(UnreadableDelivery delivery, DeliveryKey key)
    {
        var now = time.GetUtcNow();
        var reply = InternalError.Unreadable.Reply;
        var said = $"{reply}";
        var attempt = delivery.Attempts + 1;
        if (RetrySchedule.Next(now - delivery.AcceptedAt, attempt, random) is { } wait)
        {
            return new(key.MessageId, key.Ordinal, DeliveryState.Deferred, now, now + wait, said, null)
            {
                Attempts = delivery.Attempts,
                SinceAccepted = now - delivery.AcceptedAt,
                Line = new MailLine(delivery.Recipient, delivery.Owner, attempt, reply.Code, $"{reply.Enhanced}"),
            };
        }

        var expired = Expired(said);
        var kind = BounceKind.Of(InternalError.Unreadable.Stage, reply);
        var recipient = new RecipientDetail(delivery.Recipient, ExpiredStatus, $"smtp; {expired}");
        return new(key.MessageId, key.Ordinal, DeliveryState.Failed, now, null, expired, delivery.Owner is { } owner
            ? new MessageEvent(
                MessageEvent.NewId(now, EventType.Bounce), key.MessageId, owner, now, EventType.Bounce, [delivery.Recipient],
                EventDetail.Bounce(kind.Type, kind.SubType, recipient, null, hostname))
            : null)
        {
            Attempts = delivery.Attempts,
            SinceAccepted = now - delivery.AcceptedAt,
            Line = new MailLine(delivery.Recipient, delivery.Owner, attempt, ExpiredCode, ExpiredStatus),
        };
    }

    // Before a connection stands, and where nobody was talked to, the text is ours.
    private static bool IsReceivers(Verdict verdict, Peer peer) => peer.Host is not null && verdict.Stage != SmtpStage.Connect;

    // SES's words, the last error in angle brackets.
    private static string Expired(string last) => string.Create(
        CultureInfo.InvariantCulture, $"{ExpiredCode} {ExpiredStatus} Message expired: unable to deliver in {RetrySchedule.MaxAge.TotalMinutes:0} minutes.<{last}>");
}
