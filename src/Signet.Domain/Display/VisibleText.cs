using System.Buffers;
using System.Globalization;
using System.Text;

namespace Signet.Display;

/// <summary>
/// Strangers' text as it may be shown. Characters that turn text around, break a line or steer a terminal show as their number,
/// <c>&lt;U+202E&gt;</c>, as <c>less</c> shows them: <c>invoice&lt;U+202E&gt;fdp.exe</c> does not look like <c>invoiceexe.pdf</c>. Whoever
/// shows what a stranger wrote uses this: subjects, names, addresses, file names, headers, replies of other servers.
/// </summary>
public static class VisibleText
{
    private const string Ellipsis = "…";

    // The control characters, the two separators of lines, and those with the property Bidi_Control (UAX #9). Zero-width joiners stay:
    // emoji and several scripts need them.
    private static readonly SearchValues<char> Special = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0xa0).Select(i => (char)i).Where(char.IsControl),
        '\u061c', '\u200e', '\u200f', '\u2028', '\u2029',
        '\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069',

        // Halves of pairs have to be looked at.
        .. Enumerable.Range(0xd800, 0x800).Select(i => (char)i),
    ]);

    /// <summary>Text for one line: line ends are marked too, and a tab becomes a blank.</summary>
    public static string Of(string text) => Mark(text, keepsLines: false);

    /// <summary>The same of the first <paramref name="length"/> characters, with an ellipsis in place of the rest.</summary>
    public static string Of(string text, int length) => Of(Cut(text, length));

    /// <summary>Text of several lines: its tabs and line ends stay.</summary>
    public static string OfLines(string text) => Mark(text, keepsLines: true);

    /// <summary>The first <paramref name="length"/> characters, with an ellipsis in place of the rest; nothing is marked.</summary>
    public static string Cut(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, EndOfWhole(text, length)), Ellipsis);

    private static int EndOfWhole(string text, int length) =>
        length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;

    private static string Mark(string text, bool keepsLines)
    {
        if (!text.AsSpan().ContainsAny(Special))
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 64);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                result.Append(text[i]).Append(text[++i]);
            }
            else
            {
                Append(text, i, keepsLines, result);
            }
        }

        return result.ToString();
    }

    private static void Append(string text, int at, bool keepsLines, StringBuilder result)
    {
        var c = text[at];
        if (!Special.Contains(c) || (keepsLines && (c is '\n' or '\t' || (c == '\r' && at + 1 < text.Length && text[at + 1] == '\n'))))
        {
            result.Append(c);
        }
        else if (c == '\t')
        {
            result.Append(' ');
        }
        else if (char.IsSurrogate(c))
        {
            // Half of a pair has no form of its own.
            result.Append('\ufffd');
        }
        else
        {
            result.Append(CultureInfo.InvariantCulture, $"<U+{(int)c:X4}>");
        }
    }
}
