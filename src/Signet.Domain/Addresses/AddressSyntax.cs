using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Signet.Addresses;

/// <summary>
/// The form <c>local@domain</c>, scanned once from the left. The problems are SES's own words, which are those of a strict JavaMail parser
/// (javax.mail.internet.InternetAddress, strict); any character that is not 7-bit ASCII counts as a control character there.
/// </summary>
internal static class AddressSyntax
{
    /// <summary>An address that is only a word. The one problem that does not hinder reading a list on.</summary>
    public const string MissingFinalDomain = "Missing final '@domain'";

    private static readonly SearchValues<char> Specials = SearchValues.Create("()<>,;:\\[]");

    /// <param name="text">The bare address, trimmed.</param>
    /// <param name="address">The address.</param>
    /// <param name="problem">Why not, as SES says it.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out EmailAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        problem = CheckLocalPart(text, out var at) ?? CheckDomain(text.AsSpan(at + 1));
        if (problem is null && DomainName.TryParse(text[(at + 1)..], out var domain))
        {
            address = new EmailAddress(text[..at], domain);
            return true;
        }

        // What JavaMail lets pass but DNS cannot hold: a label over 63 characters, a hyphen at the edge of one.
        problem ??= $"Invalid domain name: '{text[(at + 1)..]}'.";
        return false;
    }

    private static string? CheckLocalPart(string text, out int at)
    {
        at = 0;
        return text switch
        {
            "" => "Empty address",
            ['@', ..] => "Missing local name",
            ['.', ..] => "Local address starts with dot",
            ['"', ..] => CheckQuoted(text, out at),
            _ => CheckAtoms(text, out at),
        };
    }

    private static string? CheckAtoms(string text, out int at)
    {
        for (at = 0; at < text.Length; at++)
        {
            var c = text[at];
            var afterDot = at > 0 && text[at - 1] == '.';
            if (c == '@')
            {
                return afterDot ? "Local address ends with dot" : null;
            }

            if (c is <= ' ' or >= '\x7f')
            {
                return "Local address contains control or whitespace";
            }

            if (c == '"')
            {
                return "Quote not at start of local address";
            }

            if (Specials.Contains(c))
            {
                return "Local address contains illegal character";
            }

            if (c == '.' && afterDot)
            {
                return "Local address contains dot-dot";
            }
        }

        return MissingFinalDomain;
    }

    private static string? CheckQuoted(string text, out int at)
    {
        for (at = 1; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\')
            {
                at++;
            }

            if (at < text.Length && text[at] is '\r' or '\n')
            {
                return $"Invalid email address {text}.";
            }

            if (at < text.Length && text[at] is < ' ' and not '\t' or >= '\x7f')
            {
                return "Local address contains control or whitespace";
            }
        }

        if (at >= text.Length)
        {
            return "Unterminated quote";
        }

        at++;
        return at == text.Length ? MissingFinalDomain : text[at] != '@' ? "Quote not at end of local address" : null;
    }

    private static string? CheckDomain(ReadOnlySpan<char> domain)
    {
        if (domain.IsEmpty)
        {
            return "Missing domain";
        }

        if (domain[0] == '.')
        {
            return "Domain starts with dot";
        }

        for (var i = 0; i < domain.Length; i++)
        {
            var c = domain[i];
            if (c is <= ' ' or >= '\x7f')
            {
                return "Domain contains control or whitespace";
            }

            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.'))
            {
                return "Domain contains illegal character";
            }

            if (c == '.' && domain[i - 1] == '.')
            {
                return "Domain contains dot-dot";
            }
        }

        // Seen for SES; JavaMail says `Domain ends with dot`.
        return domain[^1] == '.' ? "Missing domain" : null;
    }
}
