using Signet.Events;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>
/// What accepting a message writes: its history, its bytes, its deliveries, its quota use and its Send event, and for what is captured
/// what a result would write.
/// </summary>
internal static class EnqueueStatements
{
    public static IReadOnlyList<SqlStatement> Of(NewMessage message, string? node, Dialect dialect, SecretBox secrets)
    {
        // INVARIANT: the counter comes last. Many units share its row, so it is locked as briefly as possible.
        var rows = Rows(message, node, secrets);
        return message.Owner is { } owner
            ? [.. rows, SendingCounter.Accepted(dialect, owner, message.AcceptedAt, message.Id.Value, message.QuotaUse, message.Recipients.Count)]
            : rows;
    }

    /// <summary>The rows of a message, without the counters.</summary>
    public static IReadOnlyList<SqlStatement> Rows(NewMessage message, string? node, SecretBox secrets)
    {
        List<SqlStatement> statements =
        [
            Message(message),
            StoredContent.Insert(message, secrets),
        ];
        for (var ordinal = 0; ordinal < message.Recipients.Count; ordinal++)
        {
            var captured = message.Captured.FirstOrDefault(c => c.Ordinal == ordinal);
            statements.Add(
                captured is not null ? Captured(message, captured)
                : message.Held.FirstOrDefault(h => h.Ordinal == ordinal) is { Suspension: > 0 } held ? Held(message, held)
                : Queued(message, ordinal, node));
        }

        statements.Add(StoredEvent.Insert(Sent(message)));
        statements.AddRange(message.Captured.Where(c => c.Attempt is not null).Select(c => StoredAttempt.Insert(c, c.Attempt!)));
        statements.AddRange(message.Captured.Select(c => c.Event).OfType<MessageEvent>().Select(StoredEvent.Insert));
        return statements;
    }

    private static MessageEvent Sent(NewMessage message) => new(
        MessageEvent.NewId(message.AcceptedAt, EventType.Send), message.Id, message.Owner, message.AcceptedAt, EventType.Send,
        [.. message.Recipients.Select(r => r.ToString())], "{}");

    private static SqlStatement Message(NewMessage message) => Message(message, ClaimedMessage.SenderOf(message.Decision));

    private static SqlStatement Message(NewMessage message, SendingIdentity? sender) => new(
        """
        INSERT INTO message (
            id, account, region, accepted_at, principal, operation, source, source_folded, source_arn, feedback_address,
            envelope_from, subject, subject_folded, source_ip, size, tags, decision, has_content, open_deliveries, finished_at,
            sender_account, sender_region, sender_address, layout)
        VALUES (
            @id, @account, @region, @accepted, @principal, @operation, @source, @source_folded, @source_arn, @feedback,
            @envelope_from, @subject, @subject_folded, @source_ip, @size, @tags, @decision, 1, @open, @finished,
            @sender_account, @sender_region, @sender_address, @layout)
        """,
        ("id", message.Id.Value), ("account", message.Owner?.Account.Value ?? ""), ("region", message.Owner?.Region.Value ?? ""),
        ("accepted", message.AcceptedAt), ("principal", message.Principal), ("operation", message.Operation),
        ("source", message.Source), ("source_folded", StoredText.Fold(message.Source)), ("source_arn", message.SourceArn),
        ("feedback", message.BounceAddress.ToString()), ("envelope_from", message.EnvelopeFrom.ToString()),
        ("subject", message.Subject), ("subject_folded", StoredText.Fold(message.Subject)), ("source_ip", message.SourceIp),
        ("size", message.Content.Length),
        ("tags", StorageJson.Write(message.Tags, StorageJson.Default.IReadOnlyListMessageTag)),
        ("decision", StorageJson.Versioned(DecisionJson.Store(message.Decision, FactsOf(message)))),
        ("open", message.Recipients.Count - message.Captured.Count),
        ("finished", message.Recipients.Count == message.Captured.Count ? message.Captured.Max(c => c.At) : (DateTimeOffset?)null),
        ("sender_account", sender?.Owner.Account.Value), ("sender_region", sender?.Owner.Region.Value),
        ("sender_address", sender?.From.ToString()), ("layout", message.Layout?.ToString()));

    private static SendFacts FactsOf(NewMessage message) => SendFacts.OfMessage(
        message.Principal, message.Operation, message.Owner, message.AcceptedAt, message.SourceIp, $"{message.BounceAddress}",
        [.. message.Recipients.Select(r => r.ToString())]);

    private static SqlStatement Queued(NewMessage message, int ordinal, string? node) => new(
        """
        INSERT INTO open_delivery (
            message_id, ordinal, recipient, domain, account, lane, state, size, accepted_at, attempts, due_at, claimed_by, is_claimed)
        VALUES (@message, @ordinal, @recipient, @domain, @account, @lane, @state, @size, @accepted, 0, @accepted, @node, @claimed)
        """,
        ("message", message.Id.Value), ("ordinal", ordinal), ("recipient", message.Recipients[ordinal].ToString()),
        ("domain", message.Recipients[ordinal].Domain.Value), ("account", message.Owner?.Account.Value ?? ""),
        ("lane", LaneShares.LaneOf(message.Recipients[ordinal].Domain, message.Owner?.Account)), ("state", DeliveryState.Queued),
        ("size", message.Content.Length), ("accepted", message.AcceptedAt), ("node", node), ("claimed", node is not null));

    // A text of its own: other messages have no value more for it.
    private static SqlStatement Held(NewMessage message, HeldDelivery held) => new(
        """
        INSERT INTO open_delivery (
            message_id, ordinal, recipient, domain, account, lane, state, size, accepted_at, attempts, due_at, is_claimed, suspended_by)
        VALUES (@message, @ordinal, @recipient, @domain, @account, @lane, @state, @size, @accepted, 0, NULL, 0, @suspension)
        """,
        ("message", message.Id.Value), ("ordinal", held.Ordinal), ("recipient", message.Recipients[held.Ordinal].ToString()),
        ("domain", message.Recipients[held.Ordinal].Domain.Value), ("account", message.Owner?.Account.Value ?? ""),
        ("lane", LaneShares.LaneOf(message.Recipients[held.Ordinal].Domain, message.Owner?.Account)), ("state", DeliveryState.Held),
        ("size", message.Content.Length), ("accepted", message.AcceptedAt), ("suspension", held.Suspension));

    private static SqlStatement Captured(NewMessage message, DeliveryResult result) => new(
        """
        INSERT INTO delivery (message_id, ordinal, recipient, domain, state, attempts, last_attempt_at, last_result)
        VALUES (@message, @ordinal, @recipient, @domain, @state, 1, @at, @result)
        """,
        ("message", message.Id.Value), ("ordinal", result.Ordinal), ("recipient", message.Recipients[result.Ordinal].ToString()),
        ("domain", message.Recipients[result.Ordinal].Domain.Value), ("state", result.State), ("at", result.At), ("result", result.Result));
}
