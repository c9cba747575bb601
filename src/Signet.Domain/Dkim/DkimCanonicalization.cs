using System.Buffers;
using System.Security.Cryptography;

namespace Signet.Dkim;

/// <summary>The two canonical forms that SES signs: headers relaxed, bodies simple (RFC 6376 §3.4.2, §3.4.3).</summary>
internal static class DkimCanonicalization
{
    /// <summary>
    /// SHA-256 of a body in simple form: empty lines at its end do not count, and it ends with a line end, also when the message's last
    /// line has none, since SMTP will give it one.
    /// </summary>
    public static byte[] HashBody(ReadOnlySpan<byte> body)
    {
        while (body.EndsWith("\r\n"u8))
        {
            body = body[..^2];
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(body);
        hash.AppendData("\r\n"u8);
        return hash.GetHashAndReset();
    }

    /// <summary>
    /// Writes a header field in relaxed form, without a line end: the name in lower case, the value on one line, each run of blanks
    /// as one, none around the colon and at the end.
    /// </summary>
    /// <param name="field">The field as it stands in the message, with or without its final line end.</param>
    /// <param name="output">Where to.</param>
    public static void WriteHeader(ReadOnlySpan<byte> field, IBufferWriter<byte> output)
    {
        var colon = field.IndexOf((byte)':');
        var buffer = output.GetSpan(field.Length + 1);
        var length = System.Text.Ascii.ToLower(field[..colon].TrimEnd(" \t"u8), buffer, out var written) == OperationStatus.Done
            ? written
            : throw new ArgumentException("a header field's name is ASCII", nameof(field));
        buffer[length++] = (byte)':';
        var start = length;
        var blank = false;
        foreach (var b in field[(colon + 1)..])
        {
            if (b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                blank = true;
                continue;
            }

            if (blank && length > start)
            {
                buffer[length++] = (byte)' ';
            }

            blank = false;
            buffer[length++] = b;
        }

        output.Advance(length);
    }
}
