using System.Globalization;

namespace Signet.Server;

/// <summary>Spans of time and sizes as settings have them: a whole number and a unit, <c>3d</c> or <c>20G</c>.</summary>
internal static class Quantities
{
    /// <summary>Parses a number and <c>d</c>, <c>h</c>, <c>m</c> or <c>s</c>.</summary>
    public static bool TryParseSpan(string text, out TimeSpan span)
    {
        var unit = text.Length < 2 ? 0 : text[^1] switch { 'd' => 86400, 'h' => 3600, 'm' => 60, 's' => 1, _ => 0 };
        var isSpan = TryParseNumber(text, out var number) && unit > 0;
        span = isSpan ? TimeSpan.FromSeconds((long)number * unit) : default;
        return isSpan;
    }

    /// <summary>Parses a number and <c>K</c>, <c>M</c>, <c>G</c> or <c>T</c>, in upper or lower case: 1024 of one are one of the next.</summary>
    public static bool TryParseSize(string text, out long bytes)
    {
        var power = text.Length < 2 ? 0 : "KMGT".IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal) + 1;
        var isSize = TryParseNumber(text, out var number) && power > 0 && number <= long.MaxValue >> (10 * power);
        bytes = isSize ? (long)number << (10 * power) : 0;
        return isSize;
    }

    // What stands before the unit.
    private static bool TryParseNumber(string text, out int number)
    {
        number = 0;
        return text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
