using Signet.Queue;

namespace Signet.Delivery.Destinations;

/// <summary>
/// Gives batches back to the store that are not attempted now, so that memory has room for others. They spend no attempt, but their time runs.
/// </summary>
internal sealed class GivenBack(DeliveryAttempts attempts, Claims claims, TimeProvider time)
{
    private static readonly TimeSpan ShortWhile = TimeSpan.FromSeconds(5);

    /// <summary>Bounds how long accepting waits for a unit.</summary>
    private const int Portion = 500;

    /// <summary>There is no room for it just now.</summary>
    public void Briefly(DeliveryBatch batch)
    {
        if (batch.TryBegin())
        {
            claims.GiveBack(batch.Keys, time.GetUtcNow() + ShortWhile);
        }
    }

    /// <summary>Their destination is left alone until a time.</summary>
    /// <param name="batches">What waited for it.</param>
    /// <param name="backOff">Until when, and what was found there; null when somebody was let in a moment ago.</param>
    public void ForBackOff(List<DeliveryBatch> batches, (DateTimeOffset Until, Verdict Reason)? backOff)
    {
        if (backOff is not { Until: var until, Reason: var reason })
        {
            batches.ForEach(Briefly);
            return;
        }

        var now = time.GetUtcNow();
        List<DeliveryKey> waiting = [];
        foreach (var batch in batches)
        {
            if (!batch.TryBegin())
            {
                continue;
            }

            var ends = batch.Message.AcceptedAt + RetrySchedule.MaxAge;
            if (ends <= now)
            {
                attempts.RecordAll(batch, reason);
            }
            else if (ends < until)
            {
                claims.GiveBack(batch.Keys, ends);
            }
            else
            {
                waiting.AddRange(batch.Keys);
            }
        }

        foreach (var portion in waiting.Chunk(Portion))
        {
            claims.GiveBack(portion, until);
        }
    }
}
