using System.Buffers;
using System.Text;

namespace Signet.Messages;

/// <summary>
/// Rewrites a message, part by part, with 8-bit content encoded. It walks through the parts as <see cref="MimeStructure"/> does,
/// and opens encapsulated messages too, since those may not be encoded as a whole (RFC 2046 §5.2.1); others of that kind may (RFC 6532 §3.7).
/// </summary>
internal sealed class SevenBitWriter(ReadOnlyMemory<byte> message)
{
    // Encapsulated messages were not looked into when the message was accepted.
    private const int MaxDepth = 100;
    private const int MaxHeader = 512 * 1024;

    private const string TransferEncoding = "Content-Transfer-Encoding";
    private const string PlainText = "text/plain";
    private const string Encapsulated = "message/rfc822";

    private readonly List<OpenMultipart> open = [];
    private readonly ArrayBufferWriter<byte> output = new(message.Length + (message.Length / 4) + 512);
    private ReadOnlyMemory<byte> rest = message;

    /// <summary>What was written so far.</summary>
    public ReadOnlyMemory<byte> Written => output.WrittenMemory;

    private bool IsSigned => open.Exists(m => m.IsSigned);

    /// <summary>Writes the whole message.</summary>
    public SevenBitProblem Write()
    {
        var problem = WriteEntity(isMessage: true, PlainText);
        while (problem == SevenBitProblem.None && !rest.IsEmpty)
        {
            var line = Take(LineEnds.LengthOfLine(rest.Span, out var content));
            if (!OpenMultipart.TryFind(open, line.Span[..content], out var depth, out var closes))
            {
                problem = WriteUnseen(line.Span);
                continue;
            }

            output.Write(line.Span);
            var kept = closes ? depth : depth + 1;
            open.RemoveRange(kept, open.Count - kept);
            if (!closes)
            {
                problem = WriteEntity(isMessage: false, open[depth].IsDigest ? Encapsulated : PlainText);
            }
        }

        // An 8-bit boundary is what can still be left.
        return problem == SevenBitProblem.None && !Ascii.IsValid(output.WrittenSpan) ? SevenBitProblem.Malformed : problem;
    }

    /// <summary>Writes a header with what belongs to it: a leaf's content, or all headers down to the first part of a multipart.</summary>
    private SevenBitProblem WriteEntity(bool isMessage, string defaultType)
    {
        while (TryTakeHeader(out var fields, out var emptyLine))
        {
            var encoding = Value(fields, TransferEncoding)?.Trim().ToLowerInvariant();
            var isIdentity = encoding is null or "7bit" or "8bit" or "binary";
            var type = TypeOf(fields, defaultType);
            if (type?.Value is Encapsulated or "message/news" && isIdentity)
            {
                if (WriteHeader(fields, emptyLine, Relabelled(encoding), isMessage) is not SevenBitProblem.None and var problem)
                {
                    return problem;
                }

                (isMessage, defaultType) = (true, PlainText);
                continue;
            }

            return type is null ? SevenBitProblem.Malformed
                : type.Value.StartsWith("multipart/", StringComparison.Ordinal) ? WriteMultipart(fields, emptyLine, type, Relabelled(encoding), isMessage)
                : WriteLeaf(fields, emptyLine, type.Value, encoding, isMessage);
        }

        return SevenBitProblem.Malformed;
    }

    private SevenBitProblem WriteMultipart(
        List<HeaderField> fields, ReadOnlyMemory<byte> emptyLine, ContentHeader type, string? encoding, bool isMessage)
    {
        if (open.Count == MaxDepth || !type.Parameters.TryGetValue("boundary", out var boundary) || boundary.Length == 0)
        {
            return SevenBitProblem.Malformed;
        }

        var problem = WriteHeader(fields, emptyLine, encoding, isMessage);
        open.Add(new OpenMultipart(boundary)
        {
            IsDigest = type.Value == "multipart/digest",
            IsSigned = type.Value == "multipart/signed",
        });
        return problem;
    }

    private SevenBitProblem WriteLeaf(
        List<HeaderField> fields, ReadOnlyMemory<byte> emptyLine, string type, string? encoding, bool isMessage)
    {
        var body = TakeBody();
        if (Ascii.IsValid(body.Span))
        {
            var asItIs = WriteHeader(fields, emptyLine, Relabelled(encoding), isMessage);
            output.Write(body.Span);
            return asItIs;
        }

        if (IsSigned)
        {
            return SevenBitProblem.SignedPart;
        }

        var data = TransferDecoder.Decode(encoding, body);
        var isText = type.StartsWith("text/", StringComparison.Ordinal) || type.StartsWith("message/", StringComparison.Ordinal);
        var isQuoted = isText && BodyPart.IsMostlyText(data.Span);
        var problem = WriteHeader(fields, emptyLine, isQuoted ? "quoted-printable" : "base64", isMessage);
        if (isQuoted)
        {
            TransferEncoder.WriteQuotedPrintable(data.Span, output);
        }
        else
        {
            TransferEncoder.WriteBase64(data.Span, output);
        }

        return problem;
    }

