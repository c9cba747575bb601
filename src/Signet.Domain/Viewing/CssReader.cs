using System.Globalization;
using System.Text;

namespace Signet.Viewing;

/// <summary>
/// The tokens of a style sheet (CSS Syntax §4), escapes resolved, comments read over. Never fails; reads each character once.
/// </summary>
internal sealed class CssReader(string css)
{
    private int _at;

    /// <summary>Where the next token begins.</summary>
    public int Position => _at;

    /// <summary>The next token; one of kind <see cref="CssKind.End"/> at the end.</summary>
    public CssToken Next()
    {
        if (_at >= css.Length)
        {
            return new CssToken(CssKind.End, "");
        }

        var c = css[_at];
        if (IsBlank(c) || IsAt("/*") || IsAt("<!--") || IsAt("-->"))
        {
            return Blank();
        }

        if (c is '"' or '\'')
        {
            return Text(c);
        }

        if (StartsName(_at))
        {
            return Word();
        }

        if (char.IsAsciiDigit(c) || (c is '+' or '-' or '.' && StartsNumber(_at)))
        {
            return Number();
        }

        if (c is '@' or '#' && IsNameOrEscape(_at + 1))
        {
            _at++;
            return new CssToken(c == '@' ? CssKind.At : CssKind.Hash, Name());
        }

        _at++;
        return new CssToken(CssKind.Mark, c.ToString());
    }

    private CssToken Blank()
    {
        while (_at < css.Length)
        {
            if (IsBlank(css[_at]))
            {
                _at++;
            }
            else if (IsAt("/*"))
            {
                var end = css.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                _at = end < 0 ? css.Length : end + 2;
            }
            else if (IsAt("<!--") || IsAt("-->"))
            {
                _at += css[_at] == '<' ? 4 : 3;
            }
            else
            {
                break;
            }
        }

        return new CssToken(CssKind.Blank, " ");
    }

    private CssToken Text(char quote)
    {
        var text = new StringBuilder();
        for (_at++; _at < css.Length;)
        {
            var c = css[_at];
            if (c == quote)
            {
                _at++;
                break;
            }

            if (IsLineEnd(c))
            {
                return new CssToken(CssKind.Bad, "");
            }

            if (c != '\\')
            {
                text.Append(c);
                _at++;
            }
            else if (_at + 1 < css.Length && IsLineEnd(css[_at + 1]))
            {
                _at += css.AsSpan(_at + 1).StartsWith("\r\n") ? 3 : 2;
            }
            else
            {
                text.Append(Escape());
            }
        }

        return new CssToken(CssKind.Text, text.ToString());
    }

    private CssToken Word()
    {
        var name = Name();
        if (_at >= css.Length || css[_at] != '(')
        {
            return new CssToken(CssKind.Word, name);
        }

        _at++;
        return name.Equals("url", StringComparison.OrdinalIgnoreCase) ? Address() : new CssToken(CssKind.Function, name);
    }

    // With quotes or without; what is between the parentheses is the whole address.
    private CssToken Address()
    {
        SkipBlanks();
        if (_at < css.Length && css[_at] is '"' or '\'')
        {
            var text = Text(css[_at]);
            SkipBlanks();
            return text.Kind == CssKind.Text && Closes() ? new CssToken(CssKind.Address, text.Value) : BadAddress();
        }

        var address = new StringBuilder();
        while (_at < css.Length && css[_at] is var c && c != ')')
        {
            if (IsBlank(c))
            {
                SkipBlanks();
                return Closes() ? new CssToken(CssKind.Address, address.ToString()) : BadAddress();
            }

            if (c is '"' or '\'' or '(' || char.IsControl(c))
            {
                return BadAddress();
            }

            if (c == '\\')
            {
                address.Append(Escape());
            }
            else
            {
                address.Append(c);
                _at++;
            }
        }

        return Closes() ? new CssToken(CssKind.Address, address.ToString()) : BadAddress();
    }

    // The end of the text closes what is open.
    private bool Closes()
    {
        if (_at >= css.Length)
        {
            return true;
        }

        if (css[_at] != ')')
        {
            return false;
        }

        _at++;
        return true;
    }

