using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Addresses;
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

    public required ResultFactory Results { get; init; }

    public DestinationLimits Limits { get; init; } = DestinationLimits.Default;

    /// <summary>What the hosts of domains take.</summary>
    public Receivers Receivers { get; init; } = Receivers.Shipped;

    /// <summary>From 0 to 1, for waits that must not end together.</summary>
    public Func<double> Chance { get; init; } = () => 0.5;

    /// <summary>Reads a content that did not wait in memory: <see cref="IMessageQueue.ReadContentAsync"/>.</summary>
    public required Func<MessageId, Memory<byte>, CancellationToken, Task<bool>> ReadContent { get; init; }

    /// <summary>Bytes of large contents in memory at once.</summary>
    public long ContentBudget { get; init; } = 64L * 1024 * 1024;

    /// <summary>Whether attempts may begin: <see cref="Heartbeat.IsAlive"/>.</summary>
    public Func<bool> MayBegin { get; init; } = () => true;

    /// <summary>Takes note of the hosts of a domain, sorted, with blanks between them: <see cref="DestinationRecorder.Note"/>.</summary>
    public Action<DomainName, string> NoteHosts { get; init; } = (_, _) => { };

    /// <summary>Nobody signs unless it is set.</summary>
    public SignMessage Sign { get; init; } = (_, _) => Task.FromResult(ReadOnlyMemory<byte>.Empty);
}

