using Signet.Queue;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>
/// The route <c>capture</c>: the message stays in the archive, which is the inbox of <c>signet dev</c>. Delivering is done with the
/// storing of the content, so that a message for the archive alone never enters the queue.
/// </summary>
/// <param name="routes">First match wins; none captures nothing.</param>
/// <param name="results">Makes the results.</param>
public sealed class CaptureRoute(IReadOnlyList<Route> routes, ResultFactory results)
{
    private static readonly Verdict Captured = Verdict.Of(SmtpStage.FinalDot, SmtpReply.Of(250, "2.0.0 captured"));

    /// <inheritdoc cref="CaptureMessage"/>
    public IReadOnlyList<DeliveryResult> Capture(NewMessage message)
    {
        var claimed = new ClaimedMessage(message.Id, message.Owner, message.AcceptedAt, message.EnvelopeFrom, message.Content, []);
        List<DeliveryResult> captured = [];
        for (var ordinal = 0; ordinal < message.Recipients.Count; ordinal++)
        {
            var recipient = message.Recipients[ordinal];
            if (Route.Find(routes, recipient.Domain) is RouteTarget.Capture)
            {
                captured.Add(Deliver(claimed, new ClaimedDelivery(ordinal, recipient, 0), results));
            }
        }

        return captured;
    }

    /// <summary>For one that was queued before its domain was captured.</summary>
    internal static DeliveryResult Deliver(ClaimedMessage message, ClaimedDelivery delivery, ResultFactory results) =>
        results.Of(message, delivery, Captured, Peer.None, TimeSpan.Zero);
}
