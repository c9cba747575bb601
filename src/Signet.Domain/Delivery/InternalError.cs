using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>
/// Verdicts on deliveries that failed by an error of this program, not of the receiver: tried again until the message's time is over, as
/// after a 4yz reply (RFC 3463 §3.4, X.3.0). No server has such a reply to a connection, so that reports can tell whose error it was.
/// </summary>
internal static class InternalError
{
    /// <summary>What the message says is left out: it may tell what is nobody's business.</summary>
    public static Verdict Of(Exception exception) =>
        Verdict.Of(SmtpStage.Connect, SmtpReply.Of(451, $"4.3.0 internal error while delivering (see the log, {exception.GetType().Name})"));

    public static Verdict Unreadable { get; } =
        Verdict.Of(SmtpStage.Connect, SmtpReply.Of(451, "4.3.0 internal error while delivering (see the log, the stored message cannot be read)"));
}
