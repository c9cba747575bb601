using Signet.Events;
using Signet.Policies;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>What accepting a message writes: its story, its bytes, its deliveries, its quota use and its Send event.</summary>
internal static class EnqueueStatements
{
    public static IReadOnlyList<Statement> Of(NewMessage message, Lease? lease, Dialect dialect)
    {
        // INVARIANT: the counter comes last. Its row is the one that many units share: it is to be locked as briefly as can be.
        return
        [
            Message(message),
            new(
                "INSERT INTO message_content (message_id, content) VALUES (@id, @content)",
                ("id", message.Id.Value), ("content", message.Content)),
            .. message.Recipients.Select((_, ordinal) => Delivery(message, ordinal, lease)),
            StoredEvent.Insert(new MessageEvent(
                Guid.CreateVersion7(message.AcceptedAt), message.Id, message.Owner, message.AcceptedAt, EventType.Send,
                [.. message.Recipients.Select(r => r.ToString())], "{}")),
            SendingCounter.Accepted(
                dialect, message.Owner, message.AcceptedAt, message.Id.Value, message.QuotaUse, message.Recipients.Count),
        ];
    }

    private static Statement Message(NewMessage message) => new(
        """
        INSERT INTO message (
            id, account, region, accepted_at, principal, operation, source, source_folded, source_arn, feedback_address,
            envelope_from, subject, subject_folded, source_ip, size, tags, decision, has_content, open_deliveries)
        VALUES (
            @id, @account, @region, @accepted, @principal, @operation, @source, @source_folded, @source_arn, @feedback,
            @envelope_from, @subject, @subject_folded, @source_ip, @size, @tags, @decision, 1, @open)
        """,
        ("id", message.Id.Value), ("account", message.Owner.Account.Value), ("region", message.Owner.Region.Value),
        ("accepted", message.AcceptedAt), ("principal", message.Principal), ("operation", message.Operation),
        ("source", message.Source), ("source_folded", StoredText.Fold(message.Source)), ("source_arn", message.SourceArn),
        ("feedback", message.FeedbackAddress.ToString()), ("envelope_from", message.EnvelopeFrom.ToString()),
        ("subject", message.Subject), ("subject_folded", StoredText.Fold(message.Subject)), ("source_ip", message.SourceIp),
        ("size", message.Content.Length),
        ("tags", StorageJson.Write(message.Tags, StorageJson.Default.IReadOnlyListMessageTag)),
        ("decision", DecisionJson.Write(message.Decision)),
        ("open", message.Recipients.Count));

    private static Statement Delivery(NewMessage message, int ordinal, Lease? lease) => new(
        """
        INSERT INTO delivery (message_id, ordinal, recipient, domain, state, attempts, next_attempt_at, leased_to, visible_at)
        VALUES (@message, @ordinal, @recipient, @domain, @state, 0, @next, @node, @visible)
        """,
        ("message", message.Id.Value), ("ordinal", ordinal), ("recipient", message.Recipients[ordinal].ToString()),
        ("domain", message.Recipients[ordinal].Domain.Value), ("state", DeliveryState.Queued),
        ("next", message.AcceptedAt), ("node", lease?.Node), ("visible", lease?.Until ?? message.AcceptedAt));
}
