using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// Brings deliveries that wait in the store into the window: those that were accepted while it was full, those due for another
/// attempt, those whose node died. While the store is away leases run out on deliveries that are being worked on: what this node
/// has in hand it does not take again, and after such a time it lets all nodes write their results before it leases anything.
/// </summary>
public sealed class LeaseLoop(
    IMessageQueue queue, DeliveryWindow window, DeliveryWorker worker, Node node, TimeProvider time, ILogger<LeaseLoop> logger)
    : BackgroundService
{
    /// <summary>How long nothing is leased once the store is back: results and renewals are tried again every second.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private const int MaxLeased = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Leases what is due and fits; returns how many messages that were.</summary>
    public async Task<int> FillAsync(CancellationToken cancel)
    {
        var room = Math.Min(window.Room, MaxLeased);
        if (room <= 0)
        {
            return 0;
        }

        // Before, not after: what is settled meanwhile may have been leased once more a moment earlier.
        var inHand = worker.InHand;
        var now = time.GetUtcNow();
        var messages = await queue.LeaseAsync(node.LeaseFrom(now), now, room, cancel);
        foreach (var leased in messages)
        {
            var message = leased with { Deliveries = [.. leased.Deliveries.Where(d => !inHand.Contains(new DeliveryKey(leased.Id, d.Ordinal)))] };
            if (message.Deliveries.Count == 0)
            {
                continue;
            }

            // Room was seen a moment ago and the door may have taken it since. A message leased without room is delivered all the
            // same: the window is overdrawn by one read at most.
            window.Reserve(message.Content.Length);
            window.Add(message);
        }

        return messages.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            // As many as there was room for: there are more, and as soon as there is room they are wanted.
            var isMore = false;
            try
            {
                var room = Math.Min(window.Room, MaxLeased);
                isMore = await FillAsync(cancel) >= room;
            }
            catch (StoreUnavailableException e)
            {
                Log.NothingLeased(logger, e.Message);
                await WaitForStoreAsync(cancel);
                continue;
            }

            await PauseAsync(isMore, cancel);
        }
    }

    private async Task WaitForStoreAsync(CancellationToken cancel)
    {
        for (var isBack = false; !isBack;)
        {
            await Task.Delay(Pause, time, cancel);
            try
            {
                var now = time.GetUtcNow();
                await queue.LeaseAsync(node.LeaseFrom(now), now, 0, cancel);
                isBack = true;
            }
            catch (StoreUnavailableException e)
            {
                Log.NothingLeased(logger, e.Message);
            }
        }

        await Task.Delay(Grace, time, cancel);
    }

    // However tight it is, what waits for a server that is not slow gets what little room there is each second.
    private async Task PauseAsync(bool untilRoom, CancellationToken cancel)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var over = Task.Delay(Pause, time, pause.Token);
        await (untilRoom ? Task.WhenAny(over, window.WaitForRoomAsync()) : over);
        await pause.CancelAsync();
    }
}
