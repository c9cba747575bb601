using System.Buffers;
using System.Globalization;
using System.Text;

namespace Signet.Viewing;

/// <summary>Makes file names out of what strangers call their files.</summary>
internal static class SafeFileNames
{
    private const int MaxLength = 120;
    private const int MaxExtension = 16;

    private static readonly SearchValues<char> Separators = SearchValues.Create("/\\:*?\"<>|");

    /// <summary>
    /// The name without what a path, a shell, a header or a reader would stumble over; one made from the type where nothing is left.
    /// </summary>
    public static string Of(string? name, string contentType)
    {
        var text = new StringBuilder();
        foreach (var rune in (name ?? "").EnumerateRunes())
        {
            if (Keep(rune) is { } kept)
            {
                text.Append(kept);
            }
        }

        // Windows drops dots and blanks at the end; a dot at the start hides the file elsewhere.
        var safe = Shorten(text.ToString().Trim(' ', '.'));
        return safe.Length == 0 ? Fallback(contentType) : IsDevice(safe) ? "_" + safe : safe;
    }

    // Format characters turn text around: `gpj.exe` shown as `exe.jpg`.
    private static string? Keep(Rune rune) =>
        rune.IsBmp && Separators.Contains((char)rune.Value) ? "_"
            : rune == Rune.ReplacementChar ? "_"
            : Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate
                    or UnicodeCategory.PrivateUse => null,
                UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => " ",
                _ => rune.ToString(),
            };

    private static string Shorten(string name)
    {
        if (name.Length <= MaxLength)
        {
            return name;
        }

        var dot = name.LastIndexOf('.');
        var extension = dot > 0 && name.Length - dot <= MaxExtension ? name[dot..] : "";
        var length = MaxLength - extension.Length;
        return name[..(char.IsHighSurrogate(name[length - 1]) ? length - 1 : length)].TrimEnd(' ', '.') + extension;
    }

    private static bool IsDevice(string name)
    {
        var stem = name.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL"
            || (stem.Length == 4 && stem[..3] is "COM" or "LPT" && char.IsAsciiDigit(stem[3]));
    }

    private static string Fallback(string contentType) => contentType.ToLowerInvariant() switch
    {
        "text/plain" => "part.txt",
        "text/html" => "part.html",
        "text/calendar" => "invite.ics",
        "message/rfc822" => "message.eml",
        "image/png" => "part.png",
        "image/jpeg" => "part.jpg",
        "image/gif" => "part.gif",
        "application/pdf" => "part.pdf",
        _ => "part.bin",
    };
}
