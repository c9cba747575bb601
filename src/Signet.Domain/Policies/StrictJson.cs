using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Signet.Policies;

/// <summary>
/// JSON without the liberties of RFC 8259: no key twice in one object (readers differ on which one counts, and a policy must have one
/// meaning), no text that is not Unicode, bounded depth.
/// </summary>
internal static class StrictJson
{
    /// <summary>A policy with all its elements needs six.</summary>
    private const int MaxDepth = 10;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="PolicyFormatException">It is not JSON, or takes one of the liberties.</exception>
    public static JsonDocument Parse(string text, int maxBytes)
    {
        byte[] utf8;
        try
        {
            utf8 = Utf8.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw new PolicyFormatException("The policy is not Unicode text.");
        }

        if (utf8.Length > maxBytes)
        {
            throw new PolicyFormatException($"The policy has {utf8.Length} bytes in UTF-8; {maxBytes} are allowed.");
        }

        try
        {
            Check(utf8);
            return JsonDocument.Parse(utf8);
        }
        catch (JsonException e)
        {
            throw new PolicyFormatException(
                $"The policy is not JSON: line {e.LineNumber + 1}, position {e.BytePositionInLine + 1} is not understood.")
            {
                Line = (int?)e.LineNumber + 1,
            };
        }
    }

    /// <summary>Leaves out the white space between tokens; all else stays as written. For text that was parsed.</summary>
    public static string Compact(string text)
    {
        var compact = new StringBuilder(text.Length);
        var inString = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (!inString && c is ' ' or '\t' or '\n' or '\r')
            {
                continue;
            }

            compact.Append(c);
            if (c == '"')
            {
                inString = !inString;
            }
            else if (c == '\\')
            {
                compact.Append(text[++i]);
            }
        }

        return compact.ToString();
    }

    /// <summary>
    /// The line, from 1, on which a value begins. For text that was parsed. Where a key is missing it is the line of what should have it;
    /// the first item of what is no list is that itself, because a policy may leave the brackets out.
    /// </summary>
    /// <param name="text">The document.</param>
    /// <param name="path"><see cref="PolicyFormatException.Path"/>.</param>
    public static int LineOf(string text, IReadOnlyList<string> path)
    {
        var utf8 = Utf8.GetBytes(text);
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        var start = reader.TokenStartIndex;
        foreach (var step in path)
        {
            if (!TryEnter(ref reader, step))
            {
                break;
            }

            start = reader.TokenStartIndex;
        }

        return utf8.AsSpan(0, (int)start).Count((byte)'\n') + 1;
    }

    private static bool TryEnter(ref Utf8JsonReader reader, string step)
    {
        var isIndex = int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index);
        if (reader.TokenType == JsonTokenType.StartObject && !isIndex)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isIt = reader.ValueTextEquals(step);
                reader.Read();
                if (isIt)
                {
                    return true;
                }

                reader.Skip();
            }

            return false;
        }

        if (reader.TokenType == JsonTokenType.StartArray && isIndex)
        {
            for (reader.Read(); index > 0; index--)
            {
                reader.Skip();
                reader.Read();
            }
        }

        return isIndex;
    }

    private static void Check(byte[] utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        Stack<HashSet<string>> keys = new();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= MaxDepth:
                    throw Refusal($"The policy is nested more than {MaxDepth} deep", utf8, reader);
                case JsonTokenType.StartObject:
                    keys.Push([]);
                    break;
                case JsonTokenType.EndObject:
                    keys.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    var key = Text(utf8, reader);
                    if (!keys.Peek().Add(key))
                    {
                        throw Refusal($"The key `{key}` stands twice in one object", utf8, reader);
                    }

                    break;
                case JsonTokenType.String:
                    Text(utf8, reader);
                    break;
            }
        }
    }

    private static string Text(byte[] utf8, in Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // The reader takes `\ud800` for a string until somebody asks what it says.
            throw Refusal("A string holds half of a surrogate pair", utf8, reader);
        }
    }

    private static PolicyFormatException Refusal(string what, byte[] utf8, in Utf8JsonReader reader)
    {
        var before = utf8.AsSpan(0, (int)reader.TokenStartIndex);
        var line = before.Count((byte)'\n') + 1;
        return new PolicyFormatException($"{what} (line {line}, position {before.Length - before.LastIndexOf((byte)'\n')}).") { Line = line };
    }
}
