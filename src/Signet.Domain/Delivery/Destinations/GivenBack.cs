using Signet.Queue;

namespace Signet.Delivery.Destinations;

/// <summary>
/// Gives shipments back to the store that are not attempted now, so that memory has room for others. They spend no attempt, but their time runs.
/// </summary>
internal sealed class GivenBack(Transport transport, Claims claims, TimeProvider time)
{
    private static readonly TimeSpan ShortWhile = TimeSpan.FromSeconds(5);

    /// <summary>Bounds how long accepting waits for a unit.</summary>
    private const int Portion = 500;

    /// <summary>There is no room for it just now.</summary>
    public void Briefly(Shipment shipment)
    {
        if (shipment.TryBegin())
        {
            claims.GiveBack(shipment.Keys, time.GetUtcNow() + ShortWhile);
        }
    }

    /// <summary>Their destination is left alone until a time.</summary>
    /// <param name="shipments">What waited for it.</param>
    /// <param name="backOff">Until when, and what was found there; null when somebody was let in a moment ago.</param>
    public void ForBackOff(List<Shipment> shipments, (DateTimeOffset Until, Verdict Reason)? backOff)
    {
        if (backOff is not { Until: var until, Reason: var reason })
        {
            shipments.ForEach(Briefly);
            return;
        }

        var now = time.GetUtcNow();
        List<DeliveryKey> waiting = [];
        foreach (var shipment in shipments)
        {
            if (!shipment.TryBegin())
            {
                continue;
            }

            var ends = shipment.Message.AcceptedAt + RetrySchedule.MaxAge;
            if (ends <= now)
            {
                transport.SettleAll(shipment, reason);
            }
            else if (ends < until)
            {
                claims.GiveBack(shipment.Keys, ends);
            }
            else
            {
                waiting.AddRange(shipment.Keys);
            }
        }

        foreach (var portion in waiting.Chunk(Portion))
        {
            claims.GiveBack(portion, until);
        }
    }
}
