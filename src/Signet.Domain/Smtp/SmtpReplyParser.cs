using System.Text;

namespace Signet.Smtp;

/// <summary>
/// Puts replies together from bytes as they come in, however they are cut (RFC 5321 §4.2.1). Bounded: of a line 4 KB are kept, of a reply
/// the lines of its first 64 KB, and one of more than 1 MB is none. Lenient, for the three digits decide (RFC 5321 §4.2): a line may end with LF alone, the blank
/// behind the code may be missing, and of a reply whose lines have different codes the last line's counts.
/// </summary>
public sealed class SmtpReplyParser
{
    /// <summary>How much of a line is kept; the rest is passed over.</summary>
    public const int MaxLine = 4 * 1024;

    /// <summary>From how many bytes on the lines of a reply are passed over, but for the code of the last.</summary>
    public const int MaxKept = 64 * 1024;

    /// <summary>How many bytes a reply may have.</summary>
    public const int MaxReply = 1024 * 1024;

    private readonly byte[] _line = new byte[MaxLine];
    private readonly List<string> _lines = [];
    private int _lineLength;
    private int _replyLength;

    /// <summary>
    /// Whether a line without a code is passed over, instead of being no SMTP. Some servers break the text of a reply without
    /// repeating the code; and who takes a message and then cannot be understood would get it again.
    /// </summary>
    public bool PassesOverNoise { get; set; }

    /// <summary>Eats bytes up to the end of the next reply.</summary>
    /// <param name="bytes">What came in after what was eaten before.</param>
    /// <param name="eaten">How many of the bytes belong to this reply; all of them while it is not complete.</param>
    /// <returns>The reply, or null when more is needed.</returns>
    /// <exception cref="FormatException">The input is not an SMTP reply; the parser cannot be used again.</exception>
    public SmtpReply? Read(ReadOnlySpan<byte> bytes, out int eaten)
    {
        eaten = 0;
        while (eaten < bytes.Length)
        {
            var rest = bytes[eaten..];
            var end = rest.IndexOf((byte)'\n');
            var part = end < 0 ? rest : rest[..end];
            Keep(part);
            eaten += end < 0 ? part.Length : part.Length + 1;
            if (end >= 0 && EndLine() is { } code)
            {
                var reply = new SmtpReply(code, [.. _lines]);
                _lines.Clear();
                _replyLength = 0;
                return reply;
            }
        }

        return null;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        _replyLength += part.Length + 1;
        if (_replyLength > MaxReply)
        {
            throw new FormatException($"the reply is longer than {MaxReply} bytes");
        }

        var kept = part[..Math.Min(part.Length, MaxLine - _lineLength)];
        kept.CopyTo(_line.AsSpan(_lineLength));
        _lineLength += kept.Length;
    }

    /// <summary>The code, when the line was the reply's last.</summary>
    private int? EndLine()
    {
        var line = _line.AsSpan(0, _lineLength).TrimEnd((byte)'\r');
        _lineLength = 0;
        if (!BeginsWithCode(line))
        {
            return PassesOverNoise ? null : throw new FormatException("what the server sent is not an SMTP reply");
        }

        var text = line[3..];
        var isLast = !text.StartsWith("-"u8);
        if (_replyLength <= MaxKept)
        {
            _lines.Add(Text(isLast && !text.StartsWith(" "u8) ? text : text[1..]));
        }

        return isLast ? ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + (line[2] - '0') : null;
    }

    private static bool BeginsWithCode(ReadOnlySpan<byte> line) =>
        line.Length >= 3
        && line[0] is >= (byte)'2' and <= (byte)'5'
        && char.IsAsciiDigit((char)line[1])
        && char.IsAsciiDigit((char)line[2])
        && (line.Length == 3 || !char.IsAsciiDigit((char)line[3]));

    private static string Text(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, static (text, bytes) =>
    {
        Encoding.Latin1.GetChars(bytes, text);
        foreach (ref var c in text)
        {
            c = c == '\t' ? ' ' : c is < ' ' or > '~' ? '?' : c;
        }
    });
}
