using System.Buffers;
using System.Text;

namespace Signet.Viewing;

/// <summary>
/// Writes the tags and texts of a message that are harmless, all in one spelling: every element is closed, every value in double
/// quotes, no <c>&lt;</c> but that of a tag. So it does not matter where a browser would have read the original differently.
/// </summary>
internal sealed class HtmlSanitizer(InlineImages images, bool? isDark)
{
    // Browsers take long over deep nesting, and some give up.
    private const int MaxDepth = 200;

    // Control characters that are not white space are left out.
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
    [
        '&', '<', '>', '"', '`',
        .. Enumerable.Range(0, 0xa0).Select(i => (char)i).Where(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r' or '\f')),
    ]);

    private readonly StringBuilder _body = new();
    private readonly StringBuilder _bodyAttributes = new();
    private readonly StringBuilder _htmlAttributes = new();
    private readonly List<string> _open = [];
    private readonly Dictionary<string, int> _tooDeep = new(StringComparer.Ordinal);
    private StringBuilder? _style;

    // What the style sheet is for: it becomes a rule around it, as no attribute of `style` is written.
    private string? _media;
    private string? _hidden;
    private int _hiddenDepth;

    /// <param name="name">In lower case.</param>
    /// <param name="attributes">Character references resolved.</param>
    /// <param name="isEmpty">Written with a slash at its end.</param>
    public void StartTag(string name, IEnumerable<(string Name, string? Value)> attributes, bool isEmpty)
    {
        if (_hidden is not null)
        {
            _hiddenDepth += name == _hidden && !isEmpty ? 1 : 0;
            return;
        }

        if (HtmlRules.Hidden.Contains(name) || name == "style")
        {
            CountFetched(name, attributes);
            (_hidden, _hiddenDepth) = isEmpty ? (null, 0) : (name, 1);
            _style = name == "style" && !isEmpty ? new StringBuilder() : null;
            _media = attributes.FirstOrDefault(a => a.Name.Equals("media", StringComparison.OrdinalIgnoreCase)).Value;
            return;
        }

        if (name is "html" or "body")
        {
            var into = name == "html" ? _htmlAttributes : _bodyAttributes;
            WriteAttributes(name, attributes, into.Length == 0 ? into : new StringBuilder());
            return;
        }

        // As browsers do.
        var element = name == "image" ? "img" : name;
        if (!HtmlRules.Elements.Contains(element) || !TypeIsShown(element, attributes))
        {
            CountFetched(name, attributes);
            return;
        }

        EndImplied(element);
        if (_open.Count >= MaxDepth && !HtmlRules.Void.Contains(element))
        {
            CountFetched(name, attributes);
            _tooDeep[element] = _tooDeep.GetValueOrDefault(element) + 1;
            return;
        }

        _body.Append('<').Append(element);
        WriteAttributes(element, attributes, _body);
        _body.Append('>');
        if (!HtmlRules.Void.Contains(element))
        {
            _open.Add(element);
        }
    }

    /// <param name="name">In lower case.</param>
    public void EndTag(string name)
    {
        if (_hidden is not null)
        {
            if (name == _hidden && --_hiddenDepth == 0)
            {
                EndHidden();
            }

            return;
        }

        if (_tooDeep.TryGetValue(name, out var tooDeep) && tooDeep > 0)
        {
            _tooDeep[name] = tooDeep - 1;
        }
        else if (_open.LastIndexOf(name) is >= 0 and var at && !IsBeyondCell(name, at))
        {
            CloseTo(at);
        }
        else if (name == "br")
        {
            _body.Append("<br>");
        }
    }

    public void Text(string text)
    {
        if (_style is not null)
        {
            _style.Append(text);
        }
        else if (_hidden is null)
        {
            Escape(text, _body);
        }
    }

    /// <summary>The document. Nothing can be written afterwards.</summary>
    public string Finish()
    {
        EndHidden();
        CloseTo(0);

        // In place: the body may be large.
        return _body
            .Insert(0, $"<!DOCTYPE html><html{_htmlAttributes}><head><meta charset=\"utf-8\"></head><body{_bodyAttributes}>")
            .Append("</body></html>")
            .ToString();
    }

