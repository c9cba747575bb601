using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>What the worker works with.</summary>
public sealed record DeliveryOptions
{
    /// <summary>First match wins; the last one matches everything.</summary>
    public required IReadOnlyList<Route> Routes { get; init; }

    public required HopHosts Hosts { get; init; }

    public required HopConnector Connector { get; init; }

    public required Results Results { get; init; }

    public HopLimits Limits { get; init; } = HopLimits.Default;

    /// <summary>
    /// The bytes that leave for what is stored: called once per message and lease, when the first delivery of it leaves; and once
    /// more with the 7-bit content when a server without 8BITMIME is to get 8-bit content.
    /// </summary>
    public Func<LeasedMessage, CancellationToken, Task<ReadOnlyMemory<byte>>> Prepare { get; init; } =
        (message, _) => Task.FromResult(message.Content);
}

/// <summary>
/// The one door out: takes leased messages from the window, sends each delivery along the route of its recipient's domain, and
/// hands the results to be settled. A delivery that was not settled, for whatever reason, is leased again when its lease is over.
/// </summary>
public sealed class DeliveryWorker : BackgroundService
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RenewalRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MinPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MaxPatience = TimeSpan.FromMinutes(2);

    private readonly DeliveryWindow _window;
    private readonly DeliveryOptions _options;
    private readonly Settler _settler;
    private readonly Leases _leases;
    private readonly TimeProvider _time;
    private readonly ILogger<DeliveryWorker> _logger;
    private readonly Hops _hops;

    public DeliveryWorker(
        DeliveryWindow window, DeliveryOptions options, Settler settler, Leases leases, TimeProvider time, ILogger<DeliveryWorker> logger)
    {
        (_window, _options, _settler, _leases, _time, _logger) = (window, options, settler, leases, time, logger);
        var transport = new Transport(options.Hosts, options.Connector, options.Results, settler.Add, options.Limits, time);
        _hops = new Hops(transport, options.Limits, time, logger);
    }

    /// <summary>
    /// What this node has in hand: waiting, on its way, or with a result that is not written yet. Its leases may be over when the
    /// store was away for long.
    /// </summary>
    internal HashSet<DeliveryKey> InHand
    {
        get
        {
            // In the order that a delivery goes, so that none slips through between the two.
            HashSet<DeliveryKey> keys = [.. _hops.InMemory.SelectMany(s => s.Keys)];
            keys.UnionWith(_settler.Unwritten);
            return keys;
        }
    }

    /// <summary>
    /// Takes no more, ends what is being delivered, and ends; what waits, and what is still under way when
    /// <paramref name="cancel"/> fires, stays leased.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancel)
    {
        _window.Close();
        if (ExecuteTask is { } running)
        {
            await Task.WhenAny(running, Task.Delay(Timeout.Infinite, cancel));
        }

        await base.StopAsync(cancel);
    }

    public override void Dispose()
    {
        _hops.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var renewing = RenewAsync(ending.Token);
        try
        {
            await foreach (var message in _window.ReadAllAsync(cancel))
            {
                Dispatch(message, cancel);
            }
        }
        finally
        {
            await _hops.StopAsync();
            await ending.CancelAsync();
            await renewing;
        }
    }

    private void Dispatch(LeasedMessage message, CancellationToken cancel)
    {
        var inMemory = new MessageInMemory(message, _options.Prepare, _window);
        try
        {
            foreach (var hop in message.Deliveries.GroupBy(d => NextHop.Of(Target(d), d.Recipient.Domain)))
            {
                if (hop.Key is { } target)
                {
                    Add(target, new Shipment(inMemory, [.. hop], _time.GetUtcNow()), cancel);
                    continue;
                }

                foreach (var delivery in hop)
                {
                    _settler.Add(CaptureRoute.Deliver(message, delivery, _options.Results));
                }
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One message must not stop the others; its lease runs out and it is tried again.
            Log.DeliveryBroke(_logger, message.Id, e);
        }
        finally
        {
            inMemory.Done();
        }
    }

    private RouteTarget Target(LeasedDelivery delivery) =>
        Route.Find(_options.Routes, delivery.Recipient.Domain)
        ?? throw new InvalidOperationException($"no route is for {delivery.Recipient.Domain}");

    private void Add(NextHop target, Shipment shipment, CancellationToken cancel)
    {
        if (_window.IsTight && IsSlow(target, out var patience))
        {
            _leases.GiveBack(shipment.Keys, _time.GetUtcNow() + patience);
            return;
        }

        shipment.Parent.Hold();
        _hops.Add(target, shipment, cancel);
    }

    /// <summary>
    /// A hop that lets shipments wait for long may not fill the window: beyond its share of it, what comes more goes back to the
    /// store, for about the time that what is in memory takes.
    /// </summary>
    private bool IsSlow(NextHop target, out TimeSpan patience)
    {
        var (count, longest) = _hops.Waiting(target);
        patience = longest < MaxPatience ? longest + MinPatience : MaxPatience;
        return longest > Slow && count > _window.Capacity / Math.Max(1, _hops.CountBusy()) / 2;
    }

    /// <summary>Keeps the leases of what is in memory alive, however long a server takes.</summary>
    private async Task RenewAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_leases.RenewAfter, _time, cancel);
                while (!await _leases.TryRenewAsync(_hops.InMemory, cancel))
                {
                    await Task.Delay(RenewalRetry, _time, cancel);
                }

                _hops.Sweep();
            }
        }
        catch (OperationCanceledException)
        {
            // The worker ends.
        }
    }
}
