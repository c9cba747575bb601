using System.Data.Common;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>
/// Leasing what is due. Delivering needs a few columns and no document: a row that cannot be read is listed apart, and the others are
/// delivered.
/// </summary>
internal static class DueStatements
{
    /// <summary>Leases up to so many deliveries.</summary>
    public static async Task<List<DueDelivery>> TakeAsync(Session session, Lease lease, DateTimeOffset now, int limit)
    {
        // Which are due is settled before the first of them is changed: SQLite reads them all first, PostgreSQL locks them.
        var due = await session.QueryAsync(
            $"""
            WITH due AS (
                SELECT message_id, ordinal FROM delivery
                WHERE visible_at <= @now AND requested IS NULL ORDER BY visible_at, message_id, ordinal LIMIT @limit {session.Dialect.SkipLocked}
            )
            UPDATE delivery SET leased_to = @node, visible_at = @until
            FROM due WHERE delivery.message_id = due.message_id AND delivery.ordinal = due.ordinal
            RETURNING delivery.message_id, delivery.ordinal, recipient, attempts, next_attempt_at
            """,
            r => new DueDelivery(r.GetString(0), r.GetInt64(1), r.GetString(2), r.GetInt64(3), r.IsDBNull(4) ? 0 : r.GetInt64(4)),
            ("now", now), ("limit", limit), ("node", lease.Node), ("until", lease.Until));

        // What has no name that a result could be stored under would be due again and again.
        await session.ExecuteAllAsync([.. due.Where(d => d.Id is null).Select(d => new SqlStatement(
            $"""
            UPDATE delivery SET state = '{DeliveryState.Failed}', next_attempt_at = NULL, leased_to = NULL, visible_at = NULL,
                last_result = 'its MessageId cannot be read'
            WHERE message_id = @message AND ordinal = @ordinal
            """,
            ("message", d.MessageId), ("ordinal", d.Ordinal)))]);

        // A statement returns rows in any order.
        return [.. due.OrderBy(d => d.DueAt).ThenBy(d => d.MessageId, StringComparer.Ordinal).ThenBy(d => d.Ordinal)];
    }

    /// <summary>Reads one message that was leased; null when nothing of it can be delivered.</summary>
    /// <param name="session">Where to.</param>
    /// <param name="deliveries">Those of the message, at least one.</param>
    /// <param name="unreadable">Gets those that cannot be read.</param>
    /// <param name="secrets">Opens a content that is sealed.</param>
    public static async Task<LeasedMessage?> ReadAsync(
        Session session, IReadOnlyList<DueDelivery> deliveries, List<UnreadableDelivery> unreadable, SecretBox secrets)
    {
        List<LeasedDelivery> readable = [];
        foreach (var due in deliveries)
        {
            if (Rows.TryRead(() => Rows.Address(due.Recipient), out var recipient))
            {
                readable.Add(new LeasedDelivery((int)due.Ordinal, recipient, due.AttemptCount));
            }
            else
            {
                unreadable.Add(due.Unreadable(await OwnerAsync(session, due.MessageId), "its recipient"));
            }
        }

        if (readable.Count == 0)
        {
            return null;
        }

        // A large content is read when its turn comes.
        var rows = await session.QueryAsync(
            """
            SELECT m.account, m.region, m.accepted_at, m.envelope_from, m.size, m.sender_account, m.sender_region, m.sender_address, c.content, c.sealed, m.layout
            FROM message m LEFT JOIN message_content c ON c.message_id = m.id AND m.size <= @carried WHERE m.id = @id
            """,
            r => Rows.TryRead(() => Read(r, deliveries[0].Id!.Value, readable, secrets), out var message) ? message : null,
            ("id", deliveries[0].MessageId), ("carried", DeliveryWindow.MaxSmall));
        if (rows is [{ } found])
        {
            return found;
        }

        var owner = await OwnerAsync(session, deliveries[0].MessageId);
        var reason = rows.Count == 0 ? "its message is not in the store" : "the row of its message";
        unreadable.AddRange(deliveries.Where(d => readable.Exists(r => r.Ordinal == d.Ordinal)).Select(d => d.Unreadable(owner, reason)));
        return null;
    }

    private static LeasedMessage Read(DbDataReader row, MessageId id, IReadOnlyList<LeasedDelivery> deliveries, SecretBox secrets) =>
        new(
            id, row.Owner(0), row.Time(2), row.Address(3),
            row.IsDBNull(8) ? [] : StoredContent.Open(id.Value, row.Bytes(8), row.Flag(9), secrets), deliveries)
        {
            Size = row.Int(4),
            Layout = row.IsDBNull(10) ? null : MessageLayout.Parse(row.GetString(10), row.Int(4)),
            Sender = row.IsDBNull(5) ? null : new SendingIdentity(row.Scope(5), row.Address(7)),
        };

    private static async Task<AccountRegion?> OwnerAsync(Session session, string id)
    {
        var owners = await session.QueryAsync(
            "SELECT account, region FROM message WHERE id = @id", r => Rows.TryRead(() => r.Owner(0), out var owner) ? owner : default, ("id", id));
        return owners.Count > 0 ? owners[0] : null;
    }
}

/// <summary>The row of a delivery that was due, as it is stored.</summary>
internal sealed record DueDelivery(string MessageId, long Ordinal, string Recipient, long Attempts, long DueAt)
{
    /// <summary>Null when it is none, or the ordinal is none.</summary>
    public MessageId? Id { get; } = Messages.MessageId.TryParse(MessageId, out var id) && Ordinal is >= 0 and <= int.MaxValue ? id : null;

    public int AttemptCount => (int)Math.Clamp(Attempts, 0, int.MaxValue - 1);

    public UnreadableDelivery Unreadable(AccountRegion? owner, string reason) => new(
        Id is { } id ? new DeliveryKey(id, (int)Ordinal) : null, Recipient, AcceptedAt, AttemptCount, owner, reason);

    // The id has it, whatever the rest of the row says; one that was made elsewhere may name any time.
    private DateTimeOffset AcceptedAt => DateTimeOffset.FromUnixTimeMilliseconds(
        Math.Clamp(Id?.AcceptedAtMilliseconds ?? 0, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
}
