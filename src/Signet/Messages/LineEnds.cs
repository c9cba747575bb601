using System.Buffers;

namespace Signet.Messages;

/// <summary>
/// Line ends of a raw message. A bare LF or CR becomes CRLF before anything looks at the message, so that what is checked, signed and
/// sent has the same lines for everyone who reads it.
/// </summary>
internal static class LineEnds
{
    private static readonly SearchValues<byte> Any = SearchValues.Create("\r\n"u8);

    /// <summary>The same memory if there is nothing to change.</summary>
    public static ReadOnlyMemory<byte> ToCrLf(ReadOnlyMemory<byte> data)
    {
        var bare = CountBare(data.Span);
        if (bare == 0)
        {
            return data;
        }

        var result = new byte[data.Length + bare];
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
        return end < 0 ? text.Length : text[end..].StartsWith("\r\n"u8) ? end + 2 : end + 1;
    }

    private static int CountBare(ReadOnlySpan<byte> text)
    {
        var bare = 0;
        while (!text.IsEmpty)
        {
            var line = LengthOfLine(text, out var content);
            bare += line == content + 1 ? 1 : 0;
            text = text[line..];
        }

        return bare;
    }
}
