using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// All next hops with something to do. Each has its own line and its own connections, so that a slow one holds up nobody else.
/// All share one cap of connections; one that holds several yields them when others wait.
/// </summary>
/// <param name="transport">Makes the attempts.</param>
/// <param name="limits">How many connections.</param>
/// <param name="broke">Sees to a shipment whose attempt failed by an error of this program.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class Hops(
    Transport transport, HopLimits limits, Action<Shipment, Exception> broke, TimeProvider time, ILogger logger) : IDisposable
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

    /// <summary>Takes deliveries out of those that wait; returns which were taken out, and so are surely not attempted.</summary>
    public IReadOnlyList<DeliveryKey> Withdraw(IReadOnlySet<DeliveryKey> deliveries) => [.. InMemory.SelectMany(s => s.Withdraw(deliveries))];

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
        catch (Exception e)
        {
            // The others that wait for the hop must not wait for ever.
            Log.ConnectionBroke(logger, hop.Target.Name, e);
            if (hop.Leave())
            {
                Start(hop, cancel);
            }
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
                    await CloseAsync(connection, cancel);
                    connection = null;
                }
            }
        }
        finally
        {
            await CloseAsync(connection, cancel);
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
            // Nothing is left of it when an operator took its deliveries out.
            return shipment.TryBegin() ? await AttemptAsync(hop, shipment, connection, cancel) : connection;
        }
        finally
        {
            _inMemory.TryRemove(shipment, out _);
            if (shipment.Parent.Close())
            {
                Wake(cancel);
            }

            shipment.Parent.Done();
        }
    }

    private async Task<HopConnection?> AttemptAsync(Hop hop, Shipment shipment, HopConnection? connection, CancellationToken cancel)
    {
        if (hop.Rest is { } rest)
        {
            transport.Share(hop.Target, shipment, rest.Verdict, rest.Until);
            return connection;
        }

        try
        {
            // First, so that a message that cannot be prepared costs no connection.
            await shipment.Parent.ContentAsync(cancel);
        }
        catch (Exception e) when (IsBroken(e, cancel))
        {
            broke(shipment, e);
            return connection;
        }

        try
        {
            (connection, var unreachable) = await transport.DeliverAsync(hop.Target, shipment, connection, cancel);
            if (unreachable is null)
            {
                hop.Reached();
            }
            else
            {
                hop.NotReached(unreachable);
            }
        }
        catch (Exception e) when (IsBroken(e, cancel))
        {
            broke(shipment, e);
            await CloseAsync(connection, cancel);
            return null;
        }

        if (connection?.Messages >= limits.MessagesTo(hop.Target))
        {
            await CloseAsync(connection, cancel);
            connection = null;
        }

        return connection;
    }

    private static async Task CloseAsync(HopConnection? connection, CancellationToken cancel)
    {
        try
        {
            await (connection?.CloseAsync(cancel) ?? Task.CompletedTask);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // It cannot be used again either way.
        }
    }

    // A time-out inside a library shows as a cancelled task, too.
    private static bool IsBroken(Exception e, CancellationToken cancel) => e is not OperationCanceledException || !cancel.IsCancellationRequested;

    private void Wake(CancellationToken cancel)
    {
        lock (_lock)
        {
            foreach (var hop in _hops.Values.Where(h => h.Wake()))
            {
                Start(hop, cancel);
            }
        }
    }
}
