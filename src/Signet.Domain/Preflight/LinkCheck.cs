using Signet.Viewing;

namespace Signet.Preflight;

/// <summary>
/// The links and images of a message, each once, and what can be said of them without asking anybody. <see cref="LinkProbe"/> asks.
/// </summary>
/// <param name="Links">In the order in which they first stand in the message, the HTML before the text: the first <see cref="MaxLinks"/>.</param>
/// <param name="More">How many others were found. After so many places that nobody reads them, no others are looked for.</param>
public sealed record LinkCheck(IReadOnlyList<MessageLink> Links, int More)
{
    /// <summary>Different links that are looked at.</summary>
    public const int MaxLinks = 200;

    private const int MaxPlaces = 20_000;
    private const int MaxFindings = 10;

    /// <summary>Looks at both bodies of a message. Pure.</summary>
    public static LinkCheck Of(MessageView view)
    {
        var outline = HtmlOutline.Read(view.Html ?? "");
        var rules = new LinkRules(
            [.. outline.Elements.SelectMany(e => new[] { e.Value("id"), e.Value("name") }).OfType<string>()],
            [.. view.Attachments.Select(a => a.ContentId).OfType<string>()]);
        var links = InHtml(outline).Concat(LinksInText.Of(view.Text ?? "")).Take(MaxPlaces).GroupBy(f => (f.Target, f.Kind)).ToList();
        return new LinkCheck(
            [
                .. from same in links.Take(MaxLinks)
                   let findings = rules.Of(same.Key.Target, same.Key.Kind).Concat(same.SelectMany(f => LinkRules.OfPlace(same.Key.Target, f)))
                   select new MessageLink(same.Key.Target, same.Key.Kind, [.. same.Select(f => f.Place)], Bounded(findings)),
            ],
            Math.Max(0, links.Count - MaxLinks));
    }

    private static List<Finding> Bounded(IEnumerable<Finding> findings)
    {
        List<Finding> first = [.. findings.Distinct().Take(MaxFindings + 1)];
        if (first.Count > MaxFindings)
        {
            first[MaxFindings] = new Finding(Severity.Hint, "There is more", "This link has more findings than are shown. Mend these first.");
        }

        return first;
    }

    private static IEnumerable<Found> InHtml(HtmlOutline outline)
    {
        foreach (var link in outline.Links)
        {
            yield return new Found(link.Target, LinkKind.Link, new LinkPlace(LinkPart.Html, link.Line, link.Text));
        }

        foreach (var element in outline.Elements)
        {
            var isImage = element.Name is "img" or "input";
            if (isImage && element.Value("src") is { } source)
            {
                yield return new Found(
                    source.Trim(), LinkKind.Image, new LinkPlace(LinkPart.Html, element.Line, element.Value("alt") ?? ""), element);
            }

            if (element.Value("background") is { Length: > 0 } background)
            {
                yield return new Found(background.Trim(), LinkKind.Image, new LinkPlace(LinkPart.Html, element.Line, ""));
            }
        }

        foreach (var style in outline.Styles)
        {
            var reader = new CssReader(style.Text);
            while (reader.Next() is { Kind: not CssKind.End } token)
            {
                if (token is { Kind: CssKind.Address, Value.Length: > 0 })
                {
                    yield return new Found(token.Value.Trim(), LinkKind.Image, new LinkPlace(LinkPart.Html, style.Line, ""));
                }
            }
        }
    }

    /// <param name="Target">As written.</param>
    /// <param name="Kind">What it is for.</param>
    /// <param name="Place">Where it stands.</param>
    /// <param name="Image">The element, if it is an image's.</param>
    internal sealed record Found(string Target, LinkKind Kind, LinkPlace Place, HtmlElement? Image = null);
}

/// <summary>One target that a message links to or shows an image from.</summary>
/// <param name="Target">As written.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Places">Everywhere it stands.</param>
/// <param name="Findings">The findings about it; none if all is well.</param>
public sealed record MessageLink(string Target, LinkKind Kind, IReadOnlyList<LinkPlace> Places, IReadOnlyList<Finding> Findings)
{
    /// <summary>Where a browser would go; null for what is no web address.</summary>
    public Uri? Web { get; } = LinkRules.ToWeb(Target);
}

/// <param name="Part">Which of the bodies.</param>
/// <param name="Line">In that body, from 1.</param>
/// <param name="Text">What a reader sees of it; the <c>alt</c> of an image.</param>
public sealed record LinkPlace(LinkPart Part, int Line, string Text);

/// <summary>What a target is for.</summary>
public enum LinkKind
{
    /// <summary>To be clicked.</summary>
    Link,

    /// <summary>To be shown.</summary>
    Image,
}

/// <summary>A body of a message.</summary>
public enum LinkPart
{
    Html,
    Text,
}
