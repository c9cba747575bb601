using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Signet.Addresses;

/// <summary>One address as people write it: perhaps with a display name (RFC 5322 §3.4).</summary>
/// <param name="DisplayName">Unquoted and decoded (RFC 2047), without control characters; null when there is none.</param>
/// <param name="Address">The bare address.</param>
/// <param name="AsWritten">
/// What the caller wrote, trimmed; shown in refusals, which is where SES shows it. No control characters but tabs.
/// </param>
public sealed record Mailbox(string? DisplayName, EmailAddress Address, string AsWritten)
{
    // The longest name that SES takes, as encoded words of a charset that needs most: 2,900 characters and what stands between the words.
    private const int MaxWrittenLength = 4_000;

    // Longer than that it might not be foldable below the 998 octets of a line (RFC 5322 §2.1.1).
    private const int MaxKeptLength = 900;

    /// <summary>Parses exactly one mailbox; a group is not one.</summary>
    /// <param name="text">
    /// One address, with or without a display name. A text that is far too long for one is not read; else see <see cref="LengthProblem"/>.
    /// </param>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="problem">
    /// Why not, in the words SES uses (<c>Missing final '@domain'</c>, …). It may repeat the caller's text, line ends and all: the
    /// protocol that shows it has to make it fit.
    /// </param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Mailbox? mailbox, [NotNullWhen(false)] out string? problem)
    {
        mailbox = null;
        problem = text.Length > MaxWrittenLength ? TooLong(text) : null;
        return problem is null && MailboxParser.TryParseOne(text, out mailbox, out problem);
    }

    /// <summary>
    /// Parses a comma-separated list, groups included; a group's members are listed one by one. A text without any mailbox is an
    /// empty list.
    /// </summary>
    /// <param name="text">The list, unfolded.</param>
    /// <param name="mailboxes">The mailboxes in order.</param>
    /// <param name="problem">Why not, in the words SES uses; that of the first malformed mailbox.</param>
    public static bool TryParseList(
        string text, [NotNullWhen(true)] out IReadOnlyList<Mailbox>? mailboxes, [NotNullWhen(false)] out string? problem) =>
        TryParseList(text, null, out mailboxes, out problem);

    /// <inheritdoc cref="TryParseList(string, out IReadOnlyList{Mailbox}?, out string?)"/>
    /// <param name="text">The list, unfolded.</param>
    /// <param name="limit">How many it may name: reading stops at the first that is too many. Null for any number.</param>
    /// <param name="mailboxes">The mailboxes in order.</param>
    /// <param name="problem">Why not, in the words SES uses; that of the first malformed mailbox.</param>
    public static bool TryParseList(
        string text,
        MailboxLimit? limit,
        [NotNullWhen(true)] out IReadOnlyList<Mailbox>? mailboxes,
        [NotNullWhen(false)] out string? problem) =>
        MailboxParser.TryParseList(text, limit, out mailboxes, out problem);

    /// <summary>
    /// SES's refusal of a mailbox of more than 320 UTF-16 units, counted in the form <c>name &lt;address&gt;</c>, or written far longer
    /// than that needs, as with comments; null when it is short enough. SES looks at lengths after the syntax of all addresses, hence a
    /// check of its own.
    /// </summary>
    public string? LengthProblem()
    {
        var name = DisplayName is null ? 0 : DisplayName.Length + " <>".Length;
        return name + Address.ToString().Length > EmailAddress.MaxLength || AsWritten.Length > MaxWrittenLength ? TooLong(AsWritten) : null;
    }

    /// <summary>What the caller wrote; of a long one the bare address. Reads back as this address.</summary>
    public string ToShortText() => AsWritten.Length <= EmailAddress.MaxLength ? AsWritten : Address.ToString();

    /// <summary>
    /// The mailbox for a header field: 7-bit ASCII. What the caller wrote, encoded words included, if that is fit for a header and
    /// spells the address as it was judged; otherwise its name is quoted, or encoded when it is not ASCII.
    /// </summary>
    public string ToHeaderText()
    {
        if (AsWritten.Length <= MaxKeptLength && Ascii.IsValid(AsWritten)
            && AsWritten.AsSpan(0, AsWritten.LastIndexOf('@')).EndsWith(Address.LocalPart, StringComparison.Ordinal)
            && (DisplayName is null || IsPlainPhrase(AsWritten)))
        {
            return AsWritten;
        }

        return DisplayName is null ? Address.ToString()
            : Ascii.IsValid(DisplayName) ? $"{Quote(DisplayName)} <{Address}>"
            : $"{EncodedWords.Encode(DisplayName, Charset.Utf8)} <{Address}>";
    }

    private static string TooLong(string text) =>
        $"Address length is more than {EmailAddress.MaxLength} characters long: '{Excerpt.Of(text)}'.";

    // Atoms, dots and quoted strings up to the angle (RFC 5322 §3.2.5 with obs-phrase).
    private static bool IsPlainPhrase(string text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when quoted:
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case '<' when !quoted:
                    return text[^1] == '>';
                case '(' or ')' or '[' or ']' or ':' or ';' or '@' or ',' or '\\' when !quoted:
                    return false;
            }
        }

        return false;
    }

    internal static string Quote(string name) =>
        '"' + name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';
}
