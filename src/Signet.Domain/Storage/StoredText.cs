using System.Text;

namespace Signet.Storage;

/// <summary>Text on its way into the store. Strangers' text (subjects, replies of other servers) holds what no engine takes.</summary>
internal static class StoredText
{
    /// <summary>
    /// NUL, which PostgreSQL cannot store, and unpaired surrogates, which UTF-8 cannot encode, become U+FFFD; all else stays.
    /// </summary>
    public static string Clean(string text)
    {
        if (!text.AsSpan().Contains('\0') && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        }

        return clean.ToString();
    }

    /// <summary>The form in which searches compare, the same on every engine.</summary>
    public static string Fold(string text) => Clean(text).ToLowerInvariant();
}
