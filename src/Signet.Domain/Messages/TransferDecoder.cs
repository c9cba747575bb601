using MimeKit;
using MimeKit.Encodings;

namespace Signet.Messages;

/// <summary>
/// Undoes the transfer encodings of MIME (RFC 2045 §6), as mail programs do: what does not belong into one is passed over or kept, and
/// base64 without its padding is whole.
/// </summary>
internal static class TransferDecoder
{
    private const int BlockSize = 16 * 1024;

    // Completes base64 whose padding is missing, and is passed over where it is there.
    private static readonly byte[] Padding = "=="u8.ToArray();

    /// <param name="encoding">In lower case; one that is not known, or null, leaves the bytes as they are.</param>
    /// <param name="body">What is encoded.</param>
    public static ReadOnlyMemory<byte> Decode(string? encoding, ReadOnlyMemory<byte> body)
    {
        IMimeDecoder? decoder = encoding switch
        {
            "quoted-printable" => new QuotedPrintableDecoder(),
            "base64" => new Base64Decoder(),
            "x-uuencode" or "uuencode" or "x-uue" => new UUDecoder(),
            _ => null,
        };
        if (decoder is null)
        {
            return body;
        }

        var output = new byte[decoder.EstimateOutputLength(body.Length)];
        var length = decoder.Decode(body.ToArray(), 0, body.Length, output);
        var end = End(decoder);
        return end.IsEmpty ? output.AsMemory(0, length) : (byte[])[.. output.AsSpan(0, length), .. end.Span];
    }

    /// <summary>Writes what a part holds, block by block.</summary>
    public static void Decode(IMimeContent content, Stream to)
    {
        if (content is not { Encoding: ContentEncoding.Base64, Stream: { } from })
        {
            content.DecodeTo(to);
            return;
        }

        var decoder = new Base64Decoder();
        var input = new byte[BlockSize];
        var output = new byte[decoder.EstimateOutputLength(input.Length)];
        from.Position = 0;
        for (var read = from.Read(input); read > 0; read = from.Read(input))
        {
            to.Write(output, 0, decoder.Decode(input, 0, read, output));
        }

        to.Write(End(decoder).Span);
    }

    private static ReadOnlyMemory<byte> End(IMimeDecoder decoder)
    {
        if (decoder is not Base64Decoder)
        {
            return default;
        }

        var output = new byte[decoder.EstimateOutputLength(Padding.Length)];
        return output.AsMemory(0, decoder.Decode(Padding, 0, Padding.Length, output));
    }
}
