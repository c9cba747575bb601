using System.Data.Common;
using Signet.Archive;

namespace Signet.Storage;

/// <inheritdoc cref="ISearchIndex"/>
public sealed class SqlSearchIndex(Database database) : ISearchIndex
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<UnindexedMessage>> NextAsync(int limit, int maxContent, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<UnindexedMessage>>(
            async session =>
            {
                var messages = await session.QueryAsync(
                    """
                    SELECT m.id, m.account, m.accepted_at, m.source, m.subject, m.tags,
                        CASE WHEN m.account <> '' THEN substr(c.content, 1, CAST(@bytes AS INTEGER)) END
                    FROM (SELECT message_id FROM unindexed ORDER BY message_id LIMIT @limit) u
                    JOIN message m ON m.id = u.message_id LEFT JOIN message_content c ON c.message_id = m.id
                    """,
                    Read,
                    ("bytes", maxContent), ("limit", limit));
                for (var i = 0; i < messages.Count; i++)
                {
                    messages[i] = messages[i] with
                    {
                        Recipients = await session.QueryAsync(
                            "SELECT recipient FROM any_delivery WHERE message_id = @id ORDER BY ordinal", r => r.GetString(0),
                            ("id", messages[i].Id)),
                    };
                }

                return messages;
            },
            cancel);

    /// <inheritdoc/>
    public Task<int> AddAsync(IReadOnlyList<(UnindexedMessage Message, IReadOnlyList<string> Words)> messages, CancellationToken cancel)
    {
        // Made here, not in the unit: the writer has better things to do. In the order of their ids, so that nodes wait for each other
        // instead of locking each other out.
        var all = messages.OrderBy(m => m.Message.Id, StringComparer.Ordinal).Select(m => Statements(m.Message, m.Words)).ToList();
        return database.WriteAsync(
            async session =>
            {
                var added = 0;
                foreach (var (taking, adding) in all)
                {
                    // Not there when another node was quicker, or when the message is gone.
                    if ((await session.ExecuteAllAsync([taking]))[0] > 0)
                    {
                        await session.ExecuteAllAsync(adding);
                        added++;
                    }
                }

                return added;
            },
            cancel);
    }

    // What makes no sense of a message is left out of the index: it would be the first to be read at each turn, and hold up all others.
    private static UnindexedMessage Read(DbDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        Rows.TryRead(() => row.Time(2), out var acceptedAt) ? acceptedAt : DateTimeOffset.UnixEpoch,
        TextOf(row, 3),
        TextOf(row, 4),
        TextOf(row, 5),
        [],
        Rows.TryRead(() => row.IsDBNull(6) ? null : row.Bytes(6), out var content) ? content : null);

    private static string TextOf(DbDataReader row, int column) => Rows.TryRead(() => row.GetString(column), out var text) ? text : "";

    /// <summary>Forgets what is indexed of a message that goes.</summary>
    internal static IEnumerable<SqlStatement> Forget(string id, Dialect dialect) =>
    [
        // First of all: who indexes it at this moment has begun with the same row, so that one waits for the other.
        new("DELETE FROM unindexed WHERE message_id = @id", ("id", id)),
        new(dialect.Words.Delete, ("id", id)),
        new("DELETE FROM message_search WHERE message_id = @id", ("id", id)),
    ];

    /// <summary>Removes a message from the index, which then indexes it again: the words of a content go with it.</summary>
    internal static IEnumerable<SqlStatement> Renew(string id, Dialect dialect) =>
        [.. Forget(id, dialect), new("INSERT INTO unindexed (message_id) VALUES (@id) ON CONFLICT DO NOTHING", ("id", id))];

    /// <summary>All that is indexed; what is not comes with the messages.</summary>
    internal static IReadOnlyList<SqlStatement> ForgetAll =>
        [new("DELETE FROM unindexed"), new("DELETE FROM message_words"), new("DELETE FROM message_search")];

    private (SqlStatement Taking, SqlStatement[] Adding) Statements(UnindexedMessage message, IReadOnlyList<string> words)
    {
        var id = message.Id;
        var index = database.Dialect.Words;
        return (
            new("DELETE FROM unindexed WHERE message_id = @id", ("id", id)),
            [
                new(index.Delete, ("id", id)),
                new("DELETE FROM message_search WHERE message_id = @id", ("id", id)),
                new(
                    """
                    INSERT INTO message_search (message_id, accepted_at, account, source, subject, recipients, tags)
                    VALUES (@id, @accepted, @account, @source, @subject, @recipients, @tags)
                    """,
                    ("id", id), ("accepted", message.AcceptedAt), ("account", message.Account),
                    ("source", StoredText.Fold(message.Source)), ("subject", StoredText.Fold(message.Subject)),
                    ("recipients", StoredText.Fold(string.Join(' ', message.Recipients))), ("tags", message.Tags)),
                new(index.Insert, ("id", id), ("words", string.Join(' ', words))),
            ]);
    }
}
