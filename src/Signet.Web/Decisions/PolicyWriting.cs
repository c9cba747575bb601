using System.Text;
using System.Text.Json;

namespace Signet.Web.Decisions;

/// <summary>The text of a policy as people read it. Stored policies have no white space.</summary>
public static class PolicyWriting
{
    // A list that fits on such a line stays on it, as people write actions and principals.
    private const int MaxLine = 80;

    private const int Indent = 2;

    /// <summary>
    /// Spreads a policy over lines; escapes and spelling of numbers stay as written. A text that is not JSON, or that would become
    /// longer than <paramref name="maxBytes"/>, is given back as it is.
    /// </summary>
    public static string Spread(string text, int maxBytes) =>
        TryFormat(text, out var formatted) && Encoding.UTF8.GetByteCount(formatted) <= maxBytes ? formatted : text;

    /// <summary>Spreads JSON over lines. False, and the text as it was, when it is not JSON.</summary>
    public static bool TryFormat(string text, out string formatted)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var writer = new StringBuilder(text.Length * 2);
            Write(writer, document.RootElement, 0);
            formatted = writer.ToString();
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // An ArgumentException is half of a surrogate pair.
            formatted = text;
            return false;
        }
    }

    /// <summary>Without the white space between tokens; a text that is not JSON is given back as it is.</summary>
    public static string Compact(string text)
    {
        if (!TryFormat(text, out _))
        {
            return text;
        }

        var compact = new StringBuilder(text.Length);
        var inString = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (inString || c is not (' ' or '\t' or '\n' or '\r'))
            {
                compact.Append(c);
            }

            if (c == '\\')
            {
                compact.Append(text[++i]);
            }
            else if (c == '"')
            {
                inString = !inString;
            }
        }

        return compact.ToString();
    }

    private static void Write(StringBuilder writer, JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                WriteMany(writer, '{', '}', depth, value.EnumerateObject(), property =>
                {
                    writer.Append(RawName(property)).Append(": ");
                    Write(writer, property.Value, depth + 1);
                });
                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0 && !FitsOnALine(writer, value):
                WriteMany(writer, '[', ']', depth, value.EnumerateArray(), item => Write(writer, item, depth + 1));
                break;
            case JsonValueKind.Array:
                writer.Append('[').AppendJoin(", ", value.EnumerateArray().Select(i => i.GetRawText())).Append(']');
                break;
            case JsonValueKind.Object:
                writer.Append("{}");
                break;
            default:
                writer.Append(value.GetRawText());
                break;
        }
    }

    private static void WriteMany<T>(StringBuilder writer, char open, char close, int depth, IEnumerable<T> items, Action<T> write)
    {
        writer.Append(open);
        var isFirst = true;
        foreach (var item in items)
        {
            writer.Append(isFirst ? "\n" : ",\n").Append(' ', (depth + 1) * Indent);
            write(item);
            isFirst = false;
        }

        writer.Append('\n').Append(' ', depth * Indent).Append(close);
    }

    private static bool FitsOnALine(StringBuilder writer, JsonElement list)
    {
        var used = writer.Length;
        while (used > 0 && writer[used - 1] != '\n')
        {
            used--;
        }

        return list.EnumerateArray().All(i => i.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            && writer.Length - used + list.EnumerateArray().Sum(i => i.GetRawText().Length + ", ".Length) <= MaxLine;
    }

    // `"name": value` as written, up to the quote that ends the name.
    private static string RawName(JsonProperty property)
    {
        var raw = property.ToString();
        for (var i = 1; ; i++)
        {
            if (raw[i] == '\\')
            {
                i++;
            }
            else if (raw[i] == '"')
            {
                return raw[..(i + 1)];
            }
        }
    }
}
