using System.Globalization;
using System.Text;

namespace Signet.Server.Hosting;

/// <summary>
/// A text on its way into the log. Parts of it were written by strangers: what could end the line, move the cursor, colour a terminal or
/// turn the order of the letters around becomes an escape that one can see, and what is too long is cut.
/// </summary>
internal static class LogText
{
    /// <summary>Appends the text.</summary>
    /// <param name="to">The entry.</param>
    /// <param name="text">Anything.</param>
    /// <param name="maxBytes">In UTF-8, escapes included; the word about what is left out comes on top.</param>
    /// <returns>How many bytes were appended.</returns>
    public static int Append(StringBuilder to, string text, int maxBytes)
    {
        var bytes = 0;
        for (var at = 0; at < text.Length;)
        {
            // What is half of a surrogate pair decodes to a replacement, and is shown by its number.
            var isWhole = Rune.TryGetRuneAt(text, at, out var rune);
            var escape = isWhole ? Escape(rune) : Number(text[at]);
            var size = escape?.Length ?? rune.Utf8SequenceLength;
            if (bytes + size > maxBytes)
            {
                var left = string.Create(CultureInfo.InvariantCulture, $"… ({text.Length - at} characters more)");
                to.Append(left);
                return bytes + Encoding.UTF8.GetByteCount(left);
            }

            bytes += size;
            if (escape is not null)
            {
                to.Append(escape);
            }
            else
            {
                to.Append(text, at, rune.Utf16SequenceLength);
            }

            at += isWhole ? rune.Utf16SequenceLength : 1;
        }

        return bytes;
    }

    // By category, so that none is forgotten: controls (C0, DEL, C1), line and paragraph separators, and the characters that only say how
    // others are shown, the bidirectional controls (Unicode Annex 9) among them.
    private static string? Escape(Rune rune) => rune.Value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        >= ' ' and <= '~' => null,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? Number(rune.Value) : null,
    };

    private static string Number(int value) =>
        value < 0x100 ? $"\\x{value:x2}" : value < 0x10000 ? $"\\u{value:x4}" : $"\\U{value:x8}";
}
