using Signet.Queue;

namespace Signet.Delivery;

/// <summary>A recipient without a result yet, with what the hosts that were asked so far have said.</summary>
internal sealed class PendingRecipient(ClaimedDelivery delivery)
{
    public ClaimedDelivery Delivery => delivery;

    /// <summary>The answer that counts of all hosts so far; null before the first.</summary>
    public (Verdict Verdict, Peer Peer)? Answer { get; set; }
}

/// <summary>
/// The recipients of one attempt that have no result yet. An answer that ends the attempt for a recipient is recorded at once; one
/// after which another host may be asked is kept, and recorded when no host is left.
/// </summary>
internal sealed class PendingRecipients(DeliveryBatch batch, ResultFactory results, Action<DeliveryResult> write, TimeProvider time)
{
    private readonly long _begin = time.GetTimestamp();
    private readonly List<PendingRecipient> _pending = [.. batch.Deliveries.Select(d => new PendingRecipient(d))];

    public bool IsEmpty => _pending.Count == 0;

    /// <summary>Those of the deliveries that have no result.</summary>
    public IReadOnlyList<ClaimedDelivery> Deliveries => [.. _pending.Select(p => p.Delivery)];

    /// <summary>Whether nobody was refused for good, so that all may be asked for again at once.</summary>
    public bool MayWait => _pending.TrueForAll(p => p.Answer is { Verdict.Outcome: Outcome.Deferred });

    /// <summary>A copy: it stays as it is.</summary>
    public List<PendingRecipient> All => [.. _pending];

    /// <summary>Takes a host's answer to one of them.</summary>
    public void Take(PendingRecipient recipient, Verdict verdict, Peer peer)
    {
        if (!verdict.AllowsNextHost)
        {
            Record(recipient, verdict, peer);
            return;
        }

        recipient.Answer = recipient.Answer is { } earlier && Verdict.OfHosts(earlier.Verdict, verdict) == earlier.Verdict
            ? earlier
            : (verdict, peer);
    }

    /// <summary>Takes an answer that is for all of them.</summary>
    public void Take(Verdict verdict, Peer peer)
    {
        foreach (var recipient in All)
        {
            Take(recipient, verdict, peer);
        }
    }

    /// <summary>Records a result for whoever is left, with the answer that counts. Returns the last one.</summary>
    /// <param name="otherwise">The answer for who was given none.</param>
    public Verdict RecordAll((Verdict Verdict, Peer Peer) otherwise)
    {
        var last = otherwise.Verdict;
        foreach (var recipient in All)
        {
            (last, var peer) = recipient.Answer ?? otherwise;
            Record(recipient, last, peer);
        }

        return last;
    }

    private void Record(PendingRecipient recipient, Verdict verdict, Peer peer)
    {
        write(results.Of(batch.Message, recipient.Delivery, verdict, peer, time.GetElapsedTime(_begin)));
        _pending.Remove(recipient);
    }
}
