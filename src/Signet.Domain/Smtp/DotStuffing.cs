namespace Signet.Smtp;

/// <summary>The content of a message as it goes over the wire (RFC 5321 §4.5.2).</summary>
internal static class DotStuffing
{
    private static ReadOnlySpan<byte> LineAndDot => "\r\n."u8;

    /// <summary>
    /// The length of the piece that the content begins with and that can be sent as it is; after it, unless it is all, one dot must
    /// be sent before the rest.
    /// </summary>
    /// <param name="content">What is left.</param>
    /// <param name="atLineStart">Whether it begins a line.</param>
    public static int PlainPrefix(ReadOnlySpan<byte> content, bool atLineStart)
    {
        if (atLineStart && content.Length > 0 && content[0] == (byte)'.')
        {
            return 0;
        }

        var found = content.IndexOf(LineAndDot);
        return found < 0 ? content.Length : found + 2;
    }

    /// <summary>What ends the content: the final dot, after a line end if the content has none.</summary>
    public static ReadOnlySpan<byte> End(ReadOnlySpan<byte> content) =>
        content.Length == 0 || content.EndsWith("\r\n"u8) ? ".\r\n"u8 : "\r\n.\r\n"u8;
}
