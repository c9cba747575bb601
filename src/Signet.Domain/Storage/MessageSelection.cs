using Signet.Archive;
using Signet.Messages;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>
/// Which messages a filter means, as SQL: newest first, and read from the narrow <c>searchable</c> rather than from the wide rows of
/// messages, unless nothing but their key and time is asked for. It has every message, indexed or not.
/// </summary>
internal sealed class MessageSelection
{
    private readonly Conditions _conditions = new();
    private readonly string _table;

    public MessageSelection(MessageFilter filter, Dialect dialect)
    {
        var isNarrow = filter is not { Text: null, Account: null, To: null, From: null, Address: null, Subject: null, Tag: null };
        _table = isNarrow ? "searchable" : "message";
        AddKeys(filter);
        if (!filter.WithServerMail && filter.Account is null)
        {
            _conditions.Add(StoredContent.NotOfServer("m.id"));
        }

        AddTexts(filter, dialect);
        if (filter.Tag is { } tag)
        {
            // Names and values of tags hold nothing that JSON escapes, so their JSON can be looked into as it is.
            _conditions.Add(
                $"{dialect.Position}(m.tags, @tag) > 0", "tag",
                $"\"name\":\"{tag.Name}\",\"value\":\"{(tag.Value is { } value ? value + '"' : "")}");
        }
    }

    public IReadOnlyList<(string Name, object? Value)> Values => _conditions.Values;

    /// <summary>A page of keys; with <c>@limit</c> and <c>@offset</c>.</summary>
    public string Page =>
        $"SELECT m.id, m.accepted_at FROM {_table} m {_conditions.Where} ORDER BY m.accepted_at DESC, m.id DESC LIMIT @limit OFFSET @offset";

    public string Count => $"SELECT COUNT(*) FROM {_table} m {_conditions.Where}";

    private void AddKeys(MessageFilter filter)
    {
        if (filter.Id is { } id)
        {
            _conditions.Add("m.id = @id", "id", id.Value);
        }

        if (filter.Account is { } account)
        {
            _conditions.Add("m.account = @account", "account", account.Value);
        }

        if (filter.Since is { } since)
        {
            _conditions.Add("m.accepted_at >= @since", "since", since);
        }

        if (filter.Until is { } until)
        {
            _conditions.Add("m.accepted_at < @until", "until", until);
        }

        AddPlace("before", "<", filter.Before);
        AddPlace("after", ">", filter.After);
        AddPlace("upto", "<=", filter.UpTo);

        if (filter.State is { } state)
        {
            // Nearly all deliveries end delivered: there it is quicker to ask message by message than to collect them. The column is in
            // an expression, so that the index over states is not used: it would read nearly all of them for each message.
            _conditions.Add(
                state switch
                {
                    DeliveryState.Delivered => "EXISTS (SELECT 1 FROM delivery WHERE message_id = m.id AND state || '' = @state)",
                    DeliveryState.Failed => "m.id IN (SELECT message_id FROM delivery WHERE state = @state)",
                    _ => "m.id IN (SELECT message_id FROM open_delivery WHERE state = @state)",
                },
                "state", state);
        }
    }

    // An id holds its time: it names a place in the order even when its message is gone.
    private void AddPlace(string name, string comparison, MessageId? place)
    {
        if (place is { } id)
        {
            _conditions.Add($"(m.accepted_at, m.id) {comparison} (@{name}_at, @{name})", name, id.Value);
            _conditions.Value($"{name}_at", id.AcceptedAtMilliseconds);
        }
    }

    private void AddTexts(MessageFilter filter, Dialect dialect)
    {
        if (filter.Text is { } text)
        {
            var words = SearchWords.Of(text);
            if (words.Count == 0)
            {
                _conditions.Add("1 = 0");
            }
            else
            {
                _conditions.Add(dialect.Words.Matches, "text", dialect.Words.Query(words));
            }
        }

        // Position instead of LIKE: what is looked for may hold % and _, and may be long.
        AddPart("to", filter.To, name => $"{dialect.Position}(m.recipients, {name}) > 0");
        AddPart("from", filter.From, name => $"{dialect.Position}(m.source, {name}) > 0");
        AddPart(
            "address", filter.Address, name => $"({dialect.Position}(m.source, {name}) > 0 OR {dialect.Position}(m.recipients, {name}) > 0)");
        AddPart("subject", filter.Subject, name => $"{dialect.Position}(m.subject, {name}) > 0");
    }

    private void AddPart(string name, string? part, Func<string, string> condition)
    {
        if (part is not null)
        {
            _conditions.Add(condition('@' + name), name, StoredText.Fold(part));
        }
    }
}
