using System.Buffers;
using System.Text;
using Signet.Addresses;

namespace Signet.Messages;

/// <summary>A text body as it stands in a message: its two header fields and its 7-bit content.</summary>
internal sealed record BodyPart(string ContentType, string TransferEncoding, byte[] Content)
{
    // Quoted-printable costs three for one, base64 four for three: above this share of other octets base64 is shorter.
    private const int QuotedPrintableWorthwhile = 6;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    /// <param name="subtype"><c>plain</c> or <c>html</c>.</param>
    /// <param name="text">The text; its line ends become CRLF.</param>
    public static BodyPart Of(string subtype, TextPart text)
    {
        var data = WithCrLf(text.Data);
        var charset = text.Charset ?? Charset.Utf8;
        if (!charset.TryEncode(data, out var bytes))
        {
            charset = Charset.Utf8;
            bytes = charset.Encoding.GetBytes(data);
        }

        var (encoding, content) = Encode(bytes, charset.Encoding);
        return new BodyPart($"text/{subtype}; charset={charset.Name}", encoding, content);
    }

    // Not ReplaceLineEndings, which takes form feed, NEL and Unicode's separators for line ends too: they are characters of the text.
    private static string WithCrLf(string text) => text
        .Replace("\r\n", "\n", StringComparison.Ordinal)
        .Replace('\r', '\n')
        .Replace("\n", "\r\n", StringComparison.Ordinal);

    private static (string Name, byte[] Content) Encode(byte[] bytes, Encoding charset)
    {
        // Quoted-printable and 7bit speak of lines, which only a charset that agrees with ASCII has (RFC 2045 §6.7).
        var hasLines = charset.GetBytes("\r\n").AsSpan().SequenceEqual("\r\n"u8);
        if (bytes.Length == 0 || (hasLines && IsSevenBit(bytes)))
        {
            return ("7bit", bytes);
        }

        var output = new ArrayBufferWriter<byte>(bytes.Length * 2);
        if (hasLines && IsMostlyText(bytes))
        {
            TransferEncoder.WriteQuotedPrintable(bytes, output);
            return ("quoted-printable", output.WrittenSpan.ToArray());
        }

        TransferEncoder.WriteBase64(bytes, output);
        return ("base64", output.WrittenSpan.ToArray());
    }

    /// <summary>Whether quoted-printable makes it shorter than base64, roughly.</summary>
    internal static bool IsMostlyText(ReadOnlySpan<byte> bytes)
    {
        var other = 0;
        foreach (var b in bytes)
        {
            other += b is 0 or >= 0x80 ? 1 : 0;
        }

        return (long)other * QuotedPrintableWorthwhile < bytes.Length;
    }

    private static bool IsSevenBit(ReadOnlySpan<byte> bytes)
    {
        if (!Ascii.IsValid(bytes) || bytes.Contains((byte)0))
        {
            return false;
        }

        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOfAny(LineEnds);
            if ((end < 0 ? bytes.Length : end) > LongLines.MaxLength || (end >= 0 && !bytes[end..].StartsWith("\r\n"u8)))
            {
                return false;
            }

            bytes = end < 0 ? [] : bytes[(end + 2)..];
        }

        return true;
    }
}
