using System.Data.Common;
using Signet.Events;
using Signet.Messages;

namespace Signet.Storage;

/// <summary>Events as rows.</summary>
internal static class StoredEvent
{
    public const string Columns = "id, message_id, account, region, at, type, recipients, detail";

    public static SqlStatement Insert(MessageEvent happened) => new(
        $"""
        INSERT INTO event ({Columns})
        VALUES (@id, @message, @account, @region, @at, @type, @recipients, @detail)
        """,
        ("id", happened.Id), ("message", happened.MessageId.Value),
        ("account", happened.Owner?.Account.Value ?? ""), ("region", happened.Owner?.Region.Value ?? ""),
        ("at", happened.At), ("type", happened.Type),
        ("recipients", StorageJson.Write(happened.Recipients, StorageJson.Default.IReadOnlyListString)),
        ("detail", StorageJson.Versioned(happened.Detail)));

    public static MessageEvent Read(DbDataReader row) => new(
        Guid.Parse(row.GetString(0)),
        MessageId.Parse(row.GetString(1)),
        row.Owner(2),
        row.Time(4),
        row.Name<EventType>(5),
        StorageJson.TextsToShow(row.GetString(6)),
        StorageJson.Unversioned(row.GetString(7)));
}
