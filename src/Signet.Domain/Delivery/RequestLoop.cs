using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// Looks for what operators ask for of deliveries in this node's memory. What waits there is given up; an attempt that has begun goes
/// on. One small read a second, however many deliveries there are.
/// </summary>
public sealed class RequestLoop(
    IOperatorRequests requests, DeliveryWorker worker, Claims claims, Node node, TimeProvider time, ILogger<RequestLoop> logger)
    : RepeatedWork(time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BackOff = TimeSpan.FromSeconds(5);

    private int _unknown;

    /// <summary>Looks once; returns how many requests were fulfilled.</summary>
    public async Task<int> LookAsync(CancellationToken cancel)
    {
        var now = Time.GetUtcNow();
        var pending = await requests.ListAsync(node.Name, cancel);
        TellOfUnknown(pending.Unknown);
        if (pending.OfNode.Count + pending.Unclaimed.Count == 0)
        {
            return 0;
        }

        // INVARIANT: taken out of memory first, and only what was: what the store calls held or dropped must not be attempted
        // afterwards. One that is not found may be on its way into memory, and is looked for again.
        var withdrawn = worker.Withdraw(pending.OfNode.ToHashSet());
        var inHand = worker.InHand;
        var ofNobody = await requests.FulfilAsync(null, [.. pending.Unclaimed.Where(d => !inHand.Contains(d))], now, cancel);
        var ofNode = await requests.FulfilAsync(node.Name, withdrawn, now, cancel);
        if (ofNode < withdrawn.Count)
        {
            // Called off meanwhile.
            claims.GiveBack(withdrawn, now);
        }

        return ofNobody + ofNode;
    }

    // Once for each number: they may wait for long.
    private void TellOfUnknown(int count)
    {
        if (count > _unknown)
        {
            Log.RequestsUnknown(logger, count);
        }

        _unknown = count;
    }

    protected override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        await LookAsync(cancel);
        return Pause;
    }

    // What was taken out of memory and not written is asked for again.
    protected override TimeSpan Failed(Exception failure)
    {
        Log.RequestsNotSeen(logger, BackOff, CauseOf(failure));
        return BackOff;
    }
}
