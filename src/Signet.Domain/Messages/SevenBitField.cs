using System.Buffers;
using System.Text;
using MimeKit;

namespace Signet.Messages;

/// <summary>Header fields with 8-bit text, which has no place in a header without SMTPUTF8 (RFC 6531), written in 7 bits.</summary>
internal static class SevenBitField
{
    private static readonly FormatOptions Format = new() { NewLineFormat = NewLineFormat.Dos };

    /// <summary>Writes it with encoded words, of its parameters with RFC 2231; where neither may stand, with question marks.</summary>
    public static void Write(HeaderField field, IBufferWriter<byte> output)
    {
        if (Encoded(field) is { } value && Ascii.IsValid(value))
        {
            Encoding.ASCII.GetBytes($"{field.Name}:", output);
            output.Write(value);
            output.Write(value.AsSpan().EndsWith("\r\n"u8) ? [] : "\r\n"u8);
        }
        else
        {
            WriteWithQuestionMarks(field.Bytes.Span, output);
        }
    }

    /// <summary>Writes a question mark for each byte beyond ASCII.</summary>
    public static void WriteWithQuestionMarks(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        var copy = output.GetSpan(bytes.Length)[..bytes.Length];
        bytes.CopyTo(copy);
        foreach (ref var b in copy)
        {
            b = b < 0x80 ? b : (byte)'?';
        }

        output.Advance(bytes.Length);
    }

    // MimeKit knows which fields hold addresses, parameters or free text.
    private static byte[]? Encoded(HeaderField field)
    {
        try
        {
            if (!Header.TryParse(field.Bytes.ToArray(), out var header))
            {
                return null;
            }

            header.SetValue(Format, Encoding.UTF8, field.Value);
            return header.RawValue;
        }
        catch (ParseException)
        {
            return null;
        }
    }
}
