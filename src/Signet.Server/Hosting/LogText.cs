using System.Buffers;
using System.Globalization;
using System.Text;

namespace Signet.Server.Hosting;

/// <summary>
/// A text on its way into the log. Parts of it were written by strangers: what could end the line, move the cursor, colour a terminal or
/// turn the order of the letters around becomes an escape that one can see, and what is too long is cut.
/// </summary>
internal static class LogText
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(i => (char)i)]);

    private static readonly SearchValues<char> PlainJson =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(i => (char)i).Where(c => c is not ('"' or '\\'))]);

    /// <summary>Appends the text as people read it.</summary>
    /// <param name="to">The entry.</param>
    /// <param name="text">Anything.</param>
    /// <param name="maxBytes">In UTF-8, escapes included; the word about what is left out comes on top.</param>
    /// <returns>How many bytes were appended.</returns>
    public static int Append(StringBuilder to, string text, int maxBytes) => Append(to, text, maxBytes, Plain, isJson: false);

    /// <summary>Appends the text as the inside of a JSON string (RFC 8259 §7). The parameters are those of <see cref="Append(StringBuilder, string, int)"/>.</summary>
    public static int AppendJson(StringBuilder to, string text, int maxBytes) => Append(to, text, maxBytes, PlainJson, isJson: true);

    private static int Append(StringBuilder to, string text, int maxBytes, SearchValues<char> plain, bool isJson)
    {
        var bytes = 0;
        for (var at = 0; at < text.Length;)
        {
            var rest = text.AsSpan(at, Math.Min(text.Length - at, maxBytes - bytes));
            if (rest.IndexOfAnyExcept(plain) is var end && (end < 0 ? rest.Length : end) is var run && run > 0)
            {
                to.Append(rest[..run]);
                (bytes, at) = (bytes + run, at + run);
                continue;
            }

            // What is half of a surrogate pair decodes to a replacement, and is shown by its number. JSON has no form for it that all read.
            var isWhole = Rune.TryGetRuneAt(text, at, out var rune);
            var escape = isWhole ? Escape(rune, isJson) : isJson ? @"\ufffd" : Number(text[at]);
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
    private static string? Escape(Rune rune, bool isJson) => rune.Value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '"' when isJson => "\\\"",
        '\\' when isJson => @"\\",
        >= ' ' and <= '~' => null,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                ? isJson ? JsonNumber(rune) : Number(rune.Value)
                : null,
    };

    private static string Number(int value) =>
        value < 0x100 ? $"\\x{value:x2}" : value < 0x10000 ? $"\\u{value:x4}" : $"\\U{value:x8}";

    private static string JsonNumber(Rune rune) => string.Concat($"{rune}".Select(c => $"\\u{(int)c:x4}"));
}