    private CssToken BadAddress()
    {
        var end = css.IndexOf(')', _at);
        _at = end < 0 ? css.Length : end + 1;
        return new CssToken(CssKind.Bad, "url");
    }

    private CssToken Number()
    {
        var start = _at++;
        while (_at < css.Length
            && (char.IsAsciiDigit(css[_at]) || (css[_at] == '.' && _at + 1 < css.Length && char.IsAsciiDigit(css[_at + 1]))))
        {
            _at++;
        }

        var digits = css[start.._at];
        return StartsName(_at) ? new CssToken(CssKind.Number, digits, Name()) : new CssToken(CssKind.Number, digits);
    }

    private string Name()
    {
        var start = _at;
        while (_at < css.Length && IsNameCharacter(css[_at]))
        {
            _at++;
        }

        if (!IsEscape(_at))
        {
            return css[start.._at];
        }

        var name = new StringBuilder(css[start.._at]);
        while (_at < css.Length && (IsNameCharacter(css[_at]) || IsEscape(_at)))
        {
            name.Append(IsNameCharacter(css[_at]) ? css[_at++].ToString() : Escape());
        }

        return name.ToString();
    }

    // CSS Syntax §4.3.7: up to six hexadecimal digits and one blank, or any one character.
    private string Escape()
    {
        _at++;
        var start = _at;
        while (_at < css.Length && _at - start < 6 && char.IsAsciiHexDigit(css[_at]))
        {
            _at++;
        }

        if (_at > start)
        {
            var code = int.Parse(css.AsSpan(start, _at - start), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (_at < css.Length && IsBlank(css[_at]))
            {
                _at += css.AsSpan(_at).StartsWith("\r\n") ? 2 : 1;
            }

            return code > 0 && Rune.IsValid(code) ? new Rune(code).ToString() : "\uFFFD";
        }

        return _at < css.Length ? css[_at++].ToString() : "\uFFFD";
    }

    private void SkipBlanks()
    {
        while (_at < css.Length && IsBlank(css[_at]))
        {
            _at++;
        }
    }

    private bool IsAt(string text) => css.AsSpan(_at).StartsWith(text);

    private bool StartsName(int at) =>
        at < css.Length && (css[at] == '-'
            ? at + 1 < css.Length && (css[at + 1] == '-' || IsNameStart(css[at + 1]) || IsEscape(at + 1))
            : IsNameStart(css[at]) || IsEscape(at));

    private bool StartsNumber(int at) =>
        at + 1 < css.Length && (char.IsAsciiDigit(css[at + 1])
            || (css[at] != '.' && css[at + 1] == '.' && at + 2 < css.Length && char.IsAsciiDigit(css[at + 2])));

    private bool IsNameOrEscape(int at) => at < css.Length && (IsNameCharacter(css[at]) || IsEscape(at));

    private bool IsEscape(int at) => at < css.Length && css[at] == '\\' && (at + 1 >= css.Length || !IsLineEnd(css[at + 1]));

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || c >= 0x80 || c == 0;

    private static bool IsNameCharacter(char c) => IsNameStart(c) || char.IsAsciiDigit(c) || c == '-';

    private static bool IsLineEnd(char c) => c is '\n' or '\r' or '\f';

    private static bool IsBlank(char c) => c is ' ' or '\t' || IsLineEnd(c);
}

/// <param name="Kind">What it is.</param>
/// <param name="Value">Without quotes, <c>@</c>, <c>#</c> or parenthesis; escapes resolved.</param>
/// <param name="Unit">Of a number: what stands right behind it.</param>
internal readonly record struct CssToken(CssKind Kind, string Value, string? Unit = null);

internal enum CssKind
{
    End,
    Blank,
    Word,
    Function,
    At,
    Hash,
    Number,
    Text,

    /// <summary>A whole <c>url(…)</c>.</summary>
    Address,

    /// <summary>A string or an address that does not end as it should.</summary>
    Bad,

    /// <summary>One character.</summary>
    Mark,
}
