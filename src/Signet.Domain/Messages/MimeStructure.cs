using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Signet.Messages;

/// <summary>
/// Walks through the parts of a message once, line by line, and checks what SES checks of them: fields that parse, multiparts that
/// begin, file names that are accepted, and how many parts and fields there are. Messages within the message are only counted: whatever is
/// forwarded may be as it is.
/// </summary>
internal sealed class MimeStructure
{
    private const string ContentType = "Content-Type";
    private const string ContentDisposition = "Content-Disposition";
    private const string TransferEncoding = "Content-Transfer-Encoding";

    // INVARIANT: the multiparts of messages within come after those of the message itself.
    private readonly List<Multipart> open = [];

    private int own;
    private int parts;
    private int fields;
    private int bytes;

    private MimeStructure()
    {
    }

    /// <param name="fields">The header of the message.</param>
    /// <param name="body">What follows its empty line, with CRLF line ends.</param>
    /// <param name="problem">What SES would refuse.</param>
    public static bool TryCheck(
        IReadOnlyList<HeaderField> fields, ReadOnlyMemory<byte> body, [NotNullWhen(false)] out string? problem)
    {
        var structure = new MimeStructure();
        problem = structure.EnterOwn(fields, isDigest: false, out var isMessage)
            ?? (isMessage ? structure.EnterMessage(ref body) : null)
            ?? structure.Walk(body);
        return problem is null;
    }

    private string? Walk(ReadOnlyMemory<byte> body)
    {
        while (!body.IsEmpty && open.Count > 0)
        {
            if (!body.Span.StartsWith("--"u8))
            {
                body = body.Span.IndexOf("\n--"u8) is >= 0 and var before ? body[(before + 1)..] : default;
                continue;
            }

            var line = LineEnds.LengthOfLine(body.Span, out var content);
            var delimiter = body.Span[..content];
            body = body[line..];
            if (!IsDelimiter(delimiter, out var depth, out var closes))
            {
                continue;
            }

            if ((LeaveTo(closes ? depth : depth + 1) ?? (closes ? null : EnterPart(open[depth], ref body))) is { } problem)
            {
                return problem;
            }
        }

        return LeaveTo(0);
    }

    // An outer multipart's delimiter ends the inner ones, closed or not (RFC 2046 §5.1.2).
    private string? LeaveTo(int depth)
    {
        var unfinished = open.Skip(depth).Any(m => m.IsOwn && !m.HasStarted);
        open.RemoveRange(depth, open.Count - depth);
        own = Math.Min(own, depth);
        return unfinished ? "Missing start boundary" : null;
    }

    // A message within cannot take a delimiter from the message around it, whatever boundary it has.
    private bool IsDelimiter(ReadOnlySpan<byte> line, out int depth, out bool closes)
    {
        (depth, closes) = (-1, false);
        if (!line.StartsWith("--"u8))
        {
            return false;
        }

        var text = line[2..].TrimEnd(" \t"u8);
        return Find(text, own - 1, 0, out depth, out closes)
            || Find(text, open.Count - 1, own, out depth, out closes)
            || IsFirstOfUnnamed(text, out depth, out closes);
    }

    // As JavaMail does: where no boundary is named, the first line that may be a delimiter is one, but for a rule of hyphens.
    private bool IsFirstOfUnnamed(ReadOnlySpan<byte> text, out int depth, out bool closes)
    {
        (depth, closes) = (open.Count - 1, false);
        if (open.Count == 0 || open[^1].Boundary.Length > 0 || text.TrimEnd((byte)'-').IsEmpty)
        {
            return false;
        }

        open[^1].Boundary = text.ToArray();
        return true;
    }

    private bool Find(ReadOnlySpan<byte> text, int innermost, int outermost, out int depth, out bool closes)
    {
        closes = false;
        for (depth = innermost; depth >= outermost; depth--)
        {
            ReadOnlySpan<byte> boundary = open[depth].Boundary;
            closes = text.Length == boundary.Length + 2 && text.EndsWith("--"u8);
            if (boundary.Length > 0 && text.StartsWith(boundary) && (closes || text.Length == boundary.Length))
            {
                return true;
            }
        }

        return false;
    }

    private string? EnterPart(Multipart multipart, ref ReadOnlyMemory<byte> body)
    {
        multipart.HasStarted = true;
        List<HeaderField> header = [];
        bool isMessage;
        if ((AddPart() ?? ReadHeader(ref body, out header)) is { } tooMuch)
        {
            return tooMuch;
        }

        var problem = multipart.IsOwn
            ? EnterOwn(header, multipart.IsDigest, out isMessage)
            : EnterForeign(header, multipart.IsDigest, out isMessage);
        return problem ?? (isMessage ? EnterMessage(ref body) : null);
    }

    // A message counts with the part that it is; one that is the whole of another counts by itself.
    private string? EnterMessage(ref ReadOnlyMemory<byte> body)
    {
        var isMessage = true;
        string? problem = null;
        while (isMessage && problem is null)
        {
            problem = ReadHeader(ref body, out var header)
                ?? EnterForeign(header, isDigest: false, out isMessage)
                ?? (isMessage ? AddPart() : null);
        }

        return problem;
    }

