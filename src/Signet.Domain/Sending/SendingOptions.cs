using Signet.Addresses;

namespace Signet.Sending;

/// <summary>What an operator sets about accepting mail.</summary>
/// <param name="Hostname">The server's name: the domain of Message-ID and of the envelope sender.</param>
/// <param name="MaxMessageBytes">The largest message, after encoding (SES v1: 10,485,760).</param>
public sealed record SendingOptions(DomainName Hostname, int MaxMessageBytes)
{
    public const int DefaultMaxMessageBytes = 10_485_760;

    /// <summary>
    /// The console, for lines of the log that lead to it, as in <c>signet dev</c>: what is refused and what is captured gets one line each.
    /// Null in production, where a refusal that is the caller's fault is logged at debug, and a capture has its line for each recipient.
    /// </summary>
    public Uri? Console { get; init; }
}
