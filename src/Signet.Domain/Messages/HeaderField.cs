using Signet.Addresses;

namespace Signet.Messages;

/// <summary>One field of a header, with the bytes it was written in.</summary>
public sealed class HeaderField
{
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
    /// Unfolded and trimmed. Encoded words are left as they are; 8-bit bytes are read as <see cref="Charsets.Guess"/> does.
    /// </summary>
    public string Value => Unfold(Bytes.Span[(colon + 1)..]);

    /// <summary>The value of a field, of which these are the bytes after the colon.</summary>
    internal static string Unfold(ReadOnlySpan<byte> bytes) => Charsets.Guess(bytes).Replace("\r\n", "", StringComparison.Ordinal).Trim();

    /// <summary>True when the field has this name, without case.</summary>
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
