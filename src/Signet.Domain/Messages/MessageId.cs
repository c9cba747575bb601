using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Signet.Names;

namespace Signet.Messages;

/// <summary>
/// The id SES gives a message: 16 hex digits (a region's prefix, then milliseconds since 1970), a UUID, <c>-000000</c>.
/// Sorts by the time of acceptance within a region.
/// </summary>
public readonly record struct MessageId
{
    private MessageId(string value) => Value = value;

    public string Value { get; }

    /// <summary>
    /// When the message was accepted, to the millisecond; any time at all in an id that was not made by <see cref="New"/>.
    /// </summary>
    public long AcceptedAtMilliseconds => long.Parse(Value.AsSpan(4, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>A new id for a message accepted at <paramref name="at"/>.</summary>
    public static MessageId New(Region region, DateTimeOffset at, Random random)
    {
        var uuid = new byte[16];
        random.NextBytes(uuid);
        uuid[7] = (byte)((uuid[7] & 0x0f) | 0x40);
        uuid[8] = (byte)((uuid[8] & 0x3f) | 0x80);
        var time = at.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture);
        return new MessageId($"{Prefix(region)}{time}-{new Guid(uuid)}-000000");
    }

    /// <summary>Accepts the form above, in lower case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MessageId id)
    {
        id = default;
        if (text is not { Length: 60 } || text[16] != '-' || text[53] != '-'
            || !text.AsSpan(0, 16).ContainsOnlyHex()
            || !Guid.TryParseExact(text.AsSpan(17, 36), "D", out _)
            || !text.AsSpan(54).ContainsOnlyDigits()
            || text.AsSpan(0, 53).ContainsAnyInRange('A', 'F'))
        {
            return false;
        }

        id = new MessageId(text);
        return true;
    }

    /// <exception cref="FormatException"><paramref name="text"/> is not a MessageId.</exception>
    public static MessageId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"`{text}` is not a MessageId");

    public override string ToString() => Value;

    // The three that are known; other regions share one of our own.
    private static string Prefix(Region region) => region.Value switch
    {
        "us-east-1" => "0100",
        "us-west-2" => "0101",
        "eu-west-1" => "0102",
        _ => "01ff",
    };
}

file static class SpanCharacters
{
    public static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    public static bool ContainsOnlyHex(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigitLower(c))
            {
                return false;
            }
        }

        return true;
    }
}
