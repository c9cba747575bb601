using System.Text;

namespace Signet.Addresses;

/// <summary>
/// The local part of an address in one spelling. Quotes and quoted pairs are no part of a mailbox's name (RFC 5321 §4.1.2): a policy that
/// denies <c>boss</c> must see <c>"boss"</c> as well.
/// </summary>
internal static class LocalParts
{
    /// <summary>A quoted local part without quotes if it can be written so; else with as few backslashes as it needs.</summary>
    /// <param name="localPart">A well-formed one: atoms and dots, or a quoted string.</param>
    public static string Normalise(string localPart)
    {
        if (!localPart.StartsWith('"'))
        {
            return localPart;
        }

        var name = Unquote(localPart);
        return IsDotString(name) ? name : Quote(name);
    }

    private static string Unquote(string quoted)
    {
        var name = new StringBuilder(quoted.Length);
        for (var i = 1; i < quoted.Length - 1; i++)
        {
            if (quoted[i] == '\\' && i + 1 < quoted.Length - 1)
            {
                i++;
            }

            name.Append(quoted[i]);
        }

        return name.ToString();
    }

    private static string Quote(string name) =>
        $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static bool IsDotString(string name) =>
        name.Length > 0 && name[0] != '.' && name[^1] != '.'
        && !name.Contains("..", StringComparison.Ordinal)
        && name.All(c => c == '.' || IsAtomText(c));

    // RFC 5322 §3.2.3.
    private static bool IsAtomText(char c) =>
        char.IsAsciiLetterOrDigit(c)
        || c is '!' or '#' or '$' or '%' or '&' or '\'' or '*' or '+' or '-' or '/' or '=' or '?' or '^' or '_' or '`' or '{' or '|' or '}' or '~';
}
