using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Delivery.Destinations;
using Signet.Messages;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>What the worker works with.</summary>
public sealed record DeliveryOptions
{
    /// <summary>First match wins; the last one matches everything.</summary>
    public required IReadOnlyList<Route> Routes { get; init; }

    public required HostFinder Hosts { get; init; }

    public required ConnectionOpener Connector { get; init; }

    public required Results Results { get; init; }

    public DestinationLimits Limits { get; init; } = DestinationLimits.Default;

    /// <summary>What the hosts of domains take.</summary>
    public Receivers Receivers { get; init; } = Receivers.Shipped;

    /// <summary>From 0 to 1, for waits that must not end together.</summary>
    public Func<double> Chance { get; init; } = () => 0.5;

    /// <summary>Reads a content that did not wait in memory: <see cref="IMessageQueue.ReadContentAsync"/>.</summary>
    public required Func<MessageId, Memory<byte>, CancellationToken, Task<bool>> ReadContent { get; init; }

    /// <summary>Bytes of large contents in memory at once.</summary>
    public long ContentBudget { get; init; } = 64L * 1024 * 1024;

    /// <summary>Nobody signs unless it is set.</summary>
    public SignMessage Sign { get; init; } = (_, _) => Task.FromResult(ReadOnlyMemory<byte>.Empty);
}

