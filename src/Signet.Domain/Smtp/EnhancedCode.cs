using System.Globalization;

namespace Signet.Smtp;

/// <summary>An enhanced status code, <c>class.subject.detail</c> (RFC 3463 §2).</summary>
/// <param name="Class">2, 4 or 5.</param>
/// <param name="Subject">0 to 999.</param>
/// <param name="Detail">0 to 999.</param>
public readonly record struct EnhancedCode(int Class, int Subject, int Detail)
{
    private const int MaxDigits = 3;

    /// <summary>Reads a code that the text begins with and that a blank or the end follows (RFC 2034 §3).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EnhancedCode code)
    {
        code = default;
        var word = text.IndexOf(' ') is var end && end >= 0 ? text[..end] : text;
        if (word.Length < 5 || word[0] is not ('2' or '4' or '5') || word[1] != '.')
        {
            return false;
        }

        var rest = word[2..];
        var dot = rest.IndexOf('.');
        if (dot < 0 || !TryNumber(rest[..dot], out var subject) || !TryNumber(rest[(dot + 1)..], out var detail))
        {
            return false;
        }

        code = new EnhancedCode(word[0] - '0', subject, detail);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    private static bool TryNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        return digits.Length <= MaxDigits && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
