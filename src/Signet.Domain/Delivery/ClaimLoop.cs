using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// Claims deliveries that wait in the store and brings them into the active queue: those that were accepted while it was full, those due for another
/// attempt, those whose node died. While the store is away a node may be taken for dead that works on its deliveries: what this node has in hand it
/// does not take again, and after such a time it lets all nodes write their results before it claims anything.
/// </summary>
public sealed class ClaimLoop(
    IMessageQueue queue, ActiveQueue active, DeliveryWorker worker, Node node, TimeProvider time, ILogger<ClaimLoop> logger)
    : BackgroundService
{
    /// <summary>How long nothing is claimed once the store is back: results and signs of life are tried again every second.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private const int MaxClaimed = 500;
    private const int MaxNamed = 10_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>How many times as long as a fruitless look at all lanes the pause after it is: very many lanes are looked at less often.</summary>
    private const int PauseFactor = 4;

    private static readonly TimeSpan BackOff = TimeSpan.FromSeconds(5);

    private readonly HashSet<UnreadableDelivery> _named = [];
    private string _place = "";
    private bool _isLimited;
    private long _roundBegan;
    private bool _foundSome;
    private TimeSpan _pause = Pause;

    /// <summary>Claims what is due and fits; true when there may be more that fits.</summary>
    public async Task<bool> FillAsync(CancellationToken cancel)
    {
        // A message has one delivery at least, so that as many messages fit.
        var room = Math.Min(active.Room, MaxClaimed);
        if (room <= 0)
        {
            return false;
        }

        // Take the snapshot first: a delivery that ends during the call could otherwise be delivered again.
        var inHand = worker.InHand;
        if (_place.Length == 0)
        {
            (_roundBegan, _foundSome) = (time.GetTimestamp(), false);
        }

        var messages = await queue.ClaimAsync(
            node.Name, new ClaimRequest(time.GetUtcNow(), room) { After = _place, Admit = worker.Admission(out var isLimited) }, cancel);
        (_place, _isLimited) = (messages.Next, isLimited());
        _foundSome |= messages.Count > 0;
        _pause = _isLimited ? ShortPause : _foundSome ? Pause : PauseAfter(time.GetElapsedTime(_roundBegan));
        foreach (var claimed in messages)
        {
            var message = claimed with { Deliveries = [.. claimed.Deliveries.Where(d => !inHand.Contains(new DeliveryKey(claimed.Id, d.Ordinal)))] };
            if (message.Deliveries.Count == 0)
            {
                continue;
            }

            // Room was seen a moment ago and a submission may have taken it since. A message claimed without room is delivered all the
            // same: the active queue is overdrawn by one read at most.
            active.Reserve();
            active.Add(message);
        }

        foreach (var delivery in messages.Unreadable)
        {
            Name(delivery);
            worker.Record(delivery);
        }

        return messages.IsMore;
    }

    protected override async Task ExecuteAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            // There are more, and as soon as there is room they are wanted.
            var isMore = false;
            try
            {
                isMore = await FillAsync(cancel);
            }
            catch (StoreUnavailableException e)
            {
                Log.NothingClaimed(logger, e.Message);
                await WaitForStoreAsync(cancel);
                continue;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                // The loop must go on: a claim that was broken off has written nothing, or is freed when this node ends.
                Log.ClaimingBroke(logger, BackOff, e);
                await Task.Delay(BackOff, time, cancel);
                continue;
            }

            await PauseAsync(isMore, cancel);
        }
    }

    // Once, however often it is due; how often it was attempted says nothing about it.
    private void Name(UnreadableDelivery delivery)
    {
        if (_named.Count >= MaxNamed)
        {
            _named.Clear();
        }

        if (_named.Add(delivery with { Attempts = 0 }))
        {
            Log.DeliveryUnreadable(logger, delivery.Key?.MessageId.Value ?? "a message", delivery.Reason);
        }
    }

    private static TimeSpan PauseAfter(TimeSpan round) =>
        TimeSpan.FromTicks(Math.Clamp(round.Ticks * PauseFactor, Pause.Ticks, LongestPause.Ticks));

    private async Task WaitForStoreAsync(CancellationToken cancel)
    {
        for (var isBack = false; !isBack;)
        {
            await Task.Delay(Pause, time, cancel);
            try
            {
                await queue.ClaimAsync(node.Name, new ClaimRequest(time.GetUtcNow(), 0), cancel);
                isBack = true;
            }
            catch (StoreUnavailableException e)
            {
                Log.NothingClaimed(logger, e.Message);
            }
            catch (Exception) when (!cancel.IsCancellationRequested)
            {
                // It answers; the next turn says what is wrong with it.
                isBack = true;
            }
        }

        await Task.Delay(Grace, time, cancel);
    }

    // However tight it is, what waits for a server that is not slow gets what little room there is each second.
    private async Task PauseAsync(bool untilRoom, CancellationToken cancel)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var over = Task.Delay(_pause, time, pause.Token);
        await (untilRoom ? Task.WhenAny(over, active.WaitForRoomAsync()) : over);
        await pause.CancelAsync();
    }
}
