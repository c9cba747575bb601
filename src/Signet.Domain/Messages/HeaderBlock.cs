using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Signet.Messages;

/// <summary>Cuts the header of a message into fields without changing a byte (RFC 5322 §2.2).</summary>
internal static class HeaderBlock
{
    /// <summary>Said of the header of a message or of a part.</summary>
    public const string TooLarge = "Header section too long.";

    /// <param name="message">CRLF line ends.</param>
    /// <param name="fields">The fields in order.</param>
    /// <param name="size">Bytes up to the empty line; all of them when there is none.</param>
    /// <param name="problem">Why it is not a header.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> message,
        [NotNullWhen(true)] out IReadOnlyList<HeaderField>? fields,
        out int size,
        [NotNullWhen(false)] out string? problem)
    {
        List<HeaderField> read = [];
        fields = null;
        problem = null;
        size = 0;
        while (size < message.Length && !message.Span[size..].StartsWith("\r\n"u8))
        {
            problem = !TryReadField(message[size..], out var field) ? "Empty header names are illegal."
                : read.Count == MessageLimits.MaxHeaderFields ? $"Message has more than {MessageLimits.MaxHeaderFields} header fields."
                : IsTooLarge(size += field.Bytes.Length) ? TooLarge
                : Problem(field);
            if (problem is not null)
            {
                return false;
            }

            read.Add(field!);
        }

        fields = read;
        return true;
    }

    /// <summary>The fields of a message of whatever version, for showing: lines that are no field are left out, and so is what is too much.</summary>
    public static IReadOnlyList<HeaderField> ReadForShow(ReadOnlyMemory<byte> message)
    {
        List<HeaderField> read = [];
        for (var at = 0; at < message.Length && !IsTooLarge(at) && read.Count < MessageLimits.MaxHeaderFields;)
        {
            var rest = message[at..];
            if (TryReadField(rest, out var field))
            {
                read.Add(field);
                at += field.Bytes.Length;
                continue;
            }

            at += LineEnds.LengthOfLine(rest.Span, out var content);
            if (content == 0)
            {
                break;
            }
        }

        return read;
    }

    /// <summary>True when a header, or a part's, is larger than any that is read.</summary>
    public static bool IsTooLarge(int size) => size > MessageLimits.MaxHeaderBytes;

    /// <summary>A field of which these are all bytes; null when it has no name.</summary>
    public static HeaderField? ReadField(ReadOnlyMemory<byte> bytes)
    {
        var firstLine = bytes.Span;
        var colon = firstLine.IndexOf((byte)':');
        var name = colon < 0 ? "" : Encoding.Latin1.GetString(firstLine[..colon]).TrimEnd(' ', '\t');
        return name.Length == 0 || name[0] is ' ' or '\t' ? null : new HeaderField(name, bytes, colon);
    }

    /// <summary>
    /// Reads one field with its folded lines. A line without a colon is none, nor is a folded line with nothing before it: what base64
    /// or plain text looks like.
    /// </summary>
    public static bool TryReadField(ReadOnlyMemory<byte> text, [NotNullWhen(true)] out HeaderField? field)
    {
        var span = text.Span;
        var length = LineEnds.LengthOfLine(span, out var firstLine);
        var hasColon = span[..firstLine].Contains((byte)':');
        while (length < span.Length && span[length] is (byte)' ' or (byte)'\t')
        {
            length += LineEnds.LengthOfLine(span[length..], out _);
        }

        field = hasColon ? ReadField(text[..length]) : null;
        return field is not null;
    }

    // RFC 5322 §2.2: a name is printable, without blanks.
    private static string? Problem(HeaderField field) =>
        field.Name.Any(c => c is <= ' ' or >= '\x7f') ? $"Illegal header name '{Shown(field.Name)}'."
        : field.Bytes.Span.Contains((byte)0) ? $"Header '{field.Name}' contains a NUL character."
        : null;

    private static string Shown(string name) => new([.. name.Take(80).Select(c => c is < ' ' or >= '\x7f' ? '?' : c)]);
}
