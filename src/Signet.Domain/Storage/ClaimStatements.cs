using System.Data.Common;
using System.Text.Json;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>
/// Claiming deliveries that are due, lane by lane: a lane is a domain and an account, and none of them hides the others however much waits in it.
/// Delivering needs a few columns and no document: a row that cannot be read is listed apart, and the others are delivered.
/// </summary>
internal static class ClaimStatements
{
    /// <summary>Lanes looked at in one go: bounds the time of a claim when very many lanes have nothing due.</summary>
    public const int MaxLanes = 2_000;

    /// <summary>Deliveries that are counted in each of them.</summary>
    private const int MaxCounted = 100;

    // From one lane to the next by the index, so that what it costs grows with the lanes and not with what waits in them.
    internal const string Lanes =
        """
        WITH RECURSIVE lanes (lane, place) AS (
            SELECT (SELECT MIN(lane) FROM open_delivery WHERE is_claimed = 0 AND due_at IS NOT NULL AND lane > @after), 1
            UNION ALL
            SELECT (SELECT MIN(o.lane) FROM open_delivery o WHERE o.is_claimed = 0 AND o.due_at IS NOT NULL AND o.lane > lanes.lane), place + 1
            FROM lanes WHERE lanes.lane IS NOT NULL AND place < @most
        )
        SELECT lane, (SELECT COUNT(*) FROM (
            SELECT 1 FROM open_delivery o WHERE o.is_claimed = 0 AND o.lane = lanes.lane AND o.due_at <= @now LIMIT @counted) due)
        FROM lanes WHERE lane IS NOT NULL ORDER BY lane
        """;

    private const string Returning =
        """
        UPDATE open_delivery SET claimed_by = @node, is_claimed = 1
        FROM due WHERE open_delivery.message_id = due.message_id AND open_delivery.ordinal = due.ordinal
        RETURNING open_delivery.message_id, open_delivery.ordinal, recipient, attempts, open_delivery.due_at, size,
            open_delivery.route
        """;

    private const string Due = "is_claimed = 0 AND due_at <= @now AND requested IS NULL";

    /// <summary>The lanes behind one, and how much is due in each; fewer than <see cref="MaxLanes"/> when there are no more.</summary>
    public static Task<List<Lane>> LanesAsync(Session session, string after, DateTimeOffset now) => session.QueryAsync(
        Lanes, r => new Lane(r.GetString(0), r.Int(1) is var due && due < MaxCounted ? due : int.MaxValue),
        ("after", after), ("most", MaxLanes), ("now", now), ("counted", MaxCounted));

    /// <summary>Claims what is due in lanes, up to so many in each and not much more than so many bytes in all.</summary>
    public static async Task<List<DueDelivery>> TakeAsync(
        Session session, string node, DateTimeOffset now, long bytes, IReadOnlyList<(string Lane, int Most)> lanes)
    {
        var due = session.Dialect.HasSets
            ? await TakeSetAsync(session, node, now, bytes, lanes)
            : await TakeEachAsync(session, node, now, bytes, lanes);

        return await WithoutUnnamedAsync(session, due);
    }

    /// <summary>The domains of deliveries that nobody has claimed, of messages that were accepted by a time.</summary>
    public static Task<List<string>> OverdueDomainsAsync(Session session, DateTimeOffset acceptedBy) => session.QueryAsync(
        $"SELECT DISTINCT domain || COALESCE('{LaneShares.Rerouted}' || route, '') FROM open_delivery WHERE is_claimed = 0 AND due_at IS NOT NULL AND requested IS NULL AND accepted_at <= @by",
        r => r.GetString(0), ("by", acceptedBy));

    /// <summary>Claims such deliveries of a domain, whenever they are due.</summary>
    public static async Task<List<DueDelivery>> TakeOverdueAsync(Session session, string node, string domain, DateTimeOffset acceptedBy, int limit) =>
        await WithoutUnnamedAsync(session, await session.QueryAsync(
            $"""
            WITH due AS (
                SELECT message_id, ordinal FROM open_delivery
                WHERE lane >= @first AND lane < @last AND is_claimed = 0 AND due_at IS NOT NULL AND requested IS NULL
                    AND accepted_at <= @by LIMIT @limit {session.Dialect.SkipLocked}
            )
            {Returning}
            """,
            Read, ("first", $"{domain} "), ("last", $"{domain}!"), ("by", acceptedBy), ("limit", limit), ("node", node)));

    /// <summary>Reads the messages that were claimed.</summary>
    /// <param name="session">Where to.</param>
    /// <param name="due">Their deliveries.</param>
    /// <param name="unreadable">Gets those that cannot be read.</param>
    /// <param name="secrets">Opens contents that are sealed.</param>
    public static async Task<List<ClaimedMessage>> ReadAsync(
        Session session, IReadOnlyList<DueDelivery> due, List<UnreadableDelivery> unreadable, SecretBox secrets)
    {
        var messages = due.Where(d => d.Id is not null).GroupBy(d => d.MessageId, StringComparer.Ordinal).ToList();

        // A large content is read when its turn comes.
        var rows = await session.QueryAsync(
            $"""
            SELECT m.id, m.account, m.region, m.accepted_at, m.envelope_from, m.size, m.sender_account, m.sender_region, m.sender_address, c.content,
                c.sealed, m.layout
            FROM message m LEFT JOIN message_content c ON c.message_id = m.id AND m.size <= @carried
            WHERE m.id IN {session.Dialect.Among}
            """,
            r => (
                Id: r.GetString(0),
                Owner: Rows.TryRead(() => r.Owner(1), out var owner) ? owner : null,
                Message: Rows.TryRead(() => Read(r, secrets), out var message) ? message : null),
            ("ids", JsonSerializer.Serialize(messages.Select(m => m.Key).ToArray(), StorageJson.Default.StringArray)), ("carried", ActiveQueue.MaxSmall));
        var found = rows.ToDictionary(r => r.Id, StringComparer.Ordinal);
        List<ClaimedMessage> claimed = [];
        foreach (var message in messages)
        {
            var isThere = found.TryGetValue(message.Key, out var row);
            List<ClaimedDelivery> readable = [];
            foreach (var delivery in message)
            {
                if (!Rows.TryRead(() => Rows.Address(delivery.Recipient), out var recipient))
                {
                    unreadable.Add(delivery.Unreadable(row.Owner, "its recipient"));
                }
                else if (row.Message is null)
                {
                    unreadable.Add(delivery.Unreadable(row.Owner, isThere ? "the row of its message" : "its message is not in the store"));
                }
                else
                {
                    readable.Add(new ClaimedDelivery((int)delivery.Ordinal, recipient, delivery.AttemptCount) { Route = delivery.Route });
                }
            }

            if (readable.Count > 0)
            {
                claimed.Add(row.Message! with { Deliveries = readable });
            }
        }

        return claimed;
    }

