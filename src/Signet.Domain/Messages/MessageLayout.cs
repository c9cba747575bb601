using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Signet.Messages;

/// <summary>
/// Where the parts of a message lie. It is found out once, when the message is accepted, and stored with it, so that signing and sending do not
/// read the message again.
/// </summary>
/// <param name="FieldSizes">Bytes of each header field in order, from the first byte on, each with its line end.</param>
/// <param name="IsEightBit">Whether the message has bytes beyond ASCII, which a server without 8BITMIME must not get (RFC 6152 §3).</param>
public sealed record MessageLayout(IReadOnlyList<int> FieldSizes, bool IsEightBit)
{
    private const string EightBit = "8";
    private const string SevenBit = "7";

    /// <summary>Bytes of the header without the empty line that ends it.</summary>
    public int HeaderSize { get; } = FieldSizes.Sum();

    /// <summary>Reads it off a message.</summary>
    /// <param name="message">CRLF line ends, header first.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="problem">Why its header cannot be read, or is larger than <see cref="MessageLimits"/> allow.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> message, [NotNullWhen(true)] out MessageLayout? layout, [NotNullWhen(false)] out string? problem)
    {
        layout = HeaderBlock.TryRead(message, out var fields, out _, out problem)
            ? new MessageLayout([.. fields.Select(f => f.Bytes.Length)], !Ascii.IsValid(message.Span))
            : null;
        return layout is not null;
    }

    /// <summary>The layout of a message whose header was checked.</summary>
    /// <exception cref="ArgumentException">It is not a message.</exception>
    public static MessageLayout Of(ReadOnlyMemory<byte> message) =>
        TryRead(message, out var layout, out var problem) ? layout : throw new ArgumentException(problem, nameof(message));

    /// <summary>The header fields of the message that has this layout.</summary>
    public IReadOnlyList<HeaderField> Fields(ReadOnlyMemory<byte> message)
    {
        List<HeaderField> fields = new(FieldSizes.Count);
        foreach (var size in FieldSizes)
        {
            fields.Add(HeaderBlock.ReadField(message[..size]) ?? throw new ArgumentException("the message has another layout", nameof(message)));
            message = message[size..];
        }

        return fields;
    }

    /// <summary>What follows the empty line; empty for a message of a header only.</summary>
    public ReadOnlyMemory<byte> Body(ReadOnlyMemory<byte> message) => HeaderSize < message.Length ? message[(HeaderSize + 2)..] : default;

    /// <summary>As it is stored: <c>7 43 22 30</c>, the bits and then the sizes of the fields.</summary>
    public override string ToString() =>
        string.Join(' ', FieldSizes.Select(s => s.ToString(CultureInfo.InvariantCulture)).Prepend(IsEightBit ? EightBit : SevenBit));

    /// <summary>Reads what <see cref="ToString"/> wrote; null when it is something else, or more than a message of that size can have.</summary>
    public static MessageLayout? Parse(string text, int messageSize)
    {
        var words = text.Split(' ');
        List<int> sizes = [];
        var left = messageSize;
        foreach (var word in words.Skip(1))
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size < 1 || size > left)
            {
                return null;
            }

            sizes.Add(size);
            left -= size;
        }

        return words[0] is EightBit or SevenBit && left != 1 ? new MessageLayout(sizes, words[0] == EightBit) : null;
    }
}
