using System.Collections.Frozen;
using System.Text;
using MimeKit.Text;

namespace Signet.Messages;

/// <summary>
/// What is said about HTML without showing it: its text, its elements, its links, its style sheets. Whatever the input is, there is
/// an outline of it; beyond bounds that no mail comes near, the rest is left out.
/// </summary>
/// <param name="Text">What a reader sees, roughly: no tags, no scripts, no style sheets.</param>
/// <param name="Elements">Start tags in their order.</param>
/// <param name="Links">Every <c>a</c> and <c>area</c> with a target.</param>
/// <param name="Styles">The text of each style sheet and of each <c>style</c> attribute.</param>
public sealed record HtmlOutline(
    string Text, IReadOnlyList<HtmlElement> Elements, IReadOnlyList<HtmlLink> Links, IReadOnlyList<string> Styles)
{
    private const int MaxHtml = 2 * 1024 * 1024;
    private const int MaxElements = 20_000;

    // All others begin or end a word.
    private static readonly FrozenSet<string> Inline =
        new[] { "a", "abbr", "b", "big", "code", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u", "wbr" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads HTML.</summary>
    public static HtmlOutline Read(string html)
    {
        var reader = new Reader();
        var tokenizer = new HtmlTokenizer(new StringReader(html.Length > MaxHtml ? html[..MaxHtml] : html));
        while (reader.HasRoom && tokenizer.ReadNextToken(out var token))
        {
            reader.Add(token);
        }

        return reader.Outline();
    }

    private sealed class Reader
    {
        private readonly StringBuilder _text = new();
        private readonly List<HtmlElement> _elements = [];
        private readonly List<HtmlLink> _links = [];
        private readonly List<string> _styles = [];
        private StringBuilder? _linkText;
        private string? _target;
        private HtmlTagId _hidden = HtmlTagId.Unknown;

        public bool HasRoom => _elements.Count < MaxElements;

        public void Add(HtmlToken token)
        {
            switch (token)
            {
                case HtmlTagToken tag:
                    AddTag(tag);
                    break;
                case HtmlDataToken { Data: { } data }:
                    AddData(data);
                    break;
            }
        }

        public HtmlOutline Outline()
        {
            EndLink();
            return new HtmlOutline(_text.ToString(), _elements, _links, _styles);
        }

        private void AddTag(HtmlTagToken tag)
        {
            _text.Append(Inline.Contains(tag.Name) ? "" : " ");
            if (tag.IsEndTag)
            {
                _hidden = tag.Id == _hidden ? HtmlTagId.Unknown : _hidden;
                if (tag.Id == HtmlTagId.A)
                {
                    EndLink();
                }

                return;
            }

            var element = new HtmlElement(
                tag.Name.ToLowerInvariant(), [.. tag.Attributes.Select(a => new HtmlAttributeText(a.Name.ToLowerInvariant(), a.Value ?? ""))]);
            _elements.Add(element);
            if (element.Value("style") is { } style)
            {
                _styles.Add(style);
            }

            if (tag.Id is HtmlTagId.A or HtmlTagId.Area && element.Value("href") is { } target)
            {
                EndLink();
                (_target, _linkText) = (target, new StringBuilder());
            }

            if (tag.Id is HtmlTagId.Style or HtmlTagId.Script or HtmlTagId.Title && !tag.IsEmptyElement)
            {
                _hidden = tag.Id;
            }

            if (element.Name == "img")
            {
                _linkText?.Append(element.Value("alt"));
            }
        }

        private void AddData(string data)
        {
            if (_hidden == HtmlTagId.Style)
            {
                _styles.Add(data);
            }
            else if (_hidden == HtmlTagId.Unknown)
            {
                _text.Append(data);
                _linkText?.Append(data);
            }
        }

        private void EndLink()
        {
            if (_target is not null)
            {
                _links.Add(new HtmlLink(_target.Trim(), string.Join(' ', _linkText!.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
            }

            (_target, _linkText) = (null, null);
        }
    }
}

/// <summary>A start tag.</summary>
/// <param name="Name">In lower case.</param>
/// <param name="Attributes">In their order.</param>
public sealed record HtmlElement(string Name, IReadOnlyList<HtmlAttributeText> Attributes)
{
    /// <summary>The first attribute of that name; null if there is none.</summary>
    public string? Value(string name) => Attributes.FirstOrDefault(a => a.Name == name)?.Value;
}

/// <param name="Name">In lower case.</param>
/// <param name="Value">Character references resolved.</param>
public sealed record HtmlAttributeText(string Name, string Value);

/// <param name="Target">The <c>href</c>.</param>
/// <param name="Text">What a reader sees of it, <c>alt</c> texts included.</param>
public sealed record HtmlLink(string Target, string Text);
