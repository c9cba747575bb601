using MimeKit.Encodings;

namespace Signet.Messages;

/// <summary>Undoes the transfer encodings of MIME, as mail programs do: what does not belong into one is passed over or kept.</summary>
internal static class TransferDecoder
{
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
        return output.AsMemory(0, decoder.Decode(body.ToArray(), 0, body.Length, output));
    }
}
