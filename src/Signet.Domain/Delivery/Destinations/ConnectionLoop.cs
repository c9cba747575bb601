using System.Net.Sockets;

namespace Signet.Delivery.Destinations;

/// <summary>Serves a destination: one connection after another, as long as there is work for one.</summary>
internal sealed class ConnectionLoop(DestinationQueue queue, DestinationQueues all)
{
    /// <summary>What a connection sends at least before it gives way to other destinations.</summary>
    private const int Turn = 10;

    private readonly DestinationContext _context = all.Context;
    private OpenConnection? _connection;

    private bool IsWanted => _context.Slots.IsWanted || queue.Shared?.IsWanted == true;

    /// <summary>Ends when there is no work, or the program ends.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await ServeInTurnAsync() is var pause && pause > TimeSpan.Zero)
            {
                // Without a connection, and without the slot that others may want meanwhile.
                await Task.Delay(pause, _context.Time, all.Stopping);
            }
        }
        catch (OperationCanceledException) when (all.Cancel.IsCancellationRequested || all.Stopping.IsCancellationRequested)
        {
            // What has no result stays claimed until the node leaves.
        }
        catch (Exception e)
        {
            // The others that wait for the destination must not wait for ever.
            Log.ConnectionBroke(all.Logger, queue.Destination.Name, e);
            LeaveQueue();
        }
    }

    private async Task<TimeSpan> ServeInTurnAsync()
    {
        await (queue.Shared?.TakeAsync(all.Stopping) ?? Task.CompletedTask);
        try
        {
            await _context.Slots.TakeAsync(all.Stopping);
            try
            {
                return await ServeAsync();
            }
            finally
            {
                await CloseAsync();
                _context.Slots.Release();
            }
        }
        finally
        {
            queue.Shared?.Release();
        }
    }

    /// <summary>How long to wait before serving goes on; zero when it has ended.</summary>
    private async Task<TimeSpan> ServeAsync()
    {
        for (var served = 0; !all.Stopping.IsCancellationRequested;)
        {
            if (queue.Take(mayWait: _connection is not null && !IsWanted, out var idle, out var pause) is { } batch)
            {
                await DeliverAsync(batch);
                if (queue.TryGrow())
                {
                    all.Start(queue);
                }

                if (++served >= Turn && IsWanted)
                {
                    LeaveQueue();
                    return TimeSpan.Zero;
                }
            }
            else if (pause > TimeSpan.Zero)
            {
                if (pause > _context.Limits.Idle || IsWanted)
                {
                    return pause;
                }

                await Task.Delay(pause, _context.Time, all.Stopping);
            }
            else if (idle is null)
            {
                return TimeSpan.Zero;
            }
            else if (!await WaitAsync(idle))
            {
                await CloseAsync();
            }
        }

        return TimeSpan.Zero;
    }

    private void LeaveQueue()
    {
        if (queue.Leave())
        {
            all.Start(queue);
        }
    }

    /// <summary>False when the connection is not worth keeping: nothing came for a while, or another destination wants one.</summary>
    private async Task<bool> WaitAsync(TaskCompletionSource<bool> idle)
    {
        _context.Slots.Offer(idle);
        queue.Shared?.Offer(idle);
        try
        {
            return await idle.Task.WaitAsync(_context.Limits.Idle, _context.Time, all.Stopping);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
        finally
        {
            _context.Slots.TakeBack(idle);
            queue.Shared?.TakeBack(idle);
            queue.StopWaiting(idle);
        }
    }

    private async Task DeliverAsync(DeliveryBatch batch)
    {
        var end = AttemptEnd.Done;
        try
        {
            // Nothing is left of it when an operator took its deliveries out.
            if (batch.TryBegin())
            {
                end = await AttemptAsync(batch);
            }
        }
        finally
        {
            if (end == AttemptEnd.PutBack)
            {
                all.Close(batch);
            }
            else
            {
                all.Done(batch);
            }
        }
    }

    private async Task<AttemptEnd> AttemptAsync(DeliveryBatch batch)
    {
        try
        {
            // First, so that a message that cannot be prepared costs no connection.
            await batch.Parent.ContentAsync(all.Cancel);
        }
        catch (Exception e) when (IsBroken(e))
        {
            all.Broke(batch, e);
            return AttemptEnd.Done;
        }

        var end = AttemptEnd.Done;
        try
        {
            var kept = _connection;
            _connection = null;
            (_connection, end, var verdict) = await all.Attempts.DeliverAsync(queue, batch, kept, all.Cancel);
            if (end is AttemptEnd.NotLetIn or AttemptEnd.Refused && queue.NotLetIn(verdict!, end == AttemptEnd.Refused, out var waited))
            {
                all.BackOff(queue, waited);
            }
        }
        catch (Exception e) when (IsBroken(e))
        {
            all.Broke(batch, e);
        }

        if (_connection?.Messages >= queue.State.MessagesPerConnection)
        {
            await CloseAsync();
        }

        return end;
    }

    private async Task CloseAsync()
    {
        var connection = _connection;
        _connection = null;
        try
        {
            await (connection?.CloseAsync(all.Cancel) ?? Task.CompletedTask);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // It cannot be used again either way.
        }
    }

    // A time-out inside a library shows as a cancelled task, too.
    private bool IsBroken(Exception e) => e is not OperationCanceledException || !all.Cancel.IsCancellationRequested;
}
