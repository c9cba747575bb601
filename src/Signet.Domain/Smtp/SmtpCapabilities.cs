using System.Globalization;

namespace Signet.Smtp;

/// <summary>What a server said it can do in its reply to EHLO; after HELO, nothing.</summary>
public sealed record SmtpCapabilities
{
    /// <summary>Those of a server that knows no EHLO.</summary>
    public static SmtpCapabilities None { get; } = new();

    /// <summary>RFC 2920: commands may be sent before the replies to earlier ones have come.</summary>
    public bool Pipelining { get; private init; }

    /// <summary>RFC 6152.</summary>
    public bool EightBitMime { get; private init; }

    /// <summary>RFC 3207.</summary>
    public bool StartTls { get; private init; }

    /// <summary>RFC 1870: whether MAIL takes <c>SIZE=</c>.</summary>
    public bool Size { get; private init; }

    /// <summary>The largest message the server takes, in bytes; null when it names none.</summary>
    public long? MaxSize { get; private init; }

    /// <summary>RFC 4954: AUTH mechanisms in upper case.</summary>
    public IReadOnlyList<string> Auth { get; private init; } = [];

    /// <summary>Reads a positive reply to EHLO (RFC 5321 §4.1.1.1): the first line names the server, each other one an extension.</summary>
    public static SmtpCapabilities Of(SmtpReply ehlo)
    {
        var found = None;
        foreach (var line in ehlo.Lines.Skip(1))
        {
            var words = line.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            found = words switch
            {
                ["PIPELINING", ..] => found with { Pipelining = true },
                ["8BITMIME", ..] => found with { EightBitMime = true },
                ["STARTTLS", ..] => found with { StartTls = true },
                ["SIZE", var size, ..] => found with { Size = true, MaxSize = Limit(size) },
                ["SIZE"] => found with { Size = true },
                ["AUTH", .. var mechanisms] => found with { Auth = mechanisms },
                // AUTH=… is what servers say to clients older than RFC 4954; others say AUTH as well.
                _ => found,
            };
        }

        return found;
    }

    // 0 means that there is no fixed limit (RFC 1870 §3).
    private static long? Limit(string size) =>
        long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? limit : null;
}
