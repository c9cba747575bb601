using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// Brings deliveries that wait in the store into the window: those that were accepted while it was full, those due for another
/// attempt, those whose node died.
/// </summary>
public sealed class LeaseLoop(IMessageQueue queue, DeliveryWindow window, Node node, TimeProvider time, ILogger<LeaseLoop> logger)
    : BackgroundService
{
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

        var now = time.GetUtcNow();
        var messages = await queue.LeaseAsync(node.LeaseFrom(now), now, room, cancel);
        foreach (var message in messages)
        {
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
            }

            await PauseAsync(isMore, cancel);
        }
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
