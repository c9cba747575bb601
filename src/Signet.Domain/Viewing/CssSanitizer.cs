using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Signet.Viewing;

/// <summary>
/// Style sheets of a message, rewritten from harmless parts only. Escapes are resolved before anything is judged, and
/// written only where a name needs them. A declaration or a rule with something unknown in it is left out; an image that is not
/// shown becomes <c>none</c>.
/// </summary>
internal sealed partial class CssSanitizer
{
    private const int MaxDepth = 16;

    private readonly CssReader _reader;
    private readonly InlineImages _images;
    private readonly bool _isSheet;
    private readonly bool? _isDark;
    private readonly StringBuilder _css = new();

    // Of the declaration or prelude that is being read: where it begins, its first word, whether to leave it out.
    private int _start;
    private string? _first;
    private bool _isRule;
    private bool _isRefused;

    private int _depth;
    private int _refusedDepth;

    private CssSanitizer(string css, InlineImages images, bool isSheet, bool? isDark) =>
        (_reader, _images, _isSheet, _isDark) = (new CssReader(css), images, isSheet, isDark);

    /// <summary>The text of a <c>style</c> element.</summary>
    /// <param name="css">The text.</param>
    /// <param name="images">Images that came with the message.</param>
    /// <param name="isDark">What <c>prefers-color-scheme</c> is to answer; null leaves it to the browser.</param>
    public static string Sheet(string css, InlineImages images, bool? isDark) => new CssSanitizer(css, images, isSheet: true, isDark).Write();

    /// <summary>The value of a <c>style</c> attribute; null if nothing is left of it.</summary>
    public static string? Declarations(string css, InlineImages images) =>
        new CssSanitizer(css, images, isSheet: false, isDark: null).Write().Trim() is { Length: > 0 } safe ? safe : null;

    private string Write()
    {
        while (_reader.Next() is { Kind: not CssKind.End } token)
        {
            Add(token);
        }

        EndPiece("");
        return _css.Append('}', _depth).ToString();
    }

    private void Add(CssToken token)
    {
        switch (token)
        {
            case { Kind: CssKind.Mark, Value: "{" }:
                OpenBlock();
                break;
            case { Kind: CssKind.Mark, Value: "}" }:
                CloseBlock();
                break;
            case { Kind: CssKind.Mark, Value: ";" }:
                EndPiece(";");
                break;
            default:
                AddToPiece(token);
                break;
        }
    }

    private void AddToPiece(CssToken token)
    {
        if (token.Kind != CssKind.Blank)
        {
            _isRule |= _first is null && token.Kind == CssKind.At;
            _first ??= token.Value;
        }

        _isRefused |= token.Kind switch
        {
            CssKind.Bad => true,
            CssKind.At => !CssRules.AtRules.Contains(token.Value.ToLowerInvariant()),
            CssKind.Function => !CssRules.Functions.Contains(token.Value.ToLowerInvariant()),
            CssKind.Mark => token.Value[0] is '\\' or '`' or '@' or < ' ' or > '~',
            _ => false,
        };

        // As in `width <= 9px`; with a blank behind it no tag begins.
        if (_css.Length > _start && _css[^1] == '<' && token is not ({ Kind: CssKind.Mark, Value: "=" } or { Kind: CssKind.Blank }))
        {
            _css.Append(' ');
        }

        // What would be fetched is counted, left out or not.
        if (token.Kind == CssKind.Address)
        {
            AddAddress(token.Value);
        }
        else if (token is { Kind: CssKind.Bad, Value: "url" } || (token.Kind == CssKind.Text && _isRule && IsImport))
        {
            _images.Block();
        }
        else
        {
            Write(token);
        }
    }

    private bool IsImport => string.Equals(_first, "import", StringComparison.OrdinalIgnoreCase);

    private void AddAddress(string address)
    {
        var image = _images.Resolve(address);
        _ = image is null ? _css.Append("none") : _css.Append("url(\"").Append(image).Append("\")");
    }

    private void OpenBlock()
    {
        if (_refusedDepth > 0 || !_isSheet || _isRefused || _depth == MaxDepth)
        {
            _refusedDepth++;
            Drop();
            return;
        }

        if (_isDark is { } isDark && string.Equals(_first, "media", StringComparison.OrdinalIgnoreCase))
        {
            AnswerColorScheme(isDark);
        }

        EndPiece("{");
        _depth++;
    }

    // A browser asks its machine, not the page around the frame. Every window is as wide as 0 and none is narrower.
    private void AnswerColorScheme(bool isDark)
    {
        var query = ColorScheme().Replace(
            _css.ToString(_start, _css.Length - _start),
            asked => !asked.Groups["scheme"].Success || asked.Groups["scheme"].Value.Equals(isDark ? "dark" : "light", StringComparison.OrdinalIgnoreCase)
                ? "min-width:0"
                : "max-width:-1px");
        _css.Length = _start;
        _css.Append(query);
    }

    [GeneratedRegex(@"(?<=\(\s*)prefers-color-scheme(\s*:\s*(?<scheme>[a-z-]+))?(?=\s*\))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ColorScheme();

    private void CloseBlock()
    {
        if (_refusedDepth > 0)
        {
            _refusedDepth--;
            Drop();
        }
        else if (_depth > 0)
        {
            EndPiece("}");
            _depth--;
        }
        else
        {
            Drop();
        }
    }

    private void EndPiece(string mark)
    {
        var isCode = _first is not null && mark != "{" && CssRules.CodeProperties.Contains(_first.ToLowerInvariant());
        if (_refusedDepth > 0 || _isRefused || isCode)
        {
            Drop();
            mark = mark == "}" ? mark : "";
        }

        _css.Append(mark);
        BeginPiece();
    }

    private void Drop()
    {
        _css.Length = _start;
        BeginPiece();
    }

    private void BeginPiece() => (_start, _first, _isRule, _isRefused) = (_css.Length, null, false, false);

    private void Write(CssToken token)
    {
        switch (token.Kind)
        {
            case CssKind.Word:
                WriteName(token.Value, isWord: true);
                break;
            case CssKind.Function:
                WriteName(token.Value, isWord: true);
                _css.Append('(');
                break;
            case CssKind.At:
                _css.Append('@');
                WriteName(token.Value, isWord: true);
                break;
            case CssKind.Hash:
                _css.Append('#');
                WriteName(token.Value, isWord: false);
                break;
            case CssKind.Number:
                _css.Append(token.Value);
                WriteName(token.Unit ?? "", isWord: true);
                break;
            case CssKind.Text:
                WriteText(token.Value);
                break;
            default:
                _css.Append(token.Value);
                break;
        }
    }

    private void WriteName(string name, bool isWord)
    {
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var isPlain = char.IsAsciiLetter(c) || c is '_' or >= '\xa0' || c == '-' || (char.IsAsciiDigit(c) && (i > 0 || !isWord));
            _ = isPlain && !(isWord && name is "-" or "--") ? _css.Append(c) : WriteEscape(c);
        }
    }

    private void WriteText(string text)
    {
        _css.Append('"');
        foreach (var c in text)
        {
            _ = c is '"' or '\\' or '<' or '>' or '&' || char.IsControl(c) ? WriteEscape(c) : _css.Append(c);
        }

        _css.Append('"');
    }

    private StringBuilder WriteEscape(char c) =>
        _css.Append('\\').Append((c == 0 ? 0xfffd : c).ToString("x", CultureInfo.InvariantCulture)).Append(' ');
}
