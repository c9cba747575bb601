using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Signet.Addresses;

/// <summary>The charsets that names stand for: all that .NET knows, legacy code pages included, but never UTF-7.</summary>
public static class Charsets
{
    private static readonly Dictionary<string, Encoding> BuiltIn = new(StringComparer.OrdinalIgnoreCase)
    {
        ["utf-8"] = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        ["utf8"] = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        ["us-ascii"] = Encoding.ASCII,
        ["ascii"] = Encoding.ASCII,
        ["ansi_x3.4-1968"] = Encoding.ASCII,
        ["iso-8859-1"] = Encoding.Latin1,
        ["iso8859-1"] = Encoding.Latin1,
        ["iso_8859-1"] = Encoding.Latin1,
        ["latin1"] = Encoding.Latin1,
        ["utf-16"] = new UnicodeEncoding(bigEndian: true, byteOrderMark: false),
        ["utf-16be"] = new UnicodeEncoding(bigEndian: true, byteOrderMark: false),
        ["utf-16le"] = new UnicodeEncoding(bigEndian: false, byteOrderMark: false),
        ["utf-32"] = new UTF32Encoding(bigEndian: true, byteOrderMark: false),
        ["utf-32be"] = new UTF32Encoding(bigEndian: true, byteOrderMark: false),
        ["utf-32le"] = new UTF32Encoding(bigEndian: false, byteOrderMark: false),
    };

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>
    /// 8-bit text that names no charset: UTF-8, or Windows-1252 where it is not. The latter is ISO 8859-1 with quotation marks and dashes in
    /// the place of control characters, which is what programs mean that write either of the two.
    /// </summary>
    public static string Guess(ReadOnlySpan<byte> text)
    {
        try
        {
            return StrictUtf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            return Windows1252.GetString(text);
        }
    }

    /// <summary>
    /// Finds a charset by its IANA name or a usual alias, without case. UTF-16 and UTF-32 without a byte order are big-endian
    /// (RFC 2781 §4.3).
    /// </summary>
    public static bool TryResolve(string? name, [NotNullWhen(true)] out Encoding? charset)
    {
        // Not Encoding.GetEncoding: it throws for an unknown name, and strangers' encoded words may name thousands.
        charset = string.IsNullOrEmpty(name) ? null
            : BuiltIn.TryGetValue(name, out var builtIn) ? builtIn
            : CodePagesEncodingProvider.Instance.GetEncoding(name);
        return charset is not null;
    }
}
