using System.Buffers;
using System.Buffers.Text;

namespace Signet.Server.Aws;

/// <summary>Decodes base64 where it lies (RFC 4648 §4, padding required; white space is skipped).</summary>
internal static class Base64InPlace
{
    /// <summary>Decodes; false, with the text destroyed, when it is not base64.</summary>
    /// <param name="text">Becomes the bytes, which are fewer.</param>
    /// <param name="length">How many bytes.</param>
    public static bool TryDecode(Span<byte> text, out int length)
    {
        // The runtime decodes a copy many times faster than the text in its place, unless blanks are between. A copy of this size stays in
        // the processor's cache.
        Span<byte> piece = stackalloc byte[4 * 1024];
        (var read, length) = (0, 0);
        while (text.Length - read > piece.Length)
        {
            text.Slice(read, piece.Length).CopyTo(piece);
            if (Base64.DecodeFromUtf8(piece, text[length..], out var consumed, out var written, isFinalBlock: false) != OperationStatus.Done
                || consumed != piece.Length)
            {
                // What was decoded so far may lie over the text that it was decoded from.
                piece.CopyTo(text[read..]);
                break;
            }

            (read, length) = (read + consumed, length + written);
        }

        if (Base64.DecodeFromUtf8InPlace(text[read..], out var last) != OperationStatus.Done)
        {
            return false;
        }

        text.Slice(read, last).CopyTo(text[length..]);
        length += last;
        return true;
    }
}
