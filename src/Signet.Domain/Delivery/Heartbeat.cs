using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// Says again and again that this node is alive, and frees what dead nodes had claimed. A node that the store has not heard of for the length of a
/// life begins no attempt, as others may have its deliveries by then.
/// </summary>
/// <param name="nodes">The nodes that share the store.</param>
/// <param name="node">This one, which has said once that it is alive.</param>
/// <param name="alive">Gets the number of nodes that are alive.</param>
/// <param name="lost">Called when this node was taken for dead and has lost its claims, before it begins attempts again.</param>
/// <param name="time">The clock of this node: only lengths of time are measured with it.</param>
/// <param name="logger">The log.</param>
public sealed class Heartbeat(INodes nodes, Node node, AliveNodes alive, Action lost, TimeProvider time, ILogger<Heartbeat> logger) : BackgroundService
{
    /// <summary>Beats in a row after which other nodes may be called dead: when the store was away, all of them were not heard of.</summary>
    private const int Steady = 2;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(5);

    private long _heard = time.GetTimestamp();
    private int _inRow;

    /// <summary>Whether the node may begin attempts.</summary>
    public bool IsAlive => time.GetElapsedTime(Interlocked.Read(ref _heard)) < node.Life;

    private TimeSpan Interval => node.Life / 6;

    /// <summary>Beats once. False when the store cannot take it now.</summary>
    public async Task<bool> TryBeatAsync(CancellationToken cancel)
    {
        // Before it is sent: the store counts from a later moment.
        var begin = time.GetTimestamp();
        try
        {
            var beat = await nodes.BeatAsync(node.Name, node.Life, cancel);
            alive.Count = beat.Alive;
            if (!beat.WasKnown)
            {
                Log.TakenForDead(logger);
                lost();
            }

            Interlocked.Exchange(ref _heard, begin);
            if (++_inRow >= Steady && await nodes.FreeDeadAsync(cancel) is > 0 and var freed)
            {
                Log.ClaimsFreed(logger, freed);
            }

            return true;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            // Whatever it is, beating must go on.
            _inRow = 0;
            Log.NotHeard(logger, Retry, node.Life, e is StoreUnavailableException ? e.Message : $"{e.GetType().Name}: {e.Message}");
            return false;
        }
    }

    /// <summary>Frees the claims that are left, after the results were written, and ends. It takes its own time for that.</summary>
    public override async Task StopAsync(CancellationToken cancel)
    {
        await base.StopAsync(cancel);
        using var patience = new CancellationTokenSource(LastWrites, time);
        try
        {
            await nodes.LeaveAsync(node.Name, patience.Token);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            Log.NotLeft(logger, node.Life, e.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await Task.Delay(await TryBeatAsync(cancel) ? Interval : Retry, time, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // StopAsync says goodbye.
        }
    }
}
