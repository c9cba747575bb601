using Signet.Viewing;

namespace Signet.Preflight;

/// <summary>
/// Names every use of a feature in a message, in the words of the support table: <c>element:video</c>, <c>property:gap</c>,
/// <c>value:display=flex</c>, <c>unit:rem</c>.
/// </summary>
internal static class HtmlUses
{
    /// <summary>Each use with the line it begins in.</summary>
    public static IEnumerable<(string Use, int Line)> Of(HtmlOutline outline) =>
        outline.Elements.SelectMany(e => OfElement(e).Select(use => (use, e.Line))).Concat(outline.Styles.SelectMany(CssUses.Of));

    /// <summary>The format of an image by its address, as <c>image:png</c>; null where the address does not tell.</summary>
    internal static string? OfImage(string address)
    {
        if (address.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return "image:data";
        }

        var path = address.AsSpan(0, address.AsSpan().IndexOfAny('?', '#') is >= 0 and var end ? end : address.Length);
        var dot = path.LastIndexOf('.');
        return dot > path.LastIndexOf('/') && path.Length - dot is > 1 and <= 5
            ? $"image:{path[(dot + 1)..].ToString().ToLowerInvariant()}"
            : null;
    }

    private static IEnumerable<string> OfElement(HtmlElement element)
    {
        yield return $"element:{element.Name}";
        foreach (var attribute in element.Attributes)
        {
            yield return $"attribute:{attribute.Name}";
        }

        if (OfKind(element) is { } kind)
        {
            yield return kind;
        }
    }

    private static string? OfKind(HtmlElement element) => element.Name switch
    {
        "input" => $"input:{(element.Value("type") ?? "text").ToLowerInvariant()}",
        "link" when Is(element.Value("rel"), "stylesheet") => "link:stylesheet",
        "meta" when Is(element.Value("name"), "color-scheme") => "meta:color-scheme",
        "img" when element.Value("src") is { } source => OfImage(source.Trim()),
        "a" when element.Value("href") is { } target =>
            target.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? "href:mailto"
                : target.Length > 1 && target[0] == '#' ? "href:fragment"
                : null,
        _ => null,
    };

    private static bool Is(string? value, string word) => string.Equals(value?.Trim(), word, StringComparison.OrdinalIgnoreCase);
}
