using System.Collections.Frozen;
using System.Text;
using MimeKit.Text;

namespace Signet.Viewing;

/// <summary>
/// What is said about HTML without showing it: its text, its elements, its links, its style sheets. Whatever the input is, there is
/// an outline of it; beyond bounds that no mail comes near, the rest is left out.
/// </summary>
/// <param name="Text">What a reader sees, roughly: no tags, no scripts, no style sheets.</param>
/// <param name="Elements">Start tags in their order.</param>
/// <param name="Links">Every <c>a</c> and <c>area</c> with a target.</param>
/// <param name="Styles">Each style sheet and each <c>style</c> attribute.</param>
public sealed record HtmlOutline(
    string Text, IReadOnlyList<HtmlElement> Elements, IReadOnlyList<HtmlLink> Links, IReadOnlyList<HtmlStyle> Styles)
{
    /// <summary>Characters that are looked at.</summary>
    internal const int MaxHtml = 2 * 1024 * 1024;

    private const int MaxElements = 20_000;
    private const int MaxAttributes = 100;

    // All others begin or end a word.
    private static readonly FrozenSet<string> Inline =
        new[] { "a", "abbr", "b", "big", "code", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u", "wbr" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads HTML.</summary>
    public static HtmlOutline Read(string html)
    {
        var reader = new Reader();
        var tokenizer = new HtmlTokenizer(new StringReader(html.Length > MaxHtml ? html[..MaxHtml] : html));
        for (var line = 1; reader.HasRoom && tokenizer.ReadNextToken(out var token); line = tokenizer.LineNumber)
        {
            reader.Add(token, line);
        }

        return reader.Outline();
    }

    private sealed class Reader
    {
        private readonly StringBuilder _text = new();
        private readonly List<HtmlElement> _elements = [];
        private readonly List<HtmlLink> _links = [];
        private readonly List<HtmlStyle> _styles = [];
        private StringBuilder? _linkText;
        private string? _target;
        private int _targetLine;
        private StringBuilder? _sheet;
        private int _sheetLine;
        private HtmlTagId _hidden = HtmlTagId.Unknown;

        public bool HasRoom => _elements.Count < MaxElements;

        public void Add(HtmlToken token, int line)
        {
            switch (token)
            {
                case HtmlTagToken tag:
                    AddTag(tag, line);
                    break;
                case HtmlDataToken { Data: { } data }:
                    AddData(data, line);
                    break;
            }
        }

        public HtmlOutline Outline()
        {
            EndLink();
            EndSheet();
            return new HtmlOutline(_text.ToString(), _elements, _links, _styles);
        }

        private void AddTag(HtmlTagToken tag, int line)
        {
            _text.Append(Inline.Contains(tag.Name) ? "" : " ");
            if (tag.IsEndTag)
            {
                _hidden = tag.Id == _hidden ? HtmlTagId.Unknown : _hidden;
                EndSheet();
                if (tag.Id == HtmlTagId.A)
                {
                    EndLink();
                }

                return;
            }

            var element = new HtmlElement(
                tag.Name.ToLowerInvariant(),
                [.. tag.Attributes.Take(MaxAttributes).Select(a => new HtmlAttributeText(a.Name.ToLowerInvariant(), a.Value ?? ""))],
                line);
            _elements.Add(element);
            if (element.Value("style") is { } style)
            {
                _styles.Add(new HtmlStyle(style, line, IsSheet: false));
            }

            if (tag.Id is HtmlTagId.A or HtmlTagId.Area && element.Value("href") is { } target)
            {
                EndLink();
                (_target, _targetLine, _linkText) = (target, line, new StringBuilder());
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

        private void AddData(string data, int line)
        {
            if (_hidden == HtmlTagId.Style)
            {
                // It comes in pieces, one for each `<`.
                _sheetLine = _sheet is null ? line : _sheetLine;
                (_sheet ??= new StringBuilder()).Append(data);
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
                var words = _linkText!.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                _links.Add(new HtmlLink(_target.Trim(), string.Join(' ', words), _targetLine));
            }

            (_target, _linkText) = (null, null);
        }

        private void EndSheet()
        {
            if (_sheet is not null)
            {
                _styles.Add(new HtmlStyle(_sheet.ToString(), _sheetLine, IsSheet: true));
                _sheet = null;
            }
        }
    }
}

/// <summary>A start tag.</summary>
/// <param name="Name">In lower case.</param>
/// <param name="Attributes">In their order.</param>
/// <param name="Line">Where it begins, from 1.</param>
public sealed record HtmlElement(string Name, IReadOnlyList<HtmlAttributeText> Attributes, int Line)
{
    /// <summary>The first attribute of that name; null if there is none.</summary>
    public string? Value(string name) => Attributes.FirstOrDefault(a => a.Name == name)?.Value;
}

/// <param name="Name">In lower case.</param>
/// <param name="Value">Character references resolved.</param>
public sealed record HtmlAttributeText(string Name, string Value);

/// <param name="Target">The <c>href</c>.</param>
/// <param name="Text">What a reader sees of it, <c>alt</c> texts included.</param>
/// <param name="Line">Where it begins, from 1.</param>
public sealed record HtmlLink(string Target, string Text, int Line);

/// <param name="Text">The style sheet, or the declarations of an attribute.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="IsSheet">Whether it is a <c>style</c> element.</param>
public sealed record HtmlStyle(string Text, int Line, bool IsSheet);
