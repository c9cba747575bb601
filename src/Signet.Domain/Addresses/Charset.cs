using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Signet.Addresses;

/// <summary>
/// A charset that text is sent in. .NET has one encoding for several charsets of the same family and calls it by one of their names: what is
/// sent goes by the name that was asked for, and holds no character that only a relative has.
/// </summary>
/// <param name="Name">The name that stands in the message, IANA's where there is one: <c>UTF-8</c>, <c>GBK</c>.</param>
/// <param name="Encoding">Makes the bytes. It may know more characters than the charset has.</param>
public sealed record Charset(string Name, Encoding Encoding)
{
    public static Charset Utf8 { get; } = new("UTF-8", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    /// <summary>Finds a charset by any name that <see cref="Charsets.TryResolve"/> knows.</summary>
    public static bool TryFind(string? name, [NotNullWhen(true)] out Charset? charset)
    {
        charset = Charsets.TryResolve(name, out var encoding) ? new Charset(NameOf(encoding, name!.ToLowerInvariant()), encoding) : null;
        return charset is not null;
    }

    /// <summary>
    /// Whether every byte below 128 is that ASCII character, wherever it stands but behind the first byte of a pair: then quoted-printable
    /// words can be read without knowing the charset.
    /// </summary>
    public bool IsAsciiSuperset => Encoding.CodePage is not (50220 or 50221 or 50222 or 50225 or 50227 or 52936)
        && Encoding.GetBytes("Az09 =?_").AsSpan().SequenceEqual("Az09 =?_"u8);

    /// <summary>Encodes, or says no when the charset does not have a character of the text.</summary>
    public bool TryEncode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        var strict = (Encoding)Encoding.Clone();
        strict.EncoderFallback = EncoderFallback.ExceptionFallback;
        try
        {
            bytes = strict.GetBytes(text);
            bytes = CharsetRepertoire.Has(Name, bytes) ? bytes : null;
        }
        catch (EncoderFallbackException)
        {
            bytes = null;
        }

        return bytes is not null;
    }

    // By code page; a page that serves one charset only goes by .NET's name for it.
    private static string NameOf(Encoding encoding, string asked) => encoding.CodePage switch
    {
        1200 => "UTF-16LE",
        1201 => "UTF-16BE",
        12000 => "UTF-32LE",
        12001 => "UTF-32BE",
        874 when asked.StartsWith("tis", StringComparison.Ordinal) => CharsetRepertoire.Tis620,
        874 when asked.Contains("8859", StringComparison.Ordinal) => CharsetRepertoire.Iso8859Thai,
        874 => "windows-874",
        932 when asked.Contains("31j", StringComparison.Ordinal) => "Windows-31J",
        932 => CharsetRepertoire.ShiftJis,
        936 when asked is "gbk" or "cp936" or "ms936" or "windows-936" => CharsetRepertoire.Gbk,
        936 => CharsetRepertoire.Gb2312,
        949 => CharsetRepertoire.Ksc5601,
        950 => CharsetRepertoire.Big5,
        51932 => CharsetRepertoire.EucJp,
        51949 => CharsetRepertoire.EucKr,
        _ => encoding.WebName.ToUpperInvariant(),
    };
}
