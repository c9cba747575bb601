using Signet.Addresses;
using Signet.Queue;

namespace Signet.Sending;

/// <summary>What an operator sets about accepting mail.</summary>
/// <param name="Hostname">The server's name: the domain of Message-ID and of the envelope sender.</param>
/// <param name="MaxMessageBytes">The largest message, after encoding (SES v1: 10,485,760).</param>
public sealed record SendingOptions(DomainName Hostname, int MaxMessageBytes)
{
    public const int DefaultMaxMessageBytes = 10_485_760;

    /// <summary>Ends the deliveries of a message that go no further than the archive; the others are queued.</summary>
    public Func<NewMessage, IReadOnlyList<Settlement>> Capture { get; init; } = _ => [];

    /// <summary>
    /// The console, for lines of the log that lead to it, as in <c>signet dev</c>: what is refused and what is captured gets one line each.
    /// Null in production, where a refusal that is the caller's fault is logged at debug, and a capture has its line for each recipient.
    /// </summary>
    public Uri? Console { get; init; }
}
