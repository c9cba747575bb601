using System.Data.Common;
using Signet.Archive;
using Signet.Events;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;

namespace Signet.Storage;

/// <inheritdoc cref="IMessageArchive"/>
/// <param name="database">The store.</param>
/// <param name="showsServerMail">
/// Whether to return the content of <see cref="ServerMail"/> too. Its reader can confirm any address: only for <c>signet dev</c>.
/// </param>
public sealed class SqlMessageArchive(Database database, bool showsServerMail = false) : IMessageArchive
{
    /// <summary>Messages deleted or pruned in one unit: bounds how long accepting waits for it.</summary>
    private const int Portion = 500;

    // What came in by the API besides messages. Each row is an account's.
    private static readonly string[] OfAccounts =
        ["refusal", "sending_counter", "identity_policy", "policy_version", "dkim_key", "confirmation", "confirmation_pace", "identity"];

    private static readonly SendDecision NotRead = DecisionJson.Read("", wasAllowed: true);

    private static readonly TimeSpan CountersKept = TimeSpan.FromDays(14);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivedMessage>> FindAsync(MessageFilter filter, int limit, CancellationToken cancel)
    {
        var selection = new MessageSelection(filter, database.Dialect);
        return await database.ReadAsync(
            async session =>
            {
                var messages = await session.QueryReadableAsync(
                    $"""
                    SELECT m.id, m.account, m.region, m.accepted_at, m.principal, m.operation, m.source, m.source_arn, m.feedback_address,
                        m.envelope_from, m.subject, m.source_ip, m.size, m.tags, m.decision
                    FROM ({selection.Page}) p JOIN message m ON m.id = p.id ORDER BY p.accepted_at DESC, p.id DESC
                    """,
                    ReadRow, [.. selection.Values, ("limit", limit), ("offset", 0)]);
                List<ArchivedMessage> whole = [];
                foreach (var (message, decision) in messages)
                {
                    var deliveries = await DeliveriesAsync(session, message.Id);
                    whole.Add(message with { Deliveries = deliveries, Decision = ReadDecision(decision, message, deliveries) });
                }

                return whole;
            },
            cancel);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MessageSummary>> ListAsync(MessageFilter filter, int offset, int limit, CancellationToken cancel)
    {
        // SQLite finds nothing by key in a view of two tables that is joined.
        const string columns =
            "m.id AS id, m.account, m.region, m.accepted_at AS accepted_at, m.principal, m.operation, m.source, m.source_arn, m.subject, m.size, m.tags, "
            + "m.has_content, d.recipient, d.state, d.ordinal AS ordinal";
        var selection = new MessageSelection(filter, database.Dialect);
        var rows = await database.ReadAsync(
            session => session.QueryReadableAsync(
                $"""
                WITH p AS ({selection.Page})
                SELECT {columns} FROM p JOIN message m ON m.id = p.id JOIN open_delivery d ON d.message_id = m.id
                UNION ALL
                SELECT {columns} FROM p JOIN message m ON m.id = p.id JOIN delivery d ON d.message_id = m.id
                ORDER BY accepted_at DESC, id DESC, ordinal
                """,
                ReadLine, [.. selection.Values, ("limit", limit), ("offset", offset)]),
            cancel);
        return [.. rows.GroupBy(r => r.Id).Select(Summarise)];
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(MessageFilter filter, CancellationToken cancel)
    {
        var selection = new MessageSelection(filter, database.Dialect);
        return database.ReadAsync(session => session.CountAsync(selection.Count, [.. selection.Values]), cancel);
    }

    /// <inheritdoc/>
    public async Task<ArchivedMessage?> GetAsync(MessageId id, CancellationToken cancel) =>
        (await FindAsync(new MessageFilter { Id = id, WithServerMail = true }, 1, cancel)).SingleOrDefault();

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> GetContentAsync(MessageId id, CancellationToken cancel) =>
        await database.ReadAsync(
            session => session.FindAsync(
                $"""
                SELECT c.content, c.sealed FROM message_content c JOIN message m ON m.id = c.message_id
                WHERE c.message_id = @id{(showsServerMail ? "" : " AND m.account <> ''")}
                """,
                r => StoredContent.Open(id.Value, r.Bytes(0), r.Flag(1), database.Secrets),
                ("id", id.Value)),
            cancel) is { } content ? new ReadOnlyMemory<byte>(content) : default(ReadOnlyMemory<byte>?);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivedAttempt>> GetAttemptsAsync(MessageId id, CancellationToken cancel) =>
        await database.ReadAsync(
            session => session.QueryReadableAsync(
                $"SELECT {StoredAttempt.Columns} FROM attempt WHERE message_id = @id ORDER BY ordinal, number",
                StoredAttempt.Read,
                ("id", id.Value)),
            cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MessageEvent>> GetEventsAsync(MessageId id, CancellationToken cancel) =>
        await database.ReadAsync(
            session => session.QueryReadableAsync(
                $"SELECT {StoredEvent.Columns} FROM event WHERE message_id = @id ORDER BY at, id", StoredEvent.Read, ("id", id.Value)),
            cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MessageEvent>> ListEventsAsync(
        AccountRegion? owner, EventType? type, int limit, CancellationToken cancel)
    {
        var conditions = new Conditions();
        conditions.Owner(owner);
        if (type is { } only)
        {
            conditions.Add("type = @type", "type", only);
        }

        return await database.ReadAsync(
            session => session.QueryReadableAsync(
                $"SELECT {StoredEvent.Columns} FROM event {conditions.Where} ORDER BY id DESC LIMIT @limit",
                StoredEvent.Read, [.. conditions.Values, ("limit", limit)]),
            cancel);
    }

    /// <inheritdoc/>
    public async Task<int> DeleteAsync(MessageFilter filter, CancellationToken cancel)
    {
        var selection = new MessageSelection(filter, database.Dialect);
        return await InPortionsAsync(
            session => session.QueryAsync(
                selection.Page, r => r.GetString(0), [.. selection.Values, ("limit", Portion), ("offset", 0)]),
            ForgetMessage, cancel);
    }

    /// <inheritdoc/>
    public async Task<int> PruneAsync(DateTimeOffset contentBefore, DateTimeOffset historyBefore, CancellationToken cancel)
    {
        var contents = await InPortionsAsync(
            session => session.QueryAsync(
                "SELECT id FROM message WHERE has_content = 1 AND finished_at < @before ORDER BY finished_at LIMIT @limit",
                r => r.GetString(0), ("before", contentBefore), ("limit", Portion)),
            ForgetContent, cancel);
        await InPortionsAsync(
            session => session.QueryAsync(
                "SELECT id FROM message WHERE has_content IN (0, 1) AND finished_at < @before ORDER BY finished_at LIMIT @limit",
                r => r.GetString(0), ("before", historyBefore), ("limit", Portion)),
            ForgetMessage, cancel);

        // Contents are kept until now at most, so this leaves two weeks of counters whatever the time is.
        var countersBefore = contentBefore - CountersKept < historyBefore ? contentBefore - CountersKept : historyBefore;
        await database.WriteAsync(
            session => session.ExecuteAllAsync(
            [
                new("DELETE FROM refusal WHERE at < @before", ("before", historyBefore)),
                new("DELETE FROM confirmation WHERE expires_at < @before", ("before", historyBefore)),
                new("DELETE FROM sending_counter WHERE minute < @before", ("before", SendingCounter.Minute(countersBefore))),
                ReplacedPolicies.Prune(historyBefore),
                SqlDestinationDomains.Prune(database.Time.GetUtcNow()),
            ]),
            cancel);
        return contents;
    }

    /// <inheritdoc/>
    public async Task<int> PruneToAsync(long maxBytes, CancellationToken cancel)
    {
        var total = 0;
        for (var excess = await ContentSize.SumAsync(database, cancel) - maxBytes; excess > 0;)
        {
            var most = excess;
            var (count, bytes) = await database.WriteAsync(
                async session =>
                {
                    var oldest = await ContentSize.OldestAsync(session, most, Portion);
                    await session.ExecuteAllAsync([.. oldest.SelectMany(m => ForgetContent(m.Id))]);
                    return (oldest.Count, oldest.Sum(m => m.Size));
                },
                cancel);
            if (count == 0)
            {
                break;
            }

            (total, excess) = (total + count, excess - bytes);
        }

        return total;
    }

    /// <inheritdoc/>
    public Task GiveBackRoomAsync(CancellationToken cancel) => database.GiveBackRoomAsync(cancel);

    /// <inheritdoc/>
    public Task ResetAsync(AccountId? account, CancellationToken cancel) => account is { } one ? ResetOneAsync(one, cancel)
        : database.WriteConfigurationAsync(
            session => session.ExecuteAllAsync(
            [
                .. SqlSearchIndex.ForgetAll,
                new("DELETE FROM open_delivery"), new("DELETE FROM delivery"), new("DELETE FROM attempt"), new("DELETE FROM message_content"), new("DELETE FROM event"), new("DELETE FROM message"),
                .. SqlTrafficCounter.ForgetAll(database.Dialect),
                .. OfAccounts.Select(table => new SqlStatement($"DELETE FROM {table}")),
            ]),
            cancel);

    private async Task ResetOneAsync(AccountId account, CancellationToken cancel)
    {
        await DeleteAsync(new MessageFilter { Account = account }, cancel);
        await database.WriteConfigurationAsync(
            session => session.ExecuteAllAsync(
            [
                .. SqlTrafficCounter.Forget(account),
                .. OfAccounts.Select(table => new SqlStatement($"DELETE FROM {table} WHERE account = @account", ("account", account.Value))),
            ]),
            cancel);
    }

    private async Task<int> InPortionsAsync(
        Func<Session, Task<List<string>>> find, Func<string, IEnumerable<SqlStatement>> forget, CancellationToken cancel)
    {
        for (var total = 0; ;)
        {
            var count = await database.WriteAsync(
                async session =>
                {
                    var ids = await find(session);
                    await session.ExecuteAllAsync([.. ids.SelectMany(forget)]);
                    return ids.Count;
                },
                cancel);
            total += count;
            if (count < Portion)
            {
                return total;
            }
        }
    }

    private IEnumerable<SqlStatement> ForgetMessage(string id) =>
    [
        .. SqlSearchIndex.Forget(id, database.Dialect),
        new("DELETE FROM open_delivery WHERE message_id = @id", ("id", id)),
        new("DELETE FROM delivery WHERE message_id = @id", ("id", id)),
        new("DELETE FROM attempt WHERE message_id = @id", ("id", id)),
        new("DELETE FROM message_content WHERE message_id = @id", ("id", id)),
        new("DELETE FROM event WHERE message_id = @id", ("id", id)),
        new("DELETE FROM message WHERE id = @id", ("id", id)),
    ];

    private IEnumerable<SqlStatement> ForgetContent(string id) =>
    [
        .. SqlSearchIndex.Renew(id, database.Dialect),
        new("DELETE FROM message_content WHERE message_id = @id", ("id", id)),
        new("UPDATE message SET has_content = 0 WHERE id = @id", ("id", id)),
    ];

    private static MessageSummary Summarise(IGrouping<MessageId, MessageSummary> deliveries)
    {
        List<MessageSummary> lines = [.. deliveries];
        return lines[0] with
        {
            Recipients = [.. lines.Take(MessageSummary.MaxRecipients).SelectMany(l => l.Recipients)],
            RecipientCount = lines.Count,
            State = MessageSummary.Overall([.. lines.Select(l => l.State)]),
        };
    }

    private static MessageSummary ReadLine(DbDataReader row) => new(
        MessageId.Parse(row.GetString(0)),
        row.Owner(1),
        row.Time(3),
        row.GetString(4),
        row.GetString(5),
        row.GetString(6),
        row.TextOrNull(7),
        row.GetString(8),
        row.Int(9),
        StorageJson.TagsToShow(row.GetString(10)),
        row.Flag(11),
        [row.GetString(12)],
        1,
        row.Name<DeliveryState>(13));

    private static Task<List<ArchivedDelivery>> DeliveriesAsync(Session session, MessageId id) => session.QueryReadableAsync(
        """
        SELECT ordinal, recipient, state, attempts, next_attempt_at, last_result, route, suspended_by FROM any_delivery
        WHERE message_id = @id ORDER BY ordinal
        """,
        r => new ArchivedDelivery(r.Int(0), r.GetString(1), r.Name<DeliveryState>(2), r.Int(3), r.TimeOrNull(4), r.TextOrNull(5))
        {
            Route = r.TextOrNull(6),
            Suspension = r.IsDBNull(7) ? null : r.GetInt64(7),
        },
        ("id", id.Value));

    private static SendDecision ReadDecision(string json, ArchivedMessage message, List<ArchivedDelivery> deliveries) => DecisionJson.Read(
        json, wasAllowed: true,
        SendFacts.OfMessage(
            message.Principal, message.Operation, message.Owner, message.AcceptedAt, message.SourceIp, message.BounceAddress,
            [.. deliveries.Select(d => d.Recipient)]));

    private Tuple<ArchivedMessage, string> ReadRow(DbDataReader row) => new(ReadMessage(row), row.GetString(14));

    // Without what is read later: the decision and the deliveries.
    private ArchivedMessage ReadMessage(DbDataReader row) => new(
        MessageId.Parse(row.GetString(0)),
        row.Owner(1),
        row.Time(3),
        row.GetString(4),
        row.GetString(5),
        row.GetString(6),
        row.TextOrNull(7),
        row.GetString(8),
        row.GetString(9),
        row.GetString(10),
        row.TextOrNull(11),
        row.Int(12),
        StorageJson.TagsToShow(row.GetString(13)),
        NotRead,
        [])
    {
        IsContentHidden = !showsServerMail && row.Owner(1) is null,
    };
}
