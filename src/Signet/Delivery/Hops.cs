using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Signet.Delivery;

/// <summary>
/// All next hops with something to do. Each has its own line and its own connections, so that a slow one holds up nobody else;
/// all together keep to one number of connections, which those with several give way to others for.
/// </summary>
internal sealed class Hops(Transport transport, HopLimits limits, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>What a connection sends at least before it gives way to other hops.</summary>
    private const int Turn = 10;

    private readonly Lock _lock = new();
    private readonly Dictionary<NextHop, Hop> _hops = [];
    private readonly ConcurrentDictionary<Shipment, byte> _inMemory = [];
    private readonly ConcurrentDictionary<Task, byte> _running = [];
    private readonly SemaphoreSlim _slots = new(limits.Connections);
    private readonly CancellationTokenSource _stopping = new();
    private int _wantSlots;

    /// <summary>Every shipment in memory, waiting or on its way.</summary>
    public IEnumerable<Shipment> InMemory => _inMemory.Keys;

    /// <summary>How many shipments wait for the hop, and for how long the first of them has.</summary>
    public (int Count, TimeSpan Longest) Waiting(NextHop target)
    {
        lock (_lock)
        {
            return _hops.TryGetValue(target, out var hop) ? hop.Waiting : default;
        }
    }

    /// <summary>How many hops have shipments waiting.</summary>
    public int CountBusy()
    {
        lock (_lock)
        {
            return _hops.Values.Count(h => h.Waiting.Count > 0);
        }
    }

    /// <summary>Takes a shipment to be delivered soon.</summary>
    public void Add(NextHop target, Shipment shipment, CancellationToken cancel)
    {
        _inMemory.TryAdd(shipment, 0);
        lock (_lock)
        {
            if (!_hops.TryGetValue(target, out var hop))
            {
                _hops.Add(target, hop = new Hop(target, limits, time));
            }

            if (hop.Add(shipment))
            {
                Start(hop, cancel);
            }
        }
    }

    /// <summary>Forgets hops that have had nothing to do for long.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            foreach (var target in _hops.Where(h => h.Value.IsForgettable).Select(h => h.Key).ToList())
            {
                _hops.Remove(target);
            }
        }
    }

    /// <summary>Begins nothing more, and ends when what is on its way has. What waits stays leased.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        while (!_running.IsEmpty)
        {
            await Task.WhenAll(_running.Keys);
        }
    }

    public void Dispose()
    {
        _slots.Dispose();
        _stopping.Dispose();
    }

    private void Start(Hop hop, CancellationToken cancel)
    {
        var task = Task.Run(() => RunAsync(hop, cancel), CancellationToken.None);
        _running.TryAdd(task, 0);
        task.ContinueWith(t => _running.TryRemove(t, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task RunAsync(Hop hop, CancellationToken cancel)
    {
        try
        {
            await TakeSlotAsync();
            try
            {
                await ServeAsync(hop, cancel);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested || _stopping.IsCancellationRequested)
        {
            // What was not settled stays leased and is given back or runs out.
        }
    }

    private async Task TakeSlotAsync()
    {
        if (_slots.Wait(0, CancellationToken.None))
        {
            return;
        }

        Interlocked.Increment(ref _wantSlots);
        try
        {
            await _slots.WaitAsync(_stopping.Token);
        }
        finally
        {
            Interlocked.Decrement(ref _wantSlots);
        }
    }

    /// <summary>One connection after another, as long as there is work.</summary>
    private async Task ServeAsync(Hop hop, CancellationToken cancel)
    {
        HopConnection? connection = null;
        try
        {
            for (var served = 0; !_stopping.IsCancellationRequested;)
            {
                var mayWait = connection is not null && Volatile.Read(ref _wantSlots) == 0;
                if (hop.Take(mayWait, out var wait) is { } shipment)
                {
                    connection = await DeliverAsync(hop, shipment, connection, cancel);
                    if (hop.TryGrow())
                    {
                        Start(hop, cancel);
                    }

                    if (++served >= Turn && Volatile.Read(ref _wantSlots) > 0)
                    {
                        if (hop.Leave())
                        {
                            Start(hop, cancel);
                        }

                        return;
                    }
                }
                else if (wait is null)
                {
                    return;
                }
                else if (!await WaitAsync(hop, wait))
                {
                    await connection!.CloseAsync(cancel);
                    connection = null;
                }
            }
        }
        finally
        {
            if (connection is not null)
            {
                await connection.CloseAsync(cancel);
            }
        }
    }

    /// <summary>False when nothing came while the connection was worth keeping.</summary>
    private async Task<bool> WaitAsync(Hop hop, Task wait)
    {
        try
        {
            await wait.WaitAsync(limits.Idle, time, _stopping.Token);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            hop.StopWaiting(wait);
            return false;
        }
    }

    private async Task<HopConnection?> DeliverAsync(Hop hop, Shipment shipment, HopConnection? connection, CancellationToken cancel)
    {
        try
        {
            if (hop.Rest is { } rest)
            {
                transport.Share(hop.Target, shipment, rest.Verdict, rest.Until);
                return connection;
            }

            (connection, var unreachable) = await transport.DeliverAsync(hop.Target, shipment, connection, cancel);
            if (unreachable is null)
            {
                hop.Reached();
            }
            else
            {
                hop.NotReached(unreachable);
            }

            if (connection?.Messages >= limits.MessagesTo(hop.Target))
            {
                await connection.CloseAsync(cancel);
                connection = null;
            }

            return connection;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One message must not stop the others; its lease runs out and it is tried again.
            Log.DeliveryBroke(logger, shipment.Message.Id, e);
            if (connection is not null)
            {
                await connection.CloseAsync(cancel);
            }

            return null;
        }
        finally
        {
            _inMemory.TryRemove(shipment, out _);
            shipment.Parent.Done();
        }
    }
}
