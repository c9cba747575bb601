using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Signet.Addresses;

/// <summary>Encoded words: how 7-bit header text carries other characters (RFC 2047).</summary>
internal static partial class EncodedWords
{
    // A line with encoded words has at most 76 characters (RFC 2047 §2); `Reply-To: `, the longest name before one, has ten.
    private const int MaxWordLength = 66;

    // Those that may stand for themselves everywhere, in display names too (RFC 2047 §5 (3)).
    private static readonly SearchValues<byte> PlainInQ =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/"u8);

    /// <summary>
    /// Decodes the encoded words in a text and leaves the rest as it is; blanks between two encoded words vanish (§6.2). A word
    /// that is malformed or of an unknown charset stays as written.
    /// </summary>
    public static string Decode(string text)
    {
        var next = text.IndexOf("=?", StringComparison.Ordinal);
        if (next < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var run = new Run(result);
        var done = 0;
        while (next >= 0)
        {
            if (!TryReadWord(text, next, out var end, out var charset, out var bytes))
            {
                next = text.IndexOf("=?", next + 2, StringComparison.Ordinal);
                continue;
            }

            var between = text.AsSpan(done, next - done);
            if (!run.IsOpen || !between.IsWhiteSpace())
            {
                run.Close();
                result.Append(between);
            }

            run.Add(charset, bytes);
            done = end;
            next = text.IndexOf("=?", end, StringComparison.Ordinal);
        }

        run.Close();
        return result.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>Whether the text holds what looks like an encoded word, of whatever charset.</summary>
    public static bool HasWord(string text) => Word().IsMatch(text);

    [GeneratedRegex(@"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    /// <summary>
    /// Encodes a whole text in words of at most 66 characters, one blank between them, each with whole characters only (§5): as Q where
    /// most of them are ASCII, so that the text can be read as it is, else as B. Characters the charset cannot hold become its replacement.
    /// </summary>
    public static string Encode(string text, Charset charset)
    {
        var isQ = charset.IsAsciiSuperset && text.Count(char.IsAscii) * 2 > text.Length;
        var prefix = $"=?{charset.Name}?{(isQ ? 'Q' : 'B')}?";
        var room = MaxWordLength - prefix.Length - "?=".Length;
        var result = new StringBuilder();
        var chunk = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var length = chunk.Length;
            chunk.Append(rune.ToString());
            if (length > 0 && LengthOf(charset.Encoding.GetBytes(chunk.ToString()), isQ) > room)
            {
                AppendWord(chunk.ToString(0, length));
                chunk.Remove(0, length);
            }
        }

        AppendWord(chunk.ToString());
        return result.ToString();

        void AppendWord(string part)
        {
            var bytes = charset.Encoding.GetBytes(part);
            result.Append(result.Length > 0 ? " " : "").Append(prefix);
            if (isQ)
            {
                AppendQ(result, bytes);
            }
            else
            {
                result.Append(Convert.ToBase64String(bytes));
            }

            result.Append("?=");
        }
    }

    private static int LengthOf(ReadOnlySpan<byte> bytes, bool isQ)
    {
        if (!isQ)
        {
            return (bytes.Length + 2) / 3 * 4;
        }

        var length = 0;
        foreach (var b in bytes)
        {
            length += b == ' ' || PlainInQ.Contains(b) ? 1 : 3;
        }

        return length;
    }

    private static void AppendQ(StringBuilder to, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (b == ' ')
            {
                to.Append('_');
            }
            else if (PlainInQ.Contains(b))
            {
                to.Append((char)b);
            }
            else
            {
                to.Append(CultureInfo.InvariantCulture, $"={b:X2}");
            }
        }
    }

    // =?charset?encoding?text?= ; the charset may be followed by *language (RFC 2231 §5).
    private static bool TryReadWord(string text, int start, out int end, out Encoding charset, out byte[] bytes)
    {
        (end, charset, bytes) = (0, Encoding.ASCII, []);
        var afterCharset = IndexOf('?', text, start + 2);
        if (afterCharset < 0 || afterCharset + 2 >= text.Length || text[afterCharset + 2] != '?')
        {
            return false;
        }

        var content = afterCharset + 3;
        var close = IndexOf('?', text, content);
        if (close < 0 || close + 1 >= text.Length || text[close + 1] != '=')
        {
            return false;
        }

        end = close + 2;
        var name = text[(start + 2)..afterCharset].Split('*')[0];
        if (!Charsets.TryResolve(name, out var resolved))
        {
            return false;
        }

        charset = resolved;
        return text[afterCharset + 1] switch
        {
            'b' or 'B' => TryDecodeBase64(text[content..close], out bytes),
            'q' or 'Q' => TryDecodeQ(text.AsSpan(content, close - content), out bytes),
            _ => false,
        };
    }

    // A word has no blanks: looking no further than the next one keeps decoding linear.
    private static int IndexOf(char wanted, string text, int from)
    {
        for (var i = from; i < text.Length && text[i] is > ' ' and < '\x7f'; i++)
        {
            if (text[i] == wanted)
            {
                return i;
            }
        }

        return -1;
    }

    private static bool TryDecodeBase64(string text, out byte[] bytes)
    {
        // Some programs leave the padding out.
        var padded = text.TrimEnd('=');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        bytes = new byte[padded.Length / 4 * 3];
        var valid = Convert.TryFromBase64String(padded, bytes, out var written);
        bytes = bytes[..(valid ? written : 0)];
        return valid;
    }

    private static bool TryDecodeQ(ReadOnlySpan<char> text, out byte[] bytes)
    {
        var result = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
            {
                result.Add(text[i] == '_' ? (byte)' ' : (byte)text[i]);
            }
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                result.Add(Convert.FromHexString(text.Slice(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                bytes = [];
                return false;
            }
        }

        bytes = [.. result];
        return true;
    }

    /// <summary>
    /// Words that follow each other in one charset are decoded together, because many programs split a character between two.
    /// </summary>
    private sealed class Run(StringBuilder result)
    {
        private readonly List<byte> bytes = [];
        private Encoding? charset;

        public bool IsOpen => charset is not null;

        public void Add(Encoding of, byte[] more)
        {
            if (charset is not null && charset.CodePage != of.CodePage)
            {
                Close();
            }

            charset = of;
            bytes.AddRange(more);
        }

        public void Close()
        {
            if (charset is not null)
            {
                result.Append(charset.GetString([.. bytes]));
                charset = null;
                bytes.Clear();
            }
        }
    }
}
