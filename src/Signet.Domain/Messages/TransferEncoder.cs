using System.Buffers;
using System.Buffers.Text;

namespace Signet.Messages;

/// <summary>Writes content in the transfer encodings of MIME, every line end a CRLF.</summary>
internal static class TransferEncoder
{
    // RFC 2045 §6.7 (5), §6.8; a quoted-printable line may have to end with a '='.
    private const int MaxLine = 76;
    private const int MaxQuoted = MaxLine - 1;
    private const int MaxDecoded = MaxLine / 4 * 3;

    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [(byte)'\t', .. Enumerable.Range(' ', '~' - ' ' + 1).Where(c => c != '=').Select(c => (byte)c)]);

    private static ReadOnlySpan<byte> Hex => "0123456789ABCDEF"u8;

    /// <summary>Lines stay lines (RFC 2045 §6.7).</summary>
    public static void WriteQuotedPrintable(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        var column = 0;
        while (!data.IsEmpty)
        {
            if (data.StartsWith("\r\n"u8))
            {
                output.Write("\r\n"u8);
                column = 0;
                data = data[2..];
                continue;
            }

            var plain = PlainPrefix(data);
            if (column + (plain > 0 ? 1 : 3) > MaxQuoted)
            {
                output.Write("=\r\n"u8);
                column = 0;
            }

            if (plain > 0)
            {
                var piece = data[..Math.Min(plain, MaxQuoted - column)];
                output.Write(piece);
                column += piece.Length;
                data = data[piece.Length..];
            }
            else
            {
                output.Write([(byte)'=', Hex[data[0] >> 4], Hex[data[0] & 0xf]]);
                column += 3;
                data = data[1..];
            }
        }
    }

    /// <summary>Ends without a line end.</summary>
    public static void WriteBase64(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        for (var start = 0; start < data.Length; start += MaxDecoded)
        {
            output.Write(start > 0 ? "\r\n"u8 : []);
            var piece = data.Slice(start, Math.Min(MaxDecoded, data.Length - start));
            Base64.EncodeToUtf8(piece, output.GetSpan(MaxLine), out _, out var written);
            output.Advance(written);
        }
    }

    /// <summary>
    /// How many bytes stand for themselves, as far as they can matter for one line; a blank at the end of a line would get lost, and does not.
    /// </summary>
    private static int PlainPrefix(ReadOnlySpan<byte> data)
    {
        // A line takes no more: looking further would make the cost of one long line the square of its length.
        var window = data[..Math.Min(data.Length, MaxQuoted + 1)];
        var length = window.IndexOfAnyExcept(Plain) is var other && other < 0 ? window.Length : other;
        var endsLine = length == data.Length || data[length..].StartsWith("\r\n"u8);
        return length > 0 && endsLine && data[length - 1] is (byte)' ' or (byte)'\t' ? length - 1 : length;
    }
}