/// <summary>
/// The one door out: takes leased messages from the window, sends each delivery along the route of its recipient's domain, and
/// hands the results to be settled. Every delivery that it takes is settled or given back, also when the attempt breaks; what is lost
/// all the same, for instance with the process, is leased again when its lease is over.
/// </summary>
public sealed class DeliveryWorker : BackgroundService
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RenewalRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MinPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MaxPatience = TimeSpan.FromMinutes(2);

    /// <summary>For how long a message waits that the store could not be asked about.</summary>
    private static readonly TimeSpan StoreRetry = TimeSpan.FromMinutes(1);

    private readonly DeliveryWindow _window;
    private readonly DeliveryOptions _options;
    private readonly Settler _settler;
    private readonly Leases _leases;
    private readonly TimeProvider _time;
    private readonly ILogger<DeliveryWorker> _logger;
    private readonly DestinationQueues _queues;
    private readonly ContentBudget _budget;

    public DeliveryWorker(
        DeliveryWindow window, DeliveryOptions options, Settler settler, Leases leases, TimeProvider time, ILogger<DeliveryWorker> logger)
    {
        (_window, _options, _settler, _leases, _time, _logger) = (window, options, settler, leases, time, logger);
        var transport = new Transport(options.Hosts, options.Connector, options.Results, settler.Add, options.Limits, time);
        _queues = new DestinationQueues(transport, options, leases, (shipment, e) => Broke(shipment.Message, shipment.Deliveries, e), time, logger);
        _budget = new ContentBudget(options.ContentBudget);
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
            HashSet<DeliveryKey> keys = [.. _queues.InMemory.SelectMany(s => s.Keys)];
            keys.UnionWith(_settler.Unwritten);
            return keys;
        }
    }

    /// <inheritdoc cref="DestinationQueues.RoomFor"/>
    internal int RoomFor(NextHop hop) => _queues.RoomFor(hop);

    /// <summary>Takes deliveries out of memory unless their attempt has begun; returns those that are surely not attempted.</summary>
    internal IReadOnlyList<DeliveryKey> Withdraw(IReadOnlySet<DeliveryKey> deliveries) => _queues.Withdraw(deliveries);

    /// <summary>Settles a delivery that was leased and cannot be read.</summary>
    internal void Settle(UnreadableDelivery delivery)
    {
        if (delivery.Key is { } key)
        {
            _settler.Add(_options.Results.Of(delivery, key));
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
        _queues.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var renewing = RenewAsync(ending.Token);
        _queues.Begin(cancel);
        try
        {
            await foreach (var message in _window.ReadAllAsync(cancel))
            {
                Dispatch(message);
            }
        }
        finally
        {
            await _queues.StopAsync();
            await ending.CancelAsync();
            await renewing;
        }
    }

    private void Dispatch(LeasedMessage message)
    {
        var inMemory = new MessageInMemory(message, _options, _budget, _window);
        try
        {
            List<(NextHop? Hop, LeasedDelivery Delivery)> routed = [];
            foreach (var delivery in message.Deliveries)
            {
                Attempt(message, [delivery], () => routed.Add((NextHop.Of(Target(delivery), delivery.Recipient.Domain), delivery)));
            }

            foreach (var hop in routed.GroupBy(r => r.Hop, r => r.Delivery))
            {
                LeasedDelivery[] deliveries = [.. hop];
                Attempt(message, deliveries, () => Send(inMemory, hop.Key, deliveries));
            }
        }
        finally
        {
            inMemory.Done();
        }
    }

    // One delivery must not stop the others.
    private void Attempt(LeasedMessage message, IReadOnlyList<LeasedDelivery> deliveries, Action attempt)
    {
        try
        {
            attempt();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Broke(message, deliveries, e);
        }
    }

    private void Send(MessageInMemory message, NextHop? hop, IReadOnlyList<LeasedDelivery> deliveries)
    {
        if (hop is not null)
        {
            Add(new Shipment(message, hop, deliveries, _time.GetUtcNow()));
            return;
        }

        foreach (var delivery in deliveries)
        {
            _settler.Add(CaptureRoute.Deliver(message.Message, delivery, _options.Results));
        }
    }

    /// <summary>
    /// Sees to deliveries whose attempt failed by an error of this program. They are deferred like any other, so that their senders hear
    /// of it and their time ends. A store that is away is no attempt: they wait.
    /// </summary>
    private void Broke(LeasedMessage message, IReadOnlyList<LeasedDelivery> deliveries, Exception exception)
    {
        var now = _time.GetUtcNow();
        if (exception is StoreUnavailableException && now - message.AcceptedAt < RetrySchedule.MaxAge)
        {
            _leases.GiveBack(deliveries.Select(d => new DeliveryKey(message.Id, d.Ordinal)), now + StoreRetry, exception.Message);
            return;
        }

        if (deliveries.Any(d => d.Attempts == 0))
        {
            // Once: the later attempts have their records, and one tenant's bad key must not fill the log.
            Log.DeliveryBroke(_logger, message.Id, exception);
        }

        foreach (var delivery in deliveries)
        {
            _settler.Add(_options.Results.Of(message, delivery, InternalError.Of(exception), Peer.None, TimeSpan.Zero));
        }
    }

    private RouteTarget Target(LeasedDelivery delivery) =>
        Route.Find(_options.Routes, delivery.Recipient.Domain)
        ?? throw new InvalidOperationException($"no route is for {delivery.Recipient.Domain}");

    private void Add(Shipment shipment)
    {
        if (_window.IsTight && IsSlow(shipment.Hop, out var patience))
        {
            _leases.GiveBack(shipment.Keys, _time.GetUtcNow() + patience);
            return;
        }

        shipment.Parent.Hold();
        _queues.Add(shipment);
    }

    /// <summary>
    /// A destination that lets shipments wait for long may not fill the window: beyond its share of it, what comes more goes back to the
    /// store, for about the time that what is in memory takes.
    /// </summary>
    private bool IsSlow(NextHop target, out TimeSpan patience)
    {
        var (count, longest) = _queues.Waiting(target);
        patience = longest < MaxPatience ? longest + MinPatience : MaxPatience;
        return longest > Slow && count > _window.Capacity / Math.Max(1, _queues.Busy) / 2;
    }

    /// <summary>Keeps the leases of what is in memory alive, however long a server takes.</summary>
    private async Task RenewAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_leases.RenewAfter, _time, cancel);
                while (!await _leases.TryRenewAsync(_queues.InMemory, cancel))
                {
                    await Task.Delay(RenewalRetry, _time, cancel);
                }

                _queues.Sweep();
            }
        }
        catch (OperationCanceledException)
        {
            // The worker ends.
        }
    }
}
