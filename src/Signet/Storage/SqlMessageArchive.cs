using System.Data.Common;
using Signet.Archive;
using Signet.Events;
using Signet.Messages;
using Signet.Names;
using Signet.Policies;
using Signet.Queue;

namespace Signet.Storage;

/// <inheritdoc cref="IMessageArchive"/>
public sealed class SqlMessageArchive(Database database) : IMessageArchive
{
    /// <summary>Messages deleted or pruned in one unit: bounds how long accepting waits for it.</summary>
    private const int Portion = 500;

    private static readonly TimeSpan CountersKept = TimeSpan.FromDays(14);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivedMessage>> FindAsync(MessageFilter filter, int limit, CancellationToken cancel)
    {
        var conditions = Of(filter);
        return await database.ReadAsync(
            async session =>
            {
                var messages = await session.QueryAsync(
                    $"""
                    SELECT id, account, region, accepted_at, principal, operation, source, source_arn, feedback_address, envelope_from,
                        subject, source_ip, size, tags, decision
                    FROM message {conditions.Where} ORDER BY accepted_at DESC, id DESC LIMIT @limit
                    """,
                    ReadMessage, [.. conditions.Values, ("limit", limit)]);
                for (var i = 0; i < messages.Count; i++)
                {
                    messages[i] = messages[i] with { Deliveries = await DeliveriesAsync(session, messages[i].Id) };
                }

                return messages;
            },
            cancel);
    }

