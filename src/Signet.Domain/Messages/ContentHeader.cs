using System.Diagnostics.CodeAnalysis;

namespace Signet.Messages;

/// <summary>
/// The value of a Content-Type or Content-Disposition field. The problems are JavaMail's words, as SES shows them.
/// </summary>
/// <param name="Value">The MIME type or the disposition, in lower case.</param>
/// <param name="Parameters">By name in lower case, decoded (RFC 2231, RFC 2047).</param>
internal sealed record ContentHeader(string Value, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>Reads a Content-Type (RFC 2045 §5.1).</summary>
    public static bool TryParseType(
        string text, [NotNullWhen(true)] out ContentHeader? header, [NotNullWhen(false)] out string? problem)
    {
        var tokens = new HeaderTokens(text);
        header = null;
        if (!TryReadAtom(tokens, "Expected MIME type, got ", out var type, out problem))
        {
            return false;
        }

        var slash = tokens.Next();
        if (!slash.Is('/'))
        {
            problem = Unexpected("Expected '/', got ", slash);
            return false;
        }

        return TryReadAtom(tokens, "Expected MIME subtype, got ", out var subtype, out problem)
            && TryFinish($"{type}/{subtype}", tokens, out header, out problem);
    }

    /// <summary>Reads a Content-Disposition (RFC 2183).</summary>
    public static bool TryParseDisposition(
        string text, [NotNullWhen(true)] out ContentHeader? header, [NotNullWhen(false)] out string? problem)
    {
        var tokens = new HeaderTokens(text);
        header = null;
        return TryReadAtom(tokens, "Expected disposition, got ", out var disposition, out problem)
            && TryFinish(disposition, tokens, out header, out problem);
    }

    private static bool TryFinish(
        string value, HeaderTokens tokens, [NotNullWhen(true)] out ContentHeader? header, [NotNullWhen(false)] out string? problem)
    {
        header = ParameterList.TryRead(tokens, out var parameters, out problem)
            ? new ContentHeader(value.ToLowerInvariant(), parameters)
            : null;
        return header is not null;
    }

    private static bool TryReadAtom(
        HeaderTokens tokens, string expected, [NotNullWhen(true)] out string? atom, [NotNullWhen(false)] out string? problem)
    {
        var token = tokens.Next();
        atom = token.Kind == TokenKind.Atom ? token.Text : null;
        problem = atom is null ? Unexpected(expected, token) : null;
        return atom is not null;
    }

    // Java prints a missing token as null.
    private static string Unexpected(string expected, HeaderToken got) =>
        got.Kind == TokenKind.Malformed ? got.Text! : expected + (got.Text ?? "null");
}
