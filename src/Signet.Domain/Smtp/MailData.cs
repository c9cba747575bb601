namespace Signet.Smtp;

/// <summary>What follows DATA: header and body (RFC 5321 §2.3.9).</summary>
/// <param name="Added">Header fields on top, each with its CRLF: signatures. They are kept apart so that nothing is copied to add them.</param>
/// <param name="Message">The message below them; every line ends with CRLF, and no CR or LF stands alone.</param>
/// <param name="IsEightBit">Whether it has bytes beyond ASCII, which a server without 8BITMIME must not get (RFC 6152 §3).</param>
public sealed record MailData(ReadOnlyMemory<byte> Added, ReadOnlyMemory<byte> Message, bool IsEightBit)
{
    /// <summary>Bytes in all, with the line end that SMTP gives to a last line without one (RFC 1870 §6.1).</summary>
    public int Length => Added.Length + Message.Length + (Last.IsEmpty || Last.EndsWith("\r\n"u8) ? 0 : 2);

    private ReadOnlySpan<byte> Last => (Message.IsEmpty ? Added : Message).Span;
}
