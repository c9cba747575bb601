using System.Buffers;

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
        var (odd, growth) = CountOdd(data.Span);
        if (odd == 0)
        {
            return data;
        }

        var result = new byte[data.Length + growth];
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

    /// <summary>How many line ends are none of SMTP's, and how many bytes longer the text is with those.</summary>
    private static (int Odd, int Growth) CountOdd(ReadOnlySpan<byte> text)
    {
        var (odd, growth) = (0, 0);
        while (!text.IsEmpty)
        {
            var line = LengthOfLine(text, out var content);
            var end = line - content;
            (odd, growth) = end is 0 or 2 ? (odd, growth) : (odd + 1, growth + 2 - end);
            text = text[line..];
        }

        return (odd, growth);
    }
}
