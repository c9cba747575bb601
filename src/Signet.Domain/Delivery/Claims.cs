using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// Gives deliveries back to the store that this node has claimed and does not attempt: those that do not fit, and those of a store that was away.
/// A store that cannot take them now is asked again: a node that lives keeps its claims for ever.
/// </summary>
public sealed class Claims(IMessageQueue queue, Node node, TimeProvider time, ILogger<Claims> logger) : BackgroundService
{
    private const int MaxGroup = 500;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<(DeliveryKey Key, DateTimeOffset Until)> _given = [];
    private readonly SemaphoreSlim _some = new(0, 1);
    private long _logged = long.MinValue;

    /// <summary>Gives deliveries back until a time, unattempted. Nothing is written yet when this returns.</summary>
    /// <param name="deliveries">Which.</param>
    /// <param name="until">When they may be claimed again.</param>
    /// <param name="cause">Why, for the log; null when there is nothing to say.</param>
    public void GiveBack(IEnumerable<DeliveryKey> deliveries, DateTimeOffset until, string? cause = null)
    {
        if (cause is not null && MayLog())
        {
            Log.GivenBack(logger, cause);
        }

        foreach (var delivery in deliveries)
        {
            _given.Enqueue((delivery, until));
        }

        Signal();
    }

    /// <summary>Writes what was given back so far. False when the store cannot take it now.</summary>
    internal async Task<bool> TryWriteAsync(CancellationToken cancel)
    {
        while (Take() is { Count: > 0 } group)
        {
            try
            {
                foreach (var same in group.GroupBy(g => g.Until))
                {
                    await queue.PostponeAsync(node.Name, [.. same.Select(g => g.Key)], same.Key, cancel);
                }
            }
            catch (Exception e)
            {
                // Written twice changes nothing.
                group.ForEach(_given.Enqueue);
                cancel.ThrowIfCancellationRequested();
                if (MayLog())
                {
                    Log.ClaimsNotGivenBack(logger, Retry, e is StoreUnavailableException ? e.Message : $"{e.GetType().Name}: {e.Message}");
                }

                return false;
            }
        }

        return true;
    }

    /// <summary>Writes what was given back last, and ends.</summary>
    public override async Task StopAsync(CancellationToken cancel)
    {
        await base.StopAsync(cancel);
        using var patience = new CancellationTokenSource(LastWrites, time);
        try
        {
            await TryWriteAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // The node leaves now, and all of its claims are freed.
        }
    }

    public override void Dispose()
    {
        _some.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                // What comes while a group is written makes the next one.
                await _some.WaitAsync(cancel);
                while (!await TryWriteAsync(cancel))
                {
                    await Task.Delay(Retry, time, cancel);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // StopAsync writes the rest.
        }
    }

    private List<(DeliveryKey Key, DateTimeOffset Until)> Take()
    {
        List<(DeliveryKey Key, DateTimeOffset Until)> group = [];
        while (group.Count < MaxGroup && _given.TryDequeue(out var given))
        {
            group.Add(given);
        }

        return group;
    }

    private void Signal()
    {
        try
        {
            if (_some.CurrentCount == 0)
            {
                _some.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // Another thread was quicker: it is awake.
        }
    }

    // A store that is away fails thousands of deliveries at once: one line a second says it.
    private bool MayLog()
    {
        var (now, last) = (time.GetTimestamp(), Interlocked.Read(ref _logged));
        return (last == long.MinValue || time.GetElapsedTime(last, now) >= Retry)
            && Interlocked.CompareExchange(ref _logged, now, last) == last;
    }
}
