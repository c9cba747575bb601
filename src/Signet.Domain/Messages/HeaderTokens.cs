using System.Buffers;
using System.Text;

namespace Signet.Messages;

internal enum TokenKind
{
    /// <summary>No more tokens; the text is null.</summary>
    End,
    Atom,
    Quoted,
    Special,

    /// <summary>The text is what is wrong.</summary>
    Malformed,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">Without quotes and backslashes.</param>
internal readonly record struct HeaderToken(TokenKind Kind, string? Text)
{
    public bool Is(char special) => Kind == TokenKind.Special && Text![0] == special;
}

/// <summary>The tokens of a structured MIME field (RFC 2045 §5.1); comments are passed over.</summary>
internal sealed class HeaderTokens(string text)
{
    private static readonly SearchValues<char> Specials = SearchValues.Create("()<>@,;:\\\"/[]?=");

    private int position;

    public HeaderToken Next()
    {
        while (position < text.Length && text[position] is ' ' or '\t' or '(')
        {
            if (text[position] != '(')
            {
                position++;
            }
            else if (!SkipComment())
            {
                return new HeaderToken(TokenKind.Malformed, "Unbalanced comments");
            }
        }

        if (position == text.Length)
        {
            return default;
        }

        var start = position++;
        if (text[start] == '"')
        {
            return ReadQuoted();
        }

        if (!IsAtomCharacter(text[start]))
        {
            return new HeaderToken(TokenKind.Special, text[start..position]);
        }

        while (position < text.Length && IsAtomCharacter(text[position]))
        {
            position++;
        }

        return new HeaderToken(TokenKind.Atom, text[start..position]);
    }

    // As in JavaMail, a character beyond ASCII is a special of its own, and belongs into quotes.
    private static bool IsAtomCharacter(char c) => c is > ' ' and < '\x7f' && !Specials.Contains(c);

    private HeaderToken ReadQuoted()
    {
        var value = new StringBuilder();
        for (; position < text.Length; position++)
        {
            if (text[position] == '"')
            {
                position++;
                return new HeaderToken(TokenKind.Quoted, value.ToString());
            }

            if (text[position] == '\\' && position + 1 < text.Length)
            {
                position++;
            }

            value.Append(text[position]);
        }

        return new HeaderToken(TokenKind.Malformed, "Unbalanced quoted string");
    }

    private bool SkipComment()
    {
        var depth = 0;
        for (; position < text.Length; position++)
        {
            switch (text[position])
            {
                case '\\':
                    position++;
                    break;
                case '(':
                    depth++;
                    break;
                case ')' when --depth == 0:
                    position++;
                    return true;
            }
        }

        position = text.Length;
        return false;
    }
}
