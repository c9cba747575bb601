using System.Data.Common;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>
/// The bytes of messages as rows. Those of <see cref="ServerMail"/> are sealed, so that neither the file, its log nor a backup shows the
/// secret. Rows of earlier versions are in clear.
/// </summary>
internal static class StoredContent
{
    private const string Kind = "message content";

    public static SqlStatement Insert(NewMessage message, SecretBox secrets)
    {
        var isSealed = message.Owner is null;
        return new SqlStatement(
            "INSERT INTO message_content (message_id, content, sealed) VALUES (@id, @content, @sealed)",
            ("id", message.Id.Value),
            ("content", isSealed ? secrets.Seal(Kind, message.Id.Value, message.Content.Span) : message.Content),
            ("sealed", isSealed));
    }

    /// <summary>The bytes of the message.</summary>
    public static byte[] Open(string id, byte[] stored, bool isSealed, SecretBox secrets) => isSealed ? secrets.Open(Kind, id, stored) : stored;

    /// <summary>Reads a row of content and seal into memory of the content's size; false when it has another one.</summary>
    public static bool TryRead(string id, DbDataReader row, SecretBox secrets, Span<byte> into)
    {
        if (row.Flag(1))
        {
            var content = secrets.Open(Kind, id, row.Bytes(0));
            return content.Length == into.Length && content.AsSpan().TryCopyTo(into);
        }

        // Not as an array of its own, which would be garbage at once.
        using var stream = row.GetStream(0);
        if (stream.Length != into.Length)
        {
            return false;
        }

        stream.ReadExactly(into);
        return true;
    }

    /// <summary>
    /// The condition that leaves out <see cref="ServerMail"/>. An index holds its few ids, so queries still read indexes alone.
    /// </summary>
    public static string NotOfServer(string id) => $"{id} NOT IN (SELECT id FROM message WHERE account = '')";
}