    private void EndHidden()
    {
        var sheet = _style is null || string.IsNullOrWhiteSpace(_media) ? _style?.ToString() : $"@media {_media} {{{_style}}}";
        if (sheet is not null && CssSanitizer.Sheet(sheet, images, isDark) is { Length: > 0 } css)
        {
            _body.Append("<style>").Append(css).Append("</style>");
        }

        (_hidden, _hiddenDepth, _style) = (null, 0, null);
    }

    // A stray `</div>` in a cell does not end the div around the table.
    private bool IsBeyondCell(string name, int at) =>
        name is not ("table" or "tr" or "tbody" or "thead" or "tfoot" or "td" or "th")
        && _open.FindLastIndex(n => n is "td" or "th" or "table") > at;

    private void EndImplied(string element)
    {
        if (HtmlRules.EndedBy(element) is not { } implied)
        {
            return;
        }

        for (var i = _open.Count - 1; i >= 0 && !implied.Within.Contains(_open[i]); i--)
        {
            if (implied.Ends.Contains(_open[i]))
            {
                CloseTo(i);
                return;
            }
        }
    }

    private void CloseTo(int depth)
    {
        for (var i = _open.Count - 1; i >= depth; i--)
        {
            _body.Append("</").Append(_open[i]).Append('>');
        }

        _open.RemoveRange(depth, _open.Count - depth);
    }

    private static bool TypeIsShown(string element, IEnumerable<(string Name, string? Value)> attributes)
    {
        var type = attributes.FirstOrDefault(a => a.Name.Equals("type", StringComparison.OrdinalIgnoreCase)).Value;
        return element != "input" || type is null || HtmlRules.InputTypes.Contains(type.ToLowerInvariant());
    }

    private void CountFetched(string element, IEnumerable<(string Name, string? Value)> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            var attribute = name.ToLowerInvariant();
            if (HtmlRules.Fetched.Contains(attribute) || (IsHref(attribute) && HtmlRules.FetchedByHref.Contains(element)))
            {
                images.Count(value ?? "");
            }
        }
    }

    private static bool IsHref(string attribute) => attribute is "href" or "xlink:href";

    // The first of several attributes of one name counts.
    private void WriteAttributes(string element, IEnumerable<(string Name, string? Value)> attributes, StringBuilder into)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var (name, value) in attributes)
        {
            var attribute = name.ToLowerInvariant();
            if (seen.Add(attribute))
            {
                WriteAttribute(element, attribute, value ?? "", into);
            }
        }
    }

    private void WriteAttribute(string element, string name, string value, StringBuilder into)
    {
        if (name == "style")
        {
            Append(name, CssSanitizer.Declarations(value, images), into);
        }
        else if (name == "href" && element is "a" or "area")
        {
            if (WebAddresses.ToFollow(value) is { } target)
            {
                Append(name, target, into);
                Append("target", "_blank", into);
                Append("rel", "noopener noreferrer nofollow", into);
            }
        }
        else if (HtmlRules.Fetched.Contains(name))
        {
            if ((name, element) is ("src", "img") or ("background", "body" or "table" or "tr" or "td" or "th"))
            {
                Append(name, images.Resolve(value), into);
            }
            else
            {
                images.Count(value);
            }
        }
        else if (HtmlRules.Attributes.Contains(name)
            || (name, element) is ("name", "a" or "map") or ("type", "ol" or "ul" or "li" or "input")
            || (name == "usemap" && value.StartsWith('#')))
        {
            Append(name, value, into);
        }
        else if (name == "type" && element == "button")
        {
            Append(name, "button", into);
        }
    }

    private static void Append(string name, string? value, StringBuilder into)
    {
        if (value is not null)
        {
            into.Append(' ').Append(name).Append("=\"");
            Escape(value, into);
            into.Append('"');
        }
    }

    private static void Escape(ReadOnlySpan<char> text, StringBuilder into)
    {
        while (text.IndexOfAny(Escaped) is >= 0 and var at)
        {
            into.Append(text[..at]).Append(text[at] switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",

                // Old browsers took it for a quote.
                '`' => "&#96;",
                _ => "",
            });
            text = text[(at + 1)..];
        }

        into.Append(text);
    }
}
