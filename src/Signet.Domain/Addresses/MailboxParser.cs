using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Signet.Addresses;

/// <summary>
/// Reads mailbox lists as a strict JavaMail parser does, and refuses in its words (docs/ses-differences.md). One pass: the time is
/// linear in the text, whatever it holds.
/// </summary>
internal static class MailboxParser
{
    private const string IllegalAddress = "Illegal address";

    public static bool TryParseOne(string text, [NotNullWhen(true)] out Mailbox? mailbox, [NotNullWhen(false)] out string? problem)
    {
        mailbox = null;
        if (!TryScan(text, null, out var elements, out var hasGroup, out problem))
        {
            return false;
        }

        List<Mailbox> mailboxes = [];
        foreach (var element in elements)
        {
            if (TryMake(element, out var made, out problem))
            {
                mailboxes.Add(made);
            }
            else if (problem != AddressSyntax.MissingFinalDomain)
            {
                return false;
            }
        }

        // `Karen, Chan <k@d>` is two mailboxes before it is one without a domain.
        if (hasGroup || elements.Count > 1)
        {
            problem = IllegalAddress;
            return false;
        }

        mailbox = mailboxes.SingleOrDefault();
        problem = mailbox is null ? AddressSyntax.MissingFinalDomain : null;
        return mailbox is not null;
    }

    public static bool TryParseList(
        string text,
        MailboxLimit? limit,
        [NotNullWhen(true)] out IReadOnlyList<Mailbox>? mailboxes,
        [NotNullWhen(false)] out string? problem)
    {
        mailboxes = null;
        if (!TryScan(text, limit, out var elements, out _, out problem))
        {
            return false;
        }

        List<Mailbox> made = new(elements.Count);
        foreach (var element in elements)
        {
            if (!TryMake(element, out var mailbox, out problem))
            {
                return false;
            }

            made.Add(mailbox);
        }

        mailboxes = made;
        return true;
    }

    private static bool TryMake(Element element, [NotNullWhen(true)] out Mailbox? mailbox, [NotNullWhen(false)] out string? problem)
    {
        mailbox = null;
        if (!AddressSyntax.TryParse(element.Address, out var address, out problem))
        {
            return false;
        }

        // Not allowed there (RFC 2047 §5), and shown decoded by some mail clients: as an address that it is not.
        if (EncodedWords.HasWord(address.LocalPart))
        {
            problem = "Local address contains an encoded word";
            return false;
        }

        // A display name may hold any character, but none that could end a header line.
        if (element.AsWritten.Any(c => char.IsControl(c) && c != '\t'))
        {
            problem = $"Invalid email address {element.AsWritten}.";
            return false;
        }

        mailbox = new Mailbox(DisplayName(element.Name), address, element.AsWritten);
        return true;
    }

    private static string? DisplayName(string? written)
    {
        if (written is null)
        {
            return null;
        }

        var name = WithSingleBlanks(ControlCharacters.ToBlanks(EncodedWords.Decode(Unquote(written))));
        return name.Length > 0 ? name : null;
    }

    // However many blanks, folds and comments stand between two words, the name is the same (RFC 5322 §3.2.2).
    private static string WithSingleBlanks(string text) =>
        text.Contains("  ", StringComparison.Ordinal) ? string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)) : text;

    private static string Unquote(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
                result.Append(text[i]);
            }
            else if (text[i] != '"')
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    /// <summary>Splits the text into its mailboxes without looking at the addresses.</summary>
    private static bool TryScan(
        string text, MailboxLimit? limit, out List<Element> elements, out bool hasGroup, [NotNullWhen(false)] out string? problem)
    {
        elements = [];
        hasGroup = false;
        var inGroup = false;
        var scanner = new MailboxScanner(text);
        while (true)
        {
            var end = scanner.ReadElement(out var element);
            if (scanner.Problem is not null)
            {
                problem = scanner.Problem;
                return false;
            }

            problem = (end, inGroup) switch
            {
                (':', true) => "Nested group",
                (':', false) when element.IsEmpty || element.InAngle => IllegalAddress,
                (':', false) when !scanner.GroupEnds() => UnfinishedGroup(scanner.Rest(element.Start)),
                (';', false) => "Illegal semicolon, not in group",
                _ => null,
            };
            if (problem is not null)
            {
                return false;
            }

            if (end != ':' && !element.IsEmpty)
            {
                elements.Add(element);
                if ((problem = limit?.ProblemOf(elements.Count)) is not null)
                {
                    return false;
                }
            }

            if (end == '\0')
            {
                return true;
            }

            hasGroup |= end == ':';
            inGroup = end == ':' || (inGroup && end != ';');
        }
    }

    // `To: x@d` where an address is wanted: judged as one address.
    private static string UnfinishedGroup(string text) =>
        AddressSyntax.TryParse(text, out _, out var problem) ? IllegalAddress : problem;

    /// <summary>One mailbox of a list, cut out.</summary>
    /// <param name="Start">Where it begins in the text.</param>
    /// <param name="AsWritten">All of it, trimmed.</param>
    /// <param name="Name">The words before the angle, or else the first comment; still quoted and encoded.</param>
    /// <param name="Address">What should be <c>local@domain</c>, trimmed, without comments.</param>
    /// <param name="InAngle">Whether the address stood between <c>&lt;</c> and <c>&gt;</c>.</param>
    internal readonly record struct Element(int Start, string AsWritten, string? Name, string Address, bool InAngle)
    {
        /// <summary>Nothing between two commas, or only a comment.</summary>
        public bool IsEmpty => !InAngle && Address.Length == 0;
    }
}
