namespace Signet.Addresses;

/// <summary>Line ends, NUL and their like, which may be hidden in encoded words and must not reach a header, a log or a store.</summary>
internal static class ControlCharacters
{
    /// <summary>The text with a blank for each of them, trimmed.</summary>
    public static string ToBlanks(string text) =>
        string.Create(text.Length, text, (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(from[i]) ? ' ' : from[i];
            }
        }).Trim();
}
