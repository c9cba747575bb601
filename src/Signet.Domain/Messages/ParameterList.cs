using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Signet.Addresses;

namespace Signet.Messages;

/// <summary>The parameters of a MIME field: <c>; name=value; name*=charset''value; name*0=begin; name*1=end</c> (RFC 2231).</summary>
internal static class ParameterList
{
    /// <summary>Reads to the end. Of two parameters with one name the last counts.</summary>
    public static bool TryRead(
        HeaderTokens tokens,
        [NotNullWhen(true)] out IReadOnlyDictionary<string, string>? parameters,
        [NotNullWhen(false)] out string? problem)
    {
        parameters = null;
        Dictionary<string, string> written = new(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            var separator = tokens.Next();
            if (separator.Kind == TokenKind.End)
            {
                break;
            }

            if (!separator.Is(';'))
            {
                problem = Problem(separator, $"Expected ';', got \"{separator.Text}\"");
                return false;
            }

            var name = tokens.Next();
            if (name.Kind == TokenKind.End)
            {
                // A final semicolon does no harm.
                break;
            }

            if (!TryReadValue(tokens, name, out var value, out problem))
            {
                return false;
            }

            written[name.Text!] = value;
        }

        parameters = Decode(written);
        problem = null;
        return true;
    }

    private static bool TryReadValue(
        HeaderTokens tokens, HeaderToken name, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        value = null;
        problem = null;
        if (name.Kind != TokenKind.Atom)
        {
            problem = Problem(name, $"Expected parameter name, got \"{name.Text}\"");
            return false;
        }

        var equals = tokens.Next();
        if (!equals.Is('='))
        {
            problem = Problem(equals, $"Expected '=', got '{equals.Text ?? "null"}'");
            return false;
        }

        var token = tokens.Next();
        value = token.Kind is TokenKind.Atom or TokenKind.Quoted ? token.Text : null;
        problem = value is null ? Problem(token, $"Expected parameter value, got \"{token.Text ?? "null"}\"") : null;
        return value is not null;
    }

    private static string Problem(HeaderToken token, string otherwise) =>
        token.Kind == TokenKind.Malformed ? token.Text! : otherwise;

    private static Dictionary<string, string> Decode(Dictionary<string, string> written)
    {
        Dictionary<string, string> decoded = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in written)
        {
            var star = key.IndexOf('*', StringComparison.Ordinal);
            var name = star < 0 ? key : key[..star];
            if (star < 0)
            {
                // The extended form wins over a plain one beside it. Encoded words do not belong here (RFC 2047 §5), but file names
                // are written so all the same, and mail programs show them decoded.
                decoded.TryAdd(name, IsFileName(name) ? EncodedWords.Decode(value) : value);
            }
            else if (star == key.Length - 1)
            {
                decoded[name] = DecodeExtended(value);
            }
            else if (key.AsSpan(star) is "*0" or "*0*")
            {
                decoded[name] = Join(written, name);
            }
        }

        return decoded;
    }

    private static bool IsFileName(string name) =>
        name.Equals("filename", StringComparison.OrdinalIgnoreCase) || name.Equals("name", StringComparison.OrdinalIgnoreCase);

    private static string Join(Dictionary<string, string> written, string name)
    {
        var joined = new StringBuilder();
        var charset = "";
        for (var i = 0; ; i++)
        {
            var section = string.Create(CultureInfo.InvariantCulture, $"{name}*{i}");
            if (written.TryGetValue(section + '*', out var encoded))
            {
                var quote = i == 0 ? EndOfCharset(encoded) : -1;
                charset = i == 0 && quote >= 0 ? encoded[..encoded.IndexOf('\'', StringComparison.Ordinal)] : charset;
                joined.Append(encoded, quote + 1, encoded.Length - quote - 1);
            }
            else if (written.TryGetValue(section, out var plain))
            {
                // Escaped, to be decoded with the rest: a character may be split between sections.
                joined.Append(plain.Replace("%", "%25", StringComparison.Ordinal));
            }
            else
            {
                return Unescape(joined.ToString(), charset);
            }
        }
    }

    private static string DecodeExtended(string value)
    {
        // Some programs leave the charset out, quotes and all.
        var quote = EndOfCharset(value);
        return quote < 0 ? Unescape(value, "") : Unescape(value[(quote + 1)..], value[..value.IndexOf('\'', StringComparison.Ordinal)]);
    }

    // charset'language'text: the place of the second quote, or -1.
    private static int EndOfCharset(string value)
    {
        var first = value.IndexOf('\'', StringComparison.Ordinal);
        return first < 0 ? -1 : value.IndexOf('\'', first + 1);
    }

    private static string Unescape(string value, string charset)
    {
        var encoding = Charsets.TryResolve(charset, out var named) ? named : Encoding.UTF8;
        List<byte> bytes = new(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '%' && i + 2 < value.Length && char.IsAsciiHexDigit(value[i + 1]) && char.IsAsciiHexDigit(value[i + 2]))
            {
                bytes.Add(Convert.FromHexString(value.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else if (char.IsAscii(value[i]))
            {
                bytes.Add((byte)value[i]);
            }
            else
            {
                bytes.AddRange(encoding.GetBytes(value.Substring(i, 1)));
            }
        }

        return encoding.GetString([.. bytes]);
    }
}