    /// <param name="fields">The fields.</param>
    /// <param name="emptyLine">What ended them; empty when nothing did.</param>
    /// <param name="encoding">The transfer encoding to name; null leaves what is there.</param>
    /// <param name="isMessage">Whether it is the header of a whole message, where MIME has to be declared (RFC 2045 §4).</param>
    private SevenBitProblem WriteHeader(List<HeaderField> fields, ReadOnlyMemory<byte> emptyLine, string? encoding, bool isMessage)
    {
        var isNamed = encoding is null;
        foreach (var field in fields)
        {
            if (encoding is not null && field.Is(TransferEncoding))
            {
                WriteEncoding();
            }
            else if (Ascii.IsValid(field.Bytes.Span))
            {
                output.Write(field.Bytes.Span);
            }
            else if (IsSigned)
            {
                return SevenBitProblem.SignedPart;
            }
            else
            {
                SevenBitField.Write(field, output);
            }
        }

        if (isMessage && encoding is "quoted-printable" or "base64" && Value(fields, "MIME-Version") is null)
        {
            output.Write("MIME-Version: 1.0\r\n"u8);
        }

        WriteEncoding();
        output.Write(emptyLine.IsEmpty && encoding is not null ? "\r\n"u8 : emptyLine.Span);
        return SevenBitProblem.None;

        void WriteEncoding()
        {
            if (!isNamed)
            {
                Encoding.ASCII.GetBytes($"{TransferEncoding}: {encoding}\r\n", output);
                isNamed = true;
            }
        }
    }

    // Text outside of the parts, of which readers see nothing (RFC 2046 §5.1.1).
    private SevenBitProblem WriteUnseen(ReadOnlySpan<byte> line)
    {
        if (Ascii.IsValid(line))
        {
            output.Write(line);
            return SevenBitProblem.None;
        }

        SevenBitField.WriteWithQuestionMarks(line, output);
        return IsSigned ? SevenBitProblem.SignedPart : SevenBitProblem.None;
    }

    // When all that is inside is 7-bit, nothing may say otherwise (RFC 2045 §6.4).
    private string? Relabelled(string? encoding) => encoding is "8bit" or "binary" && !IsSigned ? "7bit" : null;

    /// <summary>Takes the fields up to an empty line, or to a line that is none: a delimiter, or text where the empty line is missing.</summary>
    private bool TryTakeHeader(out List<HeaderField> fields, out ReadOnlyMemory<byte> emptyLine)
    {
        fields = [];
        emptyLine = ReadOnlyMemory<byte>.Empty;
        var length = 0;
        while (length < rest.Length && length <= MaxHeader)
        {
            var text = rest[length..];
            var line = LineEnds.LengthOfLine(text.Span, out var content);
            if (content == 0)
            {
                emptyLine = text[..line];
                break;
            }

            if (OpenMultipart.TryFind(open, text.Span[..content], out _, out _) || !HeaderBlock.TryReadField(text, out var field))
            {
                break;
            }

            fields.Add(field);
            length += field.Bytes.Length;
        }

        Take(length + emptyLine.Length);
        return length <= MaxHeader;
    }

    /// <summary>Takes the content of a leaf; the line end before a delimiter is the delimiter's.</summary>
    private ReadOnlyMemory<byte> TakeBody()
    {
        var length = open.Count == 0 ? rest.Length : 0;
        while (length < rest.Length)
        {
            var line = LineEnds.LengthOfLine(rest.Span[length..], out var content);
            if (OpenMultipart.TryFind(open, rest.Span.Slice(length, content), out _, out _))
            {
                length -= rest.Span[..length].EndsWith("\r\n"u8) ? 2 : 0;
                break;
            }

            length += line;
        }

        return Take(length);
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    /// <summary>The type of an entity; null when it is a multipart, or perhaps one, that cannot be read.</summary>
    private static ContentHeader? TypeOf(List<HeaderField> fields, string defaultType)
    {
        var text = Value(fields, "Content-Type") ?? defaultType;
        return ContentHeader.TryParseType(text, out var type, out _) ? type
            : text.StartsWith("multipart", StringComparison.OrdinalIgnoreCase) || text.StartsWith("message", StringComparison.OrdinalIgnoreCase) ? null
            : new ContentHeader("application/octet-stream", new Dictionary<string, string>());
    }

    private static string? Value(List<HeaderField> fields, string name) => fields.Find(f => f.Is(name))?.Value;
}