    private string? AddPart() => ++parts > MessageLimits.MaxParts ? $"Message has more than {MessageLimits.MaxParts} MIME parts." : null;

    private string? EnterOwn(IReadOnlyList<HeaderField> header, bool isDigest, out bool isMessage)
    {
        isMessage = false;
        ContentHeader? type = null, disposition = null;
        if ((header.FirstOrDefault(f => f.Is(ContentType)) is { } typeField
                && !ContentHeader.TryParseType(typeField.Value, out type, out var problem))
            || (header.FirstOrDefault(f => f.Is(ContentDisposition)) is { } dispositionField
                && !ContentHeader.TryParseDisposition(dispositionField.Value, out disposition, out problem)))
        {
            return problem;
        }

        var fileName = disposition?.Parameters.GetValueOrDefault("filename") ?? type?.Parameters.GetValueOrDefault("name");
        if (fileName is not null && Attachments.Problem(fileName) is { } refused)
        {
            return refused;
        }

        isMessage = IsMessage(type, header, isDigest);
        if (!IsMultipart(type))
        {
            return null;
        }

        return Open(type, isOwn: true) ? null : TooDeep;
    }

    // What cannot be read of it is not looked into.
    private string? EnterForeign(IReadOnlyList<HeaderField> header, bool isDigest, out bool isMessage)
    {
        var type = header.FirstOrDefault(f => f.Is(ContentType)) is { } field && ContentHeader.TryParseType(field.Value, out var read, out _)
            ? read
            : null;
        isMessage = IsMessage(type, header, isDigest);
        return IsMultipart(type) && !Open(type, isOwn: false) && open.Count == MessageLimits.MaxDepth ? TooDeep : null;
    }

    private static string TooDeep => $"Message has more than {MessageLimits.MaxDepth} levels of multiparts.";

    private static bool IsMultipart([NotNullWhen(true)] ContentHeader? type) => type?.Value.StartsWith("multipart/", StringComparison.Ordinal) == true;

    // RFC 2046 §5.1.5: in a digest a part without a type is a message. One that is encoded, against §5.2.1, is a file like any other.
    private static bool IsMessage(ContentHeader? type, IReadOnlyList<HeaderField> header, bool isDigest) =>
        (type is null ? isDigest : type.Value is "message/rfc822" or "message/global" or "message/news")
        && header.FirstOrDefault(f => f.Is(TransferEncoding))?.Value.ToLowerInvariant() is not ("base64" or "quoted-printable");

    private bool Open(ContentHeader type, bool isOwn)
    {
        var boundary = type.Parameters.GetValueOrDefault("boundary", "");
        if (open.Count == MessageLimits.MaxDepth || (boundary.Length == 0 && !isOwn))
        {
            return false;
        }

        open.Add(new Multipart(Encoding.Latin1.GetBytes(boundary), isOwn, type.Value == "multipart/digest"));
        own += isOwn ? 1 : 0;
        return true;
    }

    // A part's header ends at an empty line, or before a line that is no field: a delimiter, or text where the empty line is missing.
    private string? ReadHeader(ref ReadOnlyMemory<byte> text, out List<HeaderField> header)
    {
        header = [];
        var length = 0;
        while (length < text.Length)
        {
            var rest = text[length..];
            var line = LineEnds.LengthOfLine(rest.Span, out var content);
            if (content == 0)
            {
                length += line;
                break;
            }

            if (IsDelimiter(rest.Span[..content], out _, out _) || !HeaderBlock.TryReadField(rest, out var field))
            {
                break;
            }

            length += field.Bytes.Length;
            bytes += field.Bytes.Length;
            fields++;
            if (TooMuch(length) is { } problem)
            {
                return problem;
            }

            if (field.Is(ContentType) || field.Is(ContentDisposition) || field.Is(TransferEncoding))
            {
                header.Add(field);
            }
        }

        text = text[length..];
        return null;
    }

    private string? TooMuch(int length) =>
        HeaderBlock.IsTooLarge(length) ? HeaderBlock.TooLarge
            : fields > MessageLimits.MaxPartHeaderFields ? $"Message has more than {MessageLimits.MaxPartHeaderFields} header fields in its parts."
            : bytes > MessageLimits.MaxPartHeaderBytes ? $"Headers of the parts are more than {MessageLimits.MaxPartHeaderBytes} bytes long."
            : null;

    /// <summary>A multipart that has not ended.</summary>
    /// <param name="boundary">What its delimiters have behind the hyphens; empty until that shows where it is not named.</param>
    /// <param name="isOwn">Whether it is the message's, and not one of a message within it.</param>
    /// <param name="isDigest">Whether its parts are messages unless they say otherwise.</param>
    private sealed class Multipart(byte[] boundary, bool isOwn, bool isDigest)
    {
        public byte[] Boundary { get; set; } = boundary;

        public bool IsOwn { get; } = isOwn;

        public bool IsDigest { get; } = isDigest;

        public bool HasStarted { get; set; }
    }
}
