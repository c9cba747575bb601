using System.Text;
using MimeKit;
using Signet.Addresses;
using Signet.Messages;

namespace Signet.Viewing;

/// <summary>What one part of a message holds, as all views show it: its bytes, its size, its name, its text.</summary>
internal static class PartReader
{
    /// <summary>The bytes of a part without its transfer encoding; of a message within the message all its bytes; of a multipart none.</summary>
    public static byte[] Bytes(MimeEntity entity)
    {
        using var bytes = new MemoryStream();
        Write(entity, bytes);
        return bytes.ToArray();
    }

    /// <summary>How many <see cref="Bytes"/> there are.</summary>
    public static long Size(MimeEntity entity)
    {
        using var measure = new MimeKit.IO.MeasuringStream();
        Write(entity, measure);
        return measure.Length;
    }

    /// <summary>The file name that the part came with, decoded (RFC 2231, RFC 2047), as a stranger wrote it; null if it has none.</summary>
    public static string? Name(MimeEntity entity) =>
        Parameter(entity, "Content-Disposition", "filename")
        ?? Parameter(entity, "Content-Type", "name")
        ?? (entity is MimePart part ? part.FileName : entity.ContentDisposition?.FileName ?? entity.ContentType.Name);

    /// <summary>
    /// The text of a part in the charset that it names. A byte order mark decides before that where the charset is one of Unicode's.
    /// 8-bit text in US-ASCII, or in a charset that is not named or not known, is taken for what it most probably is
    /// (<see cref="Charsets.Guess"/>).
    /// </summary>
    public static string Text(MimeKit.TextPart part)
    {
        var bytes = Bytes(part);
        var named = Charsets.TryResolve(part.ContentType.Charset?.Trim(), out var charset) && !charset.Equals(Encoding.ASCII) ? charset : null;
        var isUnicode = named is null || named.WebName.StartsWith("utf-", StringComparison.Ordinal);
        var encoding = (isUnicode ? ByOrderMark(bytes) : null) ?? named;
        return (encoding is null ? Charsets.Guess(bytes) : encoding.GetString(bytes)).TrimStart('\ufeff');
    }

    private static Encoding? ByOrderMark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xef, 0xbb, 0xbf, ..] => Encoding.UTF8,
        [0xfe, 0xff, ..] => Encoding.BigEndianUnicode,
        [0xff, 0xfe, ..] => Encoding.Unicode,
        _ => null,
    };

    // The same reading that acceptance looks at, so that the name that was checked is the one that is shown.
    private static string? Parameter(MimeEntity entity, string field, string parameter)
    {
        if (entity.Headers.FirstOrDefault(h => h.Field.Equals(field, StringComparison.OrdinalIgnoreCase)) is not { } header)
        {
            return null;
        }

        var value = HeaderField.Unfold(header.RawValue);
        var isRead = field == "Content-Type" ? ContentHeader.TryParseType(value, out var read, out _) : ContentHeader.TryParseDisposition(value, out read, out _);
        return isRead && read!.Parameters.TryGetValue(parameter, out var name) ? name : null;
    }

    private static void Write(MimeEntity entity, Stream stream)
    {
        if (entity is MimePart { Content: { } content })
        {
            TransferDecoder.Decode(content, stream);
        }
        else if (entity is MessagePart { Message: { } message })
        {
            message.WriteTo(stream);
        }
    }
}