    /// <inheritdoc/>
    public async Task<ArchivedMessage?> GetAsync(MessageId id, CancellationToken cancel) =>
        (await FindAsync(new MessageFilter { Id = id }, 1, cancel)).SingleOrDefault();

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>?> GetContentAsync(MessageId id, CancellationToken cancel) =>
        await database.ReadAsync(
            session => session.FindAsync("SELECT content FROM message_content WHERE message_id = @id", r => r.Bytes(0), ("id", id.Value)),
            cancel) is { } content ? new ReadOnlyMemory<byte>(content) : default(ReadOnlyMemory<byte>?);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchivedAttempt>> GetAttemptsAsync(MessageId id, CancellationToken cancel) =>
        await database.ReadAsync(
            session => session.QueryAsync(
                $"SELECT {StoredAttempt.Columns} FROM attempt WHERE message_id = @id ORDER BY ordinal, number",
                StoredAttempt.Read,
                ("id", id.Value)),
            cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MessageEvent>> GetEventsAsync(MessageId id, CancellationToken cancel) =>
        await database.ReadAsync(
            session => session.QueryAsync(
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
            session => session.QueryAsync(
                $"SELECT {StoredEvent.Columns} FROM event {conditions.Where} ORDER BY id DESC LIMIT @limit",
                StoredEvent.Read, [.. conditions.Values, ("limit", limit)]),
            cancel);
    }

    /// <inheritdoc/>
    public async Task<int> DeleteAsync(MessageFilter filter, CancellationToken cancel)
    {
        var conditions = Of(filter);
        return await InPortionsAsync(
            session => session.QueryAsync(
                $"SELECT id FROM message {conditions.Where} ORDER BY accepted_at DESC, id DESC LIMIT @limit",
                r => r.GetString(0), [.. conditions.Values, ("limit", Portion)]),
            ForgetMessage, cancel);
    }

    /// <inheritdoc/>
    public async Task<int> PruneAsync(DateTimeOffset contentBefore, DateTimeOffset storyBefore, CancellationToken cancel)
    {
        var contents = await InPortionsAsync(
            session => session.QueryAsync(
                "SELECT id FROM message WHERE has_content = 1 AND finished_at < @before ORDER BY finished_at LIMIT @limit",
                r => r.GetString(0), ("before", contentBefore), ("limit", Portion)),
            ForgetContent, cancel);
        await InPortionsAsync(
            session => session.QueryAsync(
                "SELECT id FROM message WHERE has_content IN (0, 1) AND finished_at < @before ORDER BY finished_at LIMIT @limit",
                r => r.GetString(0), ("before", storyBefore), ("limit", Portion)),
            ForgetMessage, cancel);

        // Contents are kept until now at most, so this leaves two weeks of counters whatever the time is.
        var countersBefore = contentBefore - CountersKept < storyBefore ? contentBefore - CountersKept : storyBefore;
        await database.WriteAsync(
            session => session.ExecuteAllAsync(
            [
                new("DELETE FROM refusal WHERE at < @before", ("before", storyBefore)),
                new("DELETE FROM confirmation WHERE expires_at < @before", ("before", storyBefore)),
                new("DELETE FROM sending_counter WHERE minute < @before", ("before", SendingCounter.Minute(countersBefore))),
            ]),
            cancel);
        return contents;
    }

    /// <inheritdoc/>
    public Task ResetAsync(CancellationToken cancel) => database.WriteAsync(
        session => session.ExecuteAllAsync(
        [
            new("DELETE FROM delivery"), new("DELETE FROM attempt"), new("DELETE FROM message_content"), new("DELETE FROM event"), new("DELETE FROM message"),
            new("DELETE FROM refusal"), new("DELETE FROM sending_counter"),
            new("DELETE FROM identity_policy"), new("DELETE FROM dkim_key"), new("DELETE FROM confirmation"), new("DELETE FROM identity"),
        ]),
        cancel);

    private async Task<int> InPortionsAsync(
        Func<Session, Task<List<string>>> find, Func<string, IEnumerable<Statement>> forget, CancellationToken cancel)
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

    private static IEnumerable<Statement> ForgetMessage(string id) =>
    [
        new("DELETE FROM delivery WHERE message_id = @id", ("id", id)),
        new("DELETE FROM attempt WHERE message_id = @id", ("id", id)),
        new("DELETE FROM message_content WHERE message_id = @id", ("id", id)),
        new("DELETE FROM event WHERE message_id = @id", ("id", id)),
        new("DELETE FROM message WHERE id = @id", ("id", id)),
    ];

    private static IEnumerable<Statement> ForgetContent(string id) =>
    [
        new("DELETE FROM message_content WHERE message_id = @id", ("id", id)),
        new("UPDATE message SET has_content = 0 WHERE id = @id", ("id", id)),
    ];

    private Conditions Of(MessageFilter filter)
    {
        // Position instead of LIKE: what is looked for may hold % and _, and may be long.
        var position = database.Dialect.Position;
        var conditions = new Conditions();
        if (filter.Id is { } id)
        {
            conditions.Add("id = @id", "id", id.Value);
        }

        if (filter.Account is { } account)
        {
            conditions.Add("account = @account", "account", account.Value);
        }

        if (filter.To is { } to)
        {
            conditions.Add(
                $"EXISTS (SELECT 1 FROM delivery WHERE message_id = message.id AND {position}(lower(recipient), @to) > 0)",
                "to", StoredText.Fold(to));
        }

        if (filter.From is { } from)
        {
            conditions.Add($"{position}(source_folded, @from) > 0", "from", StoredText.Fold(from));
        }

        if (filter.Subject is { } subject)
        {
            conditions.Add($"{position}(subject_folded, @subject) > 0", "subject", StoredText.Fold(subject));
        }

        if (filter.Since is { } since)
        {
            conditions.Add("accepted_at >= @since", "since", since);
        }

        if (filter.Before is { } before)
        {
            conditions.Add("(accepted_at, id) < (SELECT accepted_at, id FROM message WHERE id = @before)", "before", before.Value);
        }

        return conditions;
    }

    private static Task<List<ArchivedDelivery>> DeliveriesAsync(Session session, MessageId id) => session.QueryAsync(
        """
        SELECT ordinal, recipient, state, attempts, next_attempt_at, last_result FROM delivery
        WHERE message_id = @id ORDER BY ordinal
        """,
        r => new ArchivedDelivery(r.Int(0), r.GetString(1), r.Name<DeliveryState>(2), r.Int(3), r.TimeOrNull(4), r.TextOrNull(5)),
        ("id", id.Value));

    private static ArchivedMessage ReadMessage(DbDataReader row) => new(
        MessageId.Parse(row.GetString(0)),
        row.Scope(1),
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
        StorageJson.Read(row.GetString(13), StorageJson.Default.IReadOnlyListMessageTag),
        DecisionJson.Read(row.GetString(14)),
        []);
}
