using System.Text.RegularExpressions;
using Signet.Viewing;

namespace Signet.Preflight;

/// <summary>The addresses that mail clients make links of in plain text.</summary>
internal static partial class LinksInText
{
    // As much as is looked at of HTML.
    private const int MaxText = HtmlOutline.MaxHtml;

    /// <summary>What is looked at of a text: far more than anybody reads.</summary>
    public static string Beginning(string text) => text.Length > MaxText ? text[..MaxText] : text;

    public static IEnumerable<LinkCheck.Found> Of(string body)
    {
        var text = Beginning(body);
        var (line, counted) = (1, 0);
        foreach (Match match in Address().Matches(text))
        {
            line += text.AsSpan(counted, match.Index - counted).Count('\n');
            counted = match.Index;
            var shown = WithoutPunctuation(match.Value);
            yield return new LinkCheck.Found(shown, LinkKind.Link, new LinkPlace(LinkPart.Text, line, shown));
        }
    }

    // A sentence may end with an address; a parenthesis belongs to it only if it was opened in it.
    private static string WithoutPunctuation(string address)
    {
        var end = address.Length;
        var hasOpened = address.Contains('(', StringComparison.Ordinal);
        while (end > 0 && (address[end - 1] is '.' or ',' or ';' or ':' or '!' or '?' or '\'' or '*' or '_'
            || (address[end - 1] == ')' && !hasOpened)))
        {
            end--;
        }

        return address[..end];
    }

    [GeneratedRegex(@"\b(?:https?://|mailto:)[^\s<>""\]]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
