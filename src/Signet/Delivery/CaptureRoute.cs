using Signet.Queue;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>The route <c>capture</c>: the message stays in the archive, which is the inbox of <c>signet dev</c>.</summary>
internal static class CaptureRoute
{
    private static readonly Verdict Captured = Verdict.Of(SmtpStage.FinalDot, SmtpReply.Of(250, "2.0.0 captured"));

    /// <summary>Delivers by doing nothing: the content was stored when the message was accepted.</summary>
    public static Settlement Deliver(LeasedMessage message, LeasedDelivery delivery, Results results) =>
        results.Of(message, delivery, Captured, Peer.None, TimeSpan.Zero);
}
