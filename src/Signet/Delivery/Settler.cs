using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// Writes results of deliveries, as many at once as have come together while the last group was being written. A result that
/// cannot be written now is kept and tried again: losing it would deliver the message twice.
/// </summary>
public sealed class Settler(IMessageQueue queue, Node node, TimeProvider time, ILogger<Settler> logger) : BackgroundService
{
    private const int MaxGroup = 1_000;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Channel<Settlement> _results = Channel.CreateUnbounded<Settlement>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<DeliveryKey, byte> _unwritten = [];

    /// <summary>Deliveries with a result that is not on stable storage yet.</summary>
    internal IEnumerable<DeliveryKey> Unwritten => _unwritten.Keys;

    /// <summary>Takes a result to be written soon. Nothing is on stable storage yet when this returns.</summary>
    public void Add(Settlement result)
    {
        _unwritten.TryAdd(KeyOf(result), 0);
        _results.Writer.TryWrite(result);
    }

    /// <summary>Writes what it was given, gives back the leases of this node, and ends.</summary>
    public override async Task StopAsync(CancellationToken cancel)
    {
        _results.Writer.TryComplete();
        if (ExecuteTask is { } running)
        {
            await Task.WhenAny(running, Task.Delay(Timeout.Infinite, cancel));
        }

        await base.StopAsync(cancel);
        try
        {
            await queue.ReleaseAsync(node.Name, cancel);
        }
        catch (StoreUnavailableException e)
        {
            Log.LeasesNotReleased(logger, node.LeaseTime, e.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken cancel)
    {
        List<Settlement> group = new(MaxGroup);
        while (await _results.Reader.WaitToReadAsync(cancel))
        {
            while (group.Count < MaxGroup && _results.Reader.TryRead(out var result))
            {
                group.Add(result);
            }

            await WriteAsync(group, cancel);
            group.ForEach(r => _unwritten.TryRemove(KeyOf(r), out _));
            group.Clear();
        }
    }

    private static DeliveryKey KeyOf(Settlement result) => new(result.MessageId, result.Ordinal);

    private async Task WriteAsync(List<Settlement> group, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await queue.SettleAsync(node.Name, group, cancel);
                return;
            }
            catch (StoreUnavailableException e)
            {
                Log.ResultsNotWritten(logger, group.Count, RetryDelay, e.Message);
                await Task.Delay(RetryDelay, time, cancel);
            }
        }
    }
}