    private static async Task<List<DueDelivery>> WithoutUnnamedAsync(Session session, List<DueDelivery> due)
    {
        // What has no name that a result could be stored under would be due again and again.
        await session.ExecuteAllAsync([.. due.Where(d => d.Id is null).SelectMany(d => EndUnnamed(session.Dialect, d))]);

        // A statement returns rows in any order.
        return [.. due.OrderBy(d => d.DueAt).ThenBy(d => d.MessageId, StringComparer.Ordinal).ThenBy(d => d.Ordinal)];
    }

    private static Task<List<DueDelivery>> TakeSetAsync(
        Session session, string node, DateTimeOffset now, long bytes, IReadOnlyList<(string Lane, int Most)> lanes) =>
        session.QueryAsync(
            $"""
            WITH locked AS (
                SELECT d.message_id, d.ordinal, d.due_at, d.carried FROM unnest(@lanes, @mosts) AS l (lane, most) CROSS JOIN LATERAL (
                    SELECT message_id, ordinal, due_at, CASE WHEN size <= {ActiveQueue.MaxSmall} THEN size ELSE 0 END AS carried FROM open_delivery
                    WHERE lane = l.lane AND {Due} ORDER BY due_at, message_id, ordinal LIMIT l.most {session.Dialect.SkipLocked}
                ) d
            ), due AS (
                SELECT message_id, ordinal FROM (
                    SELECT message_id, ordinal, SUM(carried) OVER (ORDER BY due_at, message_id, ordinal) - carried AS before FROM locked
                ) counted WHERE before <= @bytes
            )
            {Returning}
            """,
            Read, ("lanes", lanes.Select(l => l.Lane).ToArray()), ("mosts", lanes.Select(l => (long)l.Most).ToArray()), ("now", now), ("node", node),
            ("bytes", bytes));

    // SQLite has no rows of arrays; in the same process many statements cost little more than one.
    private static async Task<List<DueDelivery>> TakeEachAsync(
        Session session, string node, DateTimeOffset now, long bytes, IReadOnlyList<(string Lane, int Most)> lanes)
    {
        List<DueDelivery> all = [];
        foreach (var (lane, most) in lanes)
        {
            if (bytes < 0)
            {
                break;
            }

            var taken = await session.QueryAsync(
                $"""
                WITH due AS (
                    SELECT message_id, ordinal FROM (
                        SELECT message_id, ordinal, SUM(carried) OVER (ORDER BY due_at, message_id, ordinal) - carried AS before FROM (
                            SELECT message_id, ordinal, due_at, CASE WHEN size <= {ActiveQueue.MaxSmall} THEN size ELSE 0 END AS carried
                            FROM open_delivery WHERE lane = @lane AND {Due} ORDER BY due_at, message_id, ordinal LIMIT @most
                        )
                    ) WHERE before <= @bytes
                )
                {Returning}
                """,
                Read, ("lane", lane), ("most", most), ("now", now), ("node", node), ("bytes", bytes));
            bytes -= taken.Where(d => d.Size <= ActiveQueue.MaxSmall).Sum(d => d.Size);
            all.AddRange(taken);
        }

        return all;
    }

    private static IEnumerable<SqlStatement> EndUnnamed(Dialect dialect, DueDelivery delivery) =>
        DeliveryHistory.End(dialect, "message_id = @message AND ordinal = @ordinal", DeliveryState.Failed, "its MessageId cannot be read")
            .Select(sql => new SqlStatement(sql, ("message", delivery.MessageId), ("ordinal", delivery.Ordinal)));

    private static DueDelivery Read(DbDataReader row) =>
        new(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.TextOrNull(6));

    // Its deliveries are added by the caller.
    private static ClaimedMessage Read(DbDataReader row, SecretBox secrets)
    {
        var id = MessageId.Parse(row.GetString(0));
        return new(
            id, row.Owner(1), row.Time(3), row.Address(4),
            row.IsDBNull(9) ? [] : StoredContent.Open(id.Value, row.Bytes(9), row.Flag(10), secrets), [])
        {
            Size = row.Int(5),
            Layout = row.IsDBNull(11) ? null : MessageLayout.Parse(row.GetString(11), row.Int(5)),
            Sender = row.IsDBNull(6) ? null : new SendingIdentity(row.Scope(6), row.Address(8)),
        };
    }
}

/// <summary>The row of a delivery that was due, as it is stored.</summary>
internal sealed record DueDelivery(string MessageId, long Ordinal, string Recipient, long Attempts, long DueAt, long Size, string? Route)
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
