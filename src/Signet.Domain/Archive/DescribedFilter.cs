using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;

namespace Signet.Archive;

/// <summary>
/// A filter in words, as queries and addresses of pages give it: what <c>/_signet/messages</c> and the console's list of messages take.
/// Empty counts as not given, for an empty text would match everything. The meanings are those of <see cref="MessageFilter"/>.
/// </summary>
public sealed record DescribedFilter
{
    public string? Text { get; init; }

    public string? Id { get; init; }

    /// <summary>Twelve digits.</summary>
    public string? Account { get; init; }

    public string? To { get; init; }

    public string? From { get; init; }

    public string? Address { get; init; }

    public string? Subject { get; init; }

    /// <summary>A <see cref="DeliveryState"/> in any case.</summary>
    public string? State { get; init; }

    /// <summary><c>name=value</c>, or the name alone.</summary>
    public string? Tag { get; init; }

    /// <summary>ISO 8601; UTC unless it says otherwise.</summary>
    public string? Since { get; init; }

    /// <inheritdoc cref="Since"/>
    public string? Until { get; init; }

    public string? Before { get; init; }

    /// <summary>Reads the words.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="problem">The first word that cannot be read, in one sentence that names it.</param>
    public bool TryRead([NotNullWhen(true)] out MessageFilter? filter, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            filter = Read();
            problem = null;
            return true;
        }
        catch (FormatException exception)
        {
            filter = null;
            problem = exception.Message;
            return false;
        }
    }

    private MessageFilter Read() => new()
    {
        Text = Given(Text),
        Id = ReadId("id", Id),
        Account = Given(Account) is not { } account ? null
            : AccountId.TryParse(account, out var id) ? id
            : throw new FormatException($"`account` is twelve digits, not `{account}`"),
        To = Given(To),
        From = Given(From),
        Address = Given(Address),
        Subject = Given(Subject),
        State = ReadState(Given(State)),
        Tag = Given(Tag) is not { } tag ? null : tag.Split('=', 2) is [var name, var value] ? new TagFilter(name, value) : new TagFilter(tag, null),
        Since = ReadTime("since", Given(Since)),
        Until = ReadTime("until", Given(Until)),
        Before = ReadId("before", Before),
    };

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static MessageId? ReadId(string name, string? text) =>
        Given(text) is null ? null
        : MessageId.TryParse(text, out var id) ? id
        : throw new FormatException($"`{name}` is a MessageId, not `{text}`");

    private static DeliveryState? ReadState(string? text) =>
        text is null ? null
        : Array.Find(Enum.GetNames<DeliveryState>(), n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<DeliveryState>(name)
        : throw new FormatException($"`state` is one of queued, deferred, held, delivered, failed, not `{text}`");

    private static DateTimeOffset? ReadTime(string name, string? text) =>
        text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw new FormatException($"`{name}` is a time as in 2026-01-31T12:00:00Z, not `{text}`");
}
