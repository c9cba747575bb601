using System.Globalization;

namespace Signet.Messages;

/// <summary>
/// The lines of a message that are longer than SMTP allows (RFC 5321 §4.5.3.1.6). They are accepted, as at SES, and leave as they came:
/// re-encoding them would break a signature of the caller's. A receiver may refuse the message, or break the line, which breaks a DKIM
/// signature.
/// </summary>
/// <param name="Count">How many there are.</param>
/// <param name="First">The number of the first one, from 1, the header included.</param>
/// <param name="FirstLength">The length of the first one in bytes, without its line end.</param>
public readonly record struct LongLines(int Count, int First, int FirstLength)
{
    /// <summary>Bytes of a line without its line end.</summary>
    public const int MaxLength = 998;

    /// <summary>The lines of a message with CRLF line ends; null when none is too long.</summary>
    public static LongLines? In(ReadOnlySpan<byte> message)
    {
        const int mostWithEnd = MaxLength + 2;
        LongLines? found = null;
        var at = 0;
        while (message.Length - at > MaxLength)
        {
            var rest = message[at..];
            if (rest[..Math.Min(mostWithEnd, rest.Length)].LastIndexOf((byte)'\n') is >= 0 and var end)
            {
                // However many lines end here, none is too long.
                at += end + 1;
                continue;
            }

            var line = LineEnds.LengthOfLine(rest, out var content);
            found = found is { } before
                ? before with { Count = before.Count + 1 }
                : new LongLines(1, message[..at].Count((byte)'\n') + 1, content);
            at += line;
        }

        return found;
    }

    /// <summary>A sentence that names the first line and its length, and counts the others.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"Line {First} has {FirstLength:#,0} bytes, {MaxLength} are allowed{Others}.");

    private string Others => Count switch
    {
        1 => "",
        2 => "; one more line is too long",
        _ => string.Create(CultureInfo.InvariantCulture, $"; {Count - 1:#,0} more lines are too long"),
    };
}
