using Signet.Viewing;

namespace Signet.Preflight;

/// <summary>The uses of CSS features in one style sheet or attribute; see <see cref="HtmlUses"/>.</summary>
internal sealed class CssUses
{
    private readonly HtmlStyle _style;
    private readonly CssReader _reader;
    private readonly List<(string Use, int Line)> _uses = [];

    // What stands before a `{`, `;` or `}`, without blanks but those within selectors.
    private readonly List<CssToken> _piece = [];
    private readonly Stack<bool> _blocksAreRules = new();
    private int _rulesOpen;
    private int _line;
    private int _counted;
    private int _pieceLine;

    private CssUses(HtmlStyle style) => (_style, _reader, _line) = (style, new CssReader(style.Text), style.Line);

    public static IReadOnlyList<(string Use, int Line)> Of(HtmlStyle style) => new CssUses(style).Read();

    private List<(string Use, int Line)> Read()
    {
        if (_style.Text.IndexOf("/*", StringComparison.Ordinal) is >= 0 and var comment)
        {
            _uses.Add(("css-comment", _style.Line + _style.Text.AsSpan(0, comment).Count('\n')));
        }

        for (var at = 0; _reader.Next() is { Kind: not CssKind.End } token; at = _reader.Position)
        {
            Add(token, at);
        }

        EndDeclaration();
        return _uses;
    }

    private void Add(CssToken token, int at)
    {
        switch (token)
        {
            case { Kind: CssKind.Mark, Value: "{" }:
                BeginBlock();
                break;
            case { Kind: CssKind.Mark, Value: "}" }:
                EndDeclaration();
                _rulesOpen -= _blocksAreRules.TryPop(out var wasRule) && wasRule ? 1 : 0;
                break;
            case { Kind: CssKind.Mark, Value: ";" }:
                EndDeclaration();
                break;
            case { Kind: CssKind.Blank }:
                break;
            default:
                if (_piece.Count == 0)
                {
                    _line += _style.Text.AsSpan(_counted, at - _counted).Count('\n');
                    (_counted, _pieceLine) = (at, _line);
                }

                _piece.Add(token);
                break;
        }
    }

    private void BeginBlock()
    {
        if (_piece is [{ Kind: CssKind.At } rule, .. var condition])
        {
            Use($"at:{Lower(rule.Value)}");
            condition.Where(t => t.Kind == CssKind.Word).ToList().ForEach(t => Use($"media:{Lower(t.Value)}"));
            _blocksAreRules.Push(false);
        }
        else
        {
            if (_rulesOpen > 0)
            {
                Use("nesting");
            }

            AddSelector();
            _blocksAreRules.Push(true);
            _rulesOpen++;
        }

        _piece.Clear();
    }

    private void AddSelector()
    {
        for (var i = 0; i < _piece.Count; i++)
        {
            var use = _piece[i] switch
            {
                { Kind: CssKind.Hash } => "selector:id",
                { Kind: CssKind.Word or CssKind.Function } when i > 0 && _piece[i - 1] is { Kind: CssKind.Mark, Value: ":" } =>
                    $"pseudo:{Lower(_piece[i].Value)}",
                { Kind: CssKind.Mark, Value: var mark } => mark switch
                {
                    "." => "selector:class",
                    ">" => "selector:child",
                    "+" => "selector:adjacent",
                    "~" => "selector:sibling",
                    "*" => "selector:universal",
                    "[" => "selector:attribute",
                    _ => null,
                },
                _ => null,
            };
            if (use is not null)
            {
                Use(use);
            }
        }
    }

    private void EndDeclaration()
    {
        if (_piece is [{ Kind: CssKind.At } rule, ..])
        {
            Use($"at:{Lower(rule.Value)}");
        }
        else if (_piece is [{ Kind: CssKind.Word } property, { Kind: CssKind.Mark, Value: ":" }, .. var value])
        {
            AddDeclaration(Lower(property.Value), value);
        }

        _piece.Clear();
    }

    private void AddDeclaration(string property, List<CssToken> value)
    {
        Use(property.StartsWith("--", StringComparison.Ordinal) ? "custom-property" : $"property:{property}");
        if (property == "background" && value.Exists(t => t.Kind == CssKind.Address))
        {
            Use("property:background-image");
        }

        for (var i = 0; i < value.Count; i++)
        {
            var use = value[i] switch
            {
                { Kind: CssKind.Word, Value: var word } when i > 0 && value[i - 1] is { Kind: CssKind.Mark, Value: "!" } => Lower(word),
                { Kind: CssKind.Word, Value: var word } => $"value:{property}={Lower(word)}",
                { Kind: CssKind.Function, Value: var function } => $"function:{Lower(function)}",
                { Kind: CssKind.Number, Unit: { } unit } => $"unit:{Lower(unit)}",
                { Kind: CssKind.Address, Value: var address } => HtmlUses.OfImage(address.Trim()),
                _ => null,
            };
            if (use is not null)
            {
                Use(use);
            }
        }
    }

    private void Use(string use) => _uses.Add((use, _pieceLine));

    private static string Lower(string text) => text.ToLowerInvariant();
}