/// <summary>
/// The one door out: takes claimed messages from the active queue, sends each delivery along the route of its recipient's domain, and
/// hands the results to the writer. Every delivery that it takes gets a result or is given back, also when the attempt breaks; what is lost
/// all the same, for instance with the process, is claimed by another node.
/// </summary>
public sealed class DeliveryWorker : BackgroundService
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SweepsEvery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MinPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MaxPatience = TimeSpan.FromMinutes(2);

    /// <summary>For how long a message waits that the store could not be asked about.</summary>
    private static readonly TimeSpan StoreRetry = TimeSpan.FromMinutes(1);

    private readonly ActiveQueue _active;
    private readonly DeliveryOptions _options;
    private readonly OutcomeWriter _outcomes;
    private readonly Claims _claims;
    private readonly TimeProvider _time;
    private readonly ILogger<DeliveryWorker> _logger;
    private readonly DestinationQueues _queues;
    private readonly ContentBudget _budget;

    public DeliveryWorker(
        ActiveQueue active, DeliveryOptions options, OutcomeWriter outcomes, Claims claims, TimeProvider time, ILogger<DeliveryWorker> logger)
    {
        (_active, _options, _outcomes, _claims, _time, _logger) = (active, options, outcomes, claims, time, logger);
        var attempts = new DeliveryAttempts(options.Hosts, options.Connector, options.Results, outcomes.Add, options.Limits, time);
        _queues = new DestinationQueues(attempts, options, claims, (batch, e) => Broke(batch.Message, batch.Deliveries, e), time, logger);
        _budget = new ContentBudget(options.ContentBudget);
        active.RoomFor = RoomFor;
    }

    /// <summary>
    /// What this node has in hand: waiting, on its way, or with a result that is not written yet. Its claims may be lost when the
    /// store was away for long.
    /// </summary>
    internal HashSet<DeliveryKey> InHand
    {
        get
        {
            // In the order that a delivery goes, so that none slips through between the two.
            HashSet<DeliveryKey> keys = [.. _queues.InMemory.SelectMany(s => s.Keys)];
            keys.UnionWith(_outcomes.Unwritten);
            return keys;
        }
    }

    /// <summary>How many more deliveries to a domain this node can use soon; -1 while its destination is left alone.</summary>
    internal int RoomFor(DomainName domain) => RoomFor(domain.Value);

    /// <summary>Likewise for a lane, as <see cref="ClaimRequest.Admit"/> gets it.</summary>
    internal int RoomFor(string lane) => RerouteTarget.HopOf(lane, _options.Routes) is { } hop ? _queues.RoomFor(hop) : int.MaxValue;

    /// <summary>Decides what one claim brings (<see cref="ClaimRequest.Admit"/>): the domains of a destination share its room.</summary>
    /// <param name="isLimited">Whether there was more than could be used, so that it is worth asking again soon.</param>
    internal Func<string, int, int> Admission(out Func<bool> isLimited)
    {
        Dictionary<NextHop, int> left = [];
        var limited = false;
        isLimited = () => limited;
        return Admit;

        int Admit(string stored, int wanted)
        {
            // What cannot be read is claimed, so that it comes to its end.
            if (RerouteTarget.HopOf(stored, _options.Routes) is not { } hop)
            {
                return wanted;
            }

            if (!left.TryGetValue(hop, out var room))
            {
                room = Math.Max(0, _queues.RoomFor(hop));
            }

            var admitted = Math.Min(room, wanted);
            left[hop] = room - admitted;
            limited |= admitted < wanted && room > 0;
            return admitted;
        }
    }

    /// <summary>Takes deliveries out of memory unless their attempt has begun; returns those that are surely not attempted.</summary>
    internal IReadOnlyList<DeliveryKey> Withdraw(IReadOnlySet<DeliveryKey> deliveries) => _queues.Withdraw(deliveries);

    /// <summary>Takes out of memory what waits there: other nodes have it.</summary>
    internal void Forget()
    {
        foreach (var batch in _queues.InMemory)
        {
            batch.Withdraw(batch.Keys.ToHashSet());
        }
    }

    /// <summary>Whether a destination is left alone just now.</summary>
    internal bool LeavesSomeAlone => _queues.LeavesSomeAlone;

    /// <summary>Records a result for claimed deliveries, without an attempt. Returns how many.</summary>
    internal int Record(ClaimedMessage message, IEnumerable<ClaimedDelivery> deliveries, Verdict verdict)
    {
        var count = 0;
        foreach (var delivery in deliveries)
        {
            _outcomes.Add(_options.Results.Of(message, delivery, verdict, Peer.None, TimeSpan.Zero));
            count++;
        }

        return count;
    }

    /// <summary>Records a result for a delivery that was claimed and cannot be read.</summary>
    internal void Record(UnreadableDelivery delivery)
    {
        if (delivery.Key is { } key)
        {
            _outcomes.Add(_options.Results.Of(delivery, key));
        }
    }

    /// <summary>
    /// Takes no more, ends what is being delivered, and ends; what waits, and what is still under way when
    /// <paramref name="cancel"/> fires, stays claimed.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancel)
    {
        _active.Close();
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
        var sweeping = SweepAsync(ending.Token);
        _queues.Begin(cancel);
        try
        {
            await foreach (var message in _active.ReadAllAsync(cancel))
            {
                Dispatch(message);
            }
        }
        finally
        {
            await _queues.StopAsync();
            await ending.CancelAsync();
            await sweeping;
        }
    }

    private void Dispatch(ClaimedMessage message)
    {
        var inMemory = new ActiveMessage(message, _options, _budget, _active, _claims);
        try
        {
            List<(NextHop? Hop, ClaimedDelivery Delivery)> routed = [];
            foreach (var delivery in message.Deliveries)
            {
                Attempt(message, [delivery], () => routed.Add((NextHop.Of(Target(delivery), delivery.Recipient.Domain), delivery)));
            }

            foreach (var hop in routed.GroupBy(r => r.Hop, r => r.Delivery))
            {
                ClaimedDelivery[] deliveries = [.. hop];
                Attempt(message, deliveries, () => Send(inMemory, hop.Key, deliveries));
            }
        }
        finally
        {
            inMemory.Done();
        }
    }

    // One delivery must not stop the others.
    private void Attempt(ClaimedMessage message, IReadOnlyList<ClaimedDelivery> deliveries, Action attempt)
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

    private void Send(ActiveMessage message, NextHop? hop, IReadOnlyList<ClaimedDelivery> deliveries)
    {
        if (hop is not null)
        {
            Add(new DeliveryBatch(message, hop, deliveries, _time.GetUtcNow()));
            return;
        }

        foreach (var delivery in deliveries)
        {
            _outcomes.Add(CaptureRoute.Deliver(message.Message, delivery, _options.Results));
        }
    }

    /// <summary>
    /// Sees to deliveries whose attempt failed by an error of this program. They are deferred like any other, so that their senders hear
    /// of it and their time ends. A store that is away is no attempt: they wait.
    /// </summary>
    private void Broke(ClaimedMessage message, IReadOnlyList<ClaimedDelivery> deliveries, Exception exception)
    {
        var now = _time.GetUtcNow();
        if (exception is StoreUnavailableException && now - message.AcceptedAt < RetrySchedule.MaxAge)
        {
            _claims.GiveBack(deliveries.Select(d => new DeliveryKey(message.Id, d.Ordinal)), now + StoreRetry, exception.Message);
            return;
        }

        if (deliveries.Any(d => d.Attempts == 0))
        {
            // Once: the later attempts have their records, and one tenant's bad key must not fill the log.
            Log.DeliveryBroke(_logger, message.Id, exception);
        }

        foreach (var delivery in deliveries)
        {
            _outcomes.Add(_options.Results.Of(message, delivery, InternalError.Of(exception), Peer.None, TimeSpan.Zero));
        }
    }

    private RouteTarget Target(ClaimedDelivery delivery)
    {
        if (delivery.Route is { } given)
        {
            return RerouteTarget.Find(given, _options.Routes)
                ?? throw new InvalidOperationException($"the target {given}, which an operator gave, is of another version; `signet queue reroute --to default` takes it back");
        }

        var target = Route.Find(_options.Routes, delivery.Recipient.Domain)
            ?? throw new InvalidOperationException($"no route is for {delivery.Recipient.Domain}");
        if (target is RouteTarget.Smarthost smarthost)
        {
            _options.NoteHosts(delivery.Recipient.Domain, smarthost.Host);
        }

        return target;
    }

    private void Add(DeliveryBatch batch)
    {
        if (_active.IsTight && IsSlow(batch.Hop, out var patience))
        {
            _claims.GiveBack(batch.Keys, _time.GetUtcNow() + patience);
            return;
        }

        batch.Parent.Hold();
        _queues.Add(batch);
    }

    /// <summary>
    /// A destination that lets batches wait for long may not fill the active queue: beyond its share of it, what comes more goes back to the
    /// store, for about the time that what is in memory takes.
    /// </summary>
    private bool IsSlow(NextHop target, out TimeSpan patience)
    {
        var (count, longest) = _queues.Waiting(target);
        patience = longest < MaxPatience ? longest + MinPatience : MaxPatience;
        return longest > Slow && count > _active.Capacity / Math.Max(1, _queues.Busy) / 2;
    }

    private async Task SweepAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await Task.Delay(SweepsEvery, _time, cancel);
                _queues.Sweep();
            }
        }
        catch (OperationCanceledException)
        {
            // The worker ends.
        }
    }
}
