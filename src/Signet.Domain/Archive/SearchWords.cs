using System.Globalization;
using System.Text;
using Signet.Viewing;

namespace Signet.Archive;

/// <summary>
/// Cuts text into the words that searches compare, the same for what is stored and what is asked, and so the same on every engine:
/// runs of letters and digits without case. What is written without blanks between words (Chinese, Japanese) is cut into its characters.
/// </summary>
public static class SearchWords
{
    /// <summary>Bytes of a message that are looked at: text comes before large attachments.</summary>
    public const int MaxContent = 256 * 1024;

    private const int MaxText = 64 * 1024;
    private const int MaxWords = 4_000;
    private const int MaxWordLength = 64;

    /// <summary>The different words of a text, in their order.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var words = new Collector();
        words.Add(text);
        return words.Words;
    }

    /// <summary>What a message is found by; bounded, so that a huge one does not fill the index.</summary>
    public static IReadOnlyList<string> Of(UnindexedMessage message)
    {
        var words = new Collector();
        words.Add(message.Id);
        words.Add(message.Subject);
        words.Add(message.Source);
        words.Add(message.Tags);
        foreach (var recipient in message.Recipients)
        {
            words.Add(recipient);
        }

        if (message.Content is { } content)
        {
            var view = MessageView.Read(content);
            words.Add(string.Join(' ', view.To.Concat(view.Cc)));
            words.Add(view.Text);
            words.Add(view.Html is { } html ? HtmlOutline.Read(html).Text : null);
            foreach (var attachment in view.Attachments)
            {
                words.Add(attachment.Name);
            }
        }

        return words.Words;
    }

    private static bool IsPartOfWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // Kana, and the ideographs from Extension A on.
    private static bool IsWordByItself(Rune rune) => rune.Value is
        (>= 0x3041 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);

    private sealed class Collector
    {
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
        private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _seenSpans;

        // The last character may take two.
        private readonly char[] _word = new char[MaxWordLength + 1];
        private int _length;

        public Collector() => _seenSpans = _seen.GetAlternateLookup<ReadOnlySpan<char>>();

        public List<string> Words { get; } = [];

        public void Add(string? text)
        {
            foreach (var rune in text.AsSpan(0, Math.Min(text?.Length ?? 0, MaxText)).EnumerateRunes())
            {
                if (Words.Count >= MaxWords)
                {
                    break;
                }

                if (!IsPartOfWord(rune))
                {
                    End();
                }
                else if (IsWordByItself(rune))
                {
                    End();
                    Append(rune);
                    End();
                }
                else if (_length < MaxWordLength)
                {
                    Append(Rune.ToLowerInvariant(rune));
                }
            }

            End();
        }

        private void Append(Rune rune) => _length += rune.EncodeToUtf16(_word.AsSpan(_length));

        private void End()
        {
            var word = _word.AsSpan(0, _length);
            _length = 0;
            if (!word.IsEmpty && !_seenSpans.Contains(word))
            {
                Words.Add(word.ToString());
                _seen.Add(Words[^1]);
            }
        }
    }
}
