using System.Text;
using Signet.Addresses;

namespace Signet.Messages;

/// <summary>
/// Writes header fields: 7-bit, lines of at most 76 characters where a blank allows it (RFC 2047 §2), never over 998 (RFC 5322 §2.1.1).
/// </summary>
internal sealed class HeaderWriter
{
    private const int PreferredLength = 76;

    // A longer word, or a longer run of blanks before it, has no place to fold; such a text is encoded, in short words.
    private const int MaxWordLength = 900;
    private static readonly string LongBlank = new(' ', PreferredLength);

    private readonly StringBuilder header = new();

    /// <summary>Adds a field whose value is 7-bit and has no word too long for a line.</summary>
    public HeaderWriter Add(string name, string value)
    {
        header.Append(name).Append(": ");
        var column = name.Length + 2;
        var position = 0;
        while (position < value.Length)
        {
            var end = EndOfPiece(value, position);
            if (position > 0 && column + end - position > PreferredLength)
            {
                header.Append("\r\n");
                column = 0;
            }

            header.Append(value, position, end - position);
            column += end - position;
            position = end;
        }

        header.Append("\r\n");
        return this;
    }

    /// <summary>Adds a field of mailboxes; none, no field.</summary>
    public HeaderWriter Add(string name, IReadOnlyList<Mailbox> mailboxes) =>
        mailboxes.Count == 0 ? this : Add(name, string.Join(", ", mailboxes.Select(m => m.ToHeaderText())));

    /// <summary>
    /// Adds a field of free text, encoded when it is not plain. Control characters, line ends among them, become blanks; encoded
    /// words that the caller made stay.
    /// </summary>
    public HeaderWriter AddText(string name, TextPart text)
    {
        var clean = ControlCharacters.ToBlanks(text.Data);
        return Add(name, IsPlain(clean) ? clean : EncodedWords.Encode(clean, Holding(clean, text.Charset)));
    }

    public override string ToString() => header.ToString();

    // A blank run and the word after it: a line may begin with any but the first.
    private static int EndOfPiece(string value, int start)
    {
        var end = start;
        while (end < value.Length && value[end] is ' ' or '\t')
        {
            end++;
        }

        while (end < value.Length && value[end] is not (' ' or '\t'))
        {
            end++;
        }

        return end;
    }

    private static bool IsPlain(string text) =>
        Ascii.IsValid(text)
        && !text.Contains(LongBlank, StringComparison.Ordinal)
        && text.Split(' ').All(w => w.Length <= MaxWordLength);

    private static Charset Holding(string text, Charset? charset) =>
        charset is not null && charset.TryEncode(text, out _) ? charset : Charset.Utf8;
}
