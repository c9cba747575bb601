using System.Buffers;
using System.Numerics;

namespace Signet.Messages;

/// <summary>
/// Line ends of a raw message. A bare LF or CR, and the CR CR LF of a text that was converted twice, become CRLF before anything looks at
/// the message, so that what is checked, signed and sent has the same lines for everyone who reads it.
/// </summary>
internal static class LineEnds
{
    private static readonly SearchValues<byte> Any = SearchValues.Create("\r\n"u8);

    /// <summary>The same memory if there is nothing to change.</summary>
    public static ReadOnlyMemory<byte> ToCrLf(ReadOnlyMemory<byte> data)
    {
        if (AreCrLf(data.Span))
        {
            return data;
        }

        var result = new byte[data.Length + Growth(data.Span)];
        var from = data.Span;
        var to = result.AsSpan();
        while (!from.IsEmpty)
        {
            var line = LengthOfLine(from, out var content);
            from[..content].CopyTo(to);
            to = to[content..];
            if (line > content)
            {
                "\r\n"u8.CopyTo(to);
                to = to[2..];
            }

            from = from[line..];
        }

        return result;
    }

    /// <summary>The length of the first line with its end, which may be missing in the last.</summary>
    /// <param name="text">What is left of a message.</param>
    /// <param name="content">The length without the end.</param>
    public static int LengthOfLine(ReadOnlySpan<byte> text, out int content)
    {
        var end = text.IndexOfAny(Any);
        content = end < 0 ? text.Length : end;
        return end < 0 ? text.Length
            : text[end..].StartsWith("\r\n"u8) ? end + 2
            : text[end..].StartsWith("\r\r\n"u8) ? end + 3
            : end + 1;
    }

    /// <summary>Whether every CR has an LF behind it and every LF a CR before it. All messages pass here, so many bytes are compared at once.</summary>
    private static bool AreCrLf(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] == (byte)'\n')
        {
            return text.IsEmpty;
        }

        var at = 0;
        var (returns, feeds) = (new Vector<byte>((byte)'\r'), new Vector<byte>((byte)'\n'));
        for (; at + Vector<byte>.Count < text.Length; at += Vector<byte>.Count)
        {
            if (Vector.Equals(new Vector<byte>(text[at..]), returns) != Vector.Equals(new Vector<byte>(text[(at + 1)..]), feeds))
            {
                return false;
            }
        }

        for (; at + 1 < text.Length; at++)
        {
            if (text[at] == (byte)'\r' != (text[at + 1] == (byte)'\n'))
            {
                return false;
            }
        }

        return text[^1] != (byte)'\r';
    }

    /// <summary>How many bytes longer the text is with SMTP's line ends.</summary>
    private static int Growth(ReadOnlySpan<byte> text)
    {
        var growth = 0;
        while (!text.IsEmpty)
        {
            var line = LengthOfLine(text, out var content);
            growth += line == content ? 0 : 2 - (line - content);
            text = text[line..];
        }

        return growth;
    }
}
