using System.Text;

namespace Signet.Messages;

/// <summary>One field of a header, with the bytes it was written in.</summary>
public sealed class HeaderField
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly int colon;

    internal HeaderField(string name, ReadOnlyMemory<byte> bytes, int colon)
    {
        Name = name;
        Bytes = bytes;
        this.colon = colon;
    }

    /// <summary>As written. Names compare without case.</summary>
    public string Name { get; }

    /// <summary>All of it: name, colon, folded lines, and the CRLF at the end.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>
    /// Unfolded and trimmed. Encoded words are left as they are; 8-bit bytes are read as UTF-8, or as Latin-1 where they are not.
    /// </summary>
    public string Value
    {
        get
        {
            var bytes = Bytes.Span[(colon + 1)..];
            string text;
            try
            {
                text = StrictUtf8.GetString(bytes);
            }
            catch (DecoderFallbackException)
            {
                text = Encoding.Latin1.GetString(bytes);
            }

            return text.Replace("\r\n", "", StringComparison.Ordinal).Trim();
        }
    }

    /// <summary>True when the field has this name, without case.</summary>
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
