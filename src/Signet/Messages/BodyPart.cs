using System.Buffers;
using System.Text;
using MimeKit.Encodings;
using Signet.Addresses;

namespace Signet.Messages;

/// <summary>A text body as it stands in a message: its two header fields and its 7-bit content.</summary>
internal sealed record BodyPart(string ContentType, string TransferEncoding, byte[] Content)
{
    // RFC 5322 §2.1.1: without the CRLF.
    private const int MaxLineLength = 998;

    // Quoted-printable costs three for one, base64 four for three: above this share of other octets base64 is shorter.
    private const int QuotedPrintableWorthwhile = 6;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    /// <param name="subtype"><c>plain</c> or <c>html</c>.</param>
    /// <param name="text">The text; its line ends become CRLF.</param>
    public static BodyPart Of(string subtype, TextPart text)
    {
        var data = text.Data.ReplaceLineEndings("\r\n");
        var charset = text.Charset ?? Encoding.UTF8;
        if (!Charsets.TryEncode(data, charset, out var bytes))
        {
            charset = Encoding.UTF8;
            bytes = charset.GetBytes(data);
        }

        var (encoding, content) = Encode(bytes, charset);
        return new BodyPart($"text/{subtype}; charset={Charsets.NameOf(charset)}", encoding, content);
    }

    private static (string Name, byte[] Content) Encode(byte[] bytes, Encoding charset)
    {
        // Quoted-printable and 7bit speak of lines, which only a charset that agrees with ASCII has (RFC 2045 §6.7).
        var hasLines = charset.GetBytes("\r\n").AsSpan().SequenceEqual("\r\n"u8);
        if (hasLines && IsSevenBit(bytes))
        {
            return ("7bit", bytes);
        }

        return hasLines && IsMostlyText(bytes)
            ? ("quoted-printable", Flush(new QuotedPrintableEncoder(), bytes))
            : ("base64", Flush(new Base64Encoder(), bytes));
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
            if ((end < 0 ? bytes.Length : end) > MaxLineLength || (end >= 0 && !bytes[end..].StartsWith("\r\n"u8)))
            {
                return false;
            }

            bytes = end < 0 ? [] : bytes[(end + 2)..];
        }

        return true;
    }

    private static byte[] Flush(IMimeEncoder encoder, byte[] bytes)
    {
        var output = new byte[encoder.EstimateOutputLength(bytes.Length)];
        var length = encoder.Flush(bytes, 0, bytes.Length, output);
        return WithCrLf(output.AsSpan(0, length));
    }

    // MimeKit's encoders end lines with a bare LF, or keep the CRLF they are given.
    private static byte[] WithCrLf(ReadOnlySpan<byte> encoded)
    {
        var result = new ArrayBufferWriter<byte>(encoded.Length + (encoded.Length / 64) + 2);
        for (var end = encoded.IndexOf((byte)'\n'); end >= 0; end = encoded.IndexOf((byte)'\n'))
        {
            result.Write(encoded[..end].TrimEnd((byte)'\r'));
            result.Write("\r\n"u8);
            encoded = encoded[(end + 1)..];
        }

        result.Write(encoded);
        return result.WrittenSpan.ToArray();
    }
}
