using System.Diagnostics.CodeAnalysis;

namespace Signet.Messages;

/// <summary>
/// Walks through the parts of a message once, line by line, and checks what SES checks of them: fields that parse, multiparts that
/// begin, file names that are accepted. Encapsulated messages are not opened.
/// </summary>
internal sealed class MimeStructure
{
    // JavaMail has no bound; a stranger's message needs one.
    private const int MaxDepth = 100;

    private const string ContentType = "Content-Type";
    private const string ContentDisposition = "Content-Disposition";

    private readonly List<OpenMultipart> open = [];

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
        problem = structure.Enter(fields) ?? structure.Walk(body);
        return problem is null;
    }

    private string? Walk(ReadOnlyMemory<byte> body)
    {
        while (!body.IsEmpty && open.Count > 0)
        {
            var line = LineEnds.LengthOfLine(body.Span, out var content);
            var delimiter = body.Span[..content];
            body = body[line..];
            if (!OpenMultipart.TryFind(open, delimiter, out var depth, out var closes))
            {
                continue;
            }

            if (LeaveTo(closes ? depth : depth + 1) is { } unfinished)
            {
                return unfinished;
            }

            if (!closes)
            {
                open[depth].HasStarted = true;
                var (fields, length) = HeaderOfPart(body);
                if ((HeaderBlock.IsTooLarge(length) ? HeaderBlock.TooLarge : Enter(fields)) is { } problem)
                {
                    return problem;
                }

                body = body[length..];
            }
        }

        return LeaveTo(0);
    }

    // An outer multipart's delimiter ends the inner ones, closed or not (RFC 2046 §5.1.2).
    private string? LeaveTo(int depth)
    {
        var unfinished = open.Skip(depth).Any(m => !m.HasStarted);
        open.RemoveRange(depth, open.Count - depth);
        return unfinished ? "Missing start boundary" : null;
    }

    private string? Enter(IReadOnlyList<HeaderField> fields)
    {
        ContentHeader? type = null, disposition = null;
        if ((fields.FirstOrDefault(f => f.Is(ContentType)) is { } typeField
                && !ContentHeader.TryParseType(typeField.Value, out type, out var problem))
            || (fields.FirstOrDefault(f => f.Is(ContentDisposition)) is { } dispositionField
                && !ContentHeader.TryParseDisposition(dispositionField.Value, out disposition, out problem)))
        {
            return problem;
        }

        var fileName = disposition?.Parameters.GetValueOrDefault("filename") ?? type?.Parameters.GetValueOrDefault("name");
        if (fileName is not null && Attachments.Problem(fileName) is { } refused)
        {
            return refused;
        }

        if (type is null || !type.Value.StartsWith("multipart/", StringComparison.Ordinal))
        {
            return null;
        }

        if (open.Count == MaxDepth)
        {
            return $"Message has more than {MaxDepth} levels of multiparts.";
        }

        if (!type.Parameters.TryGetValue("boundary", out var boundary) || boundary.Length == 0)
        {
            return "Missing start boundary";
        }

        open.Add(new OpenMultipart(boundary));
        return null;
    }

    // A part's header ends at an empty line, or before a line that is no field: a delimiter, or text where the empty line is missing.
    private (List<HeaderField> Fields, int Length) HeaderOfPart(ReadOnlyMemory<byte> text)
    {
        List<HeaderField> fields = [];
        var length = 0;
        while (length < text.Length && !HeaderBlock.IsTooLarge(length))
        {
            var rest = text[length..];
            var line = LineEnds.LengthOfLine(rest.Span, out var content);
            if (content == 0)
            {
                return (fields, length + line);
            }

            if (OpenMultipart.TryFind(open, rest.Span[..content], out _, out _) || !HeaderBlock.TryReadField(rest, out var field))
            {
                break;
            }

            if (field.Is(ContentType) || field.Is(ContentDisposition))
            {
                fields.Add(field);
            }

            length += field.Bytes.Length;
        }

        return (fields, length);
    }
}
