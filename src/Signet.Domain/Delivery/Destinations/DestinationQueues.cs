using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Signet.Delivery.Tls;
using Signet.Queue;

namespace Signet.Delivery.Destinations;

/// <summary>
/// All batches in memory: those whose hosts are being looked up, and the queues of all destinations that have something to do. A slow
/// destination holds up nobody else, and all share one number of connections.
/// </summary>
internal sealed class DestinationQueues : IDisposable
{
    /// <summary>What a next hop gets that nothing is known of.</summary>
    private const int RoomOfUnknown = 20;

    /// <summary>So many destinations, or next hops, are remembered before those of little use are forgotten.</summary>
    private const int Crowd = 50_000;

    private readonly DeliveryOptions _options;
    private readonly GivenBack _givenBack;
    private readonly HostLookups _lookups;
    private readonly ConcurrentDictionary<DestinationKey, DestinationQueue> _queues = [];
    private readonly ConcurrentDictionary<DestinationKey, ReceiverShare> _shares = [];
    private readonly ConcurrentDictionary<NextHop, KnownHosts> _hosts = [];
    private readonly ConcurrentDictionary<DestinationQueue, byte> _withLarge = [];
    private readonly ConcurrentDictionary<DeliveryBatch, byte> _inMemory = [];
    private readonly ConcurrentDictionary<Task, byte> _running = [];
    private readonly CancellationTokenSource _stopping = new();
    private CancellationToken _cancel;

    /// <param name="attempts">Makes the attempts.</param>
    /// <param name="options">Hosts, receivers and limits.</param>
    /// <param name="claims">Take back what is not attempted.</param>
    /// <param name="broke">Sees to a batch whose attempt failed by an error of this program.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public DestinationQueues(
        DeliveryAttempts attempts, DeliveryOptions options, Claims claims, Action<DeliveryBatch, Exception> broke, TimeProvider time, ILogger logger)
    {
        (Attempts, _options, Broke, Logger) = (attempts, options, broke, logger);
        Context = new DestinationContext(options.Limits, options.Chance, time);
        _givenBack = new GivenBack(attempts, claims, time);
        _lookups = new HostLookups(options.Hosts, options.Limits, Found, LookupBroke, _stopping.Token);
    }

    public DeliveryAttempts Attempts { get; }

    public DestinationContext Context { get; }

    public Action<DeliveryBatch, Exception> Broke { get; }

    public ILogger Logger { get; }

    /// <summary>Fires when nothing more is to be begun.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Breaks off what is under way: see <see cref="Begin"/>.</summary>
    public CancellationToken Cancel => _cancel;

    /// <summary>Every batch in memory, waiting or on its way.</summary>
    public IEnumerable<DeliveryBatch> InMemory => _inMemory.Keys;

    /// <summary>How many destinations have batches waiting.</summary>
    public int Busy => Context.Busy;

    /// <summary>Whether a destination is left alone just now.</summary>
    public bool LeavesSomeAlone => _queues.Values.Any(q => !q.State.MayConnect);

    /// <summary>Batches may come from now on.</summary>
    /// <param name="cancel">Breaks off what is under way: no further result is stored.</param>
    public void Begin(CancellationToken cancel) => _cancel = cancel;

    /// <summary>How many batches wait where those for the hop would, and for how long the first of them has.</summary>
    public (int Count, TimeSpan Longest) Waiting(NextHop hop)
    {
        var (count, longest) = (0, TimeSpan.Zero);
        foreach (var key in KeysOf(hop))
        {
            if (_queues.TryGetValue(key, out var queue))
            {
                var waiting = queue.Waiting;
                (count, longest) = (count + waiting.Count, waiting.Longest > longest ? waiting.Longest : longest);
            }
        }

        return (count, longest);
    }

    /// <summary>How many more deliveries this next hop can use soon; -1 while it is left alone.</summary>
    public int RoomFor(NextHop hop)
    {
        var (room, isKnown, isAlone) = (0, false, true);
        foreach (var key in KeysOf(hop))
        {
            if (_queues.TryGetValue(key, out var queue))
            {
                (room, isKnown, isAlone) = (room + Math.Max(0, queue.Room), true, isAlone && !queue.State.MayConnect);
            }
        }

        return !isKnown ? RoomOfUnknown : isAlone ? -1 : room;
    }

    /// <summary>Takes a batch to be delivered soon.</summary>
    public void Add(DeliveryBatch batch)
    {
        _inMemory.TryAdd(batch, 0);
        switch (batch.Hop)
        {
            case NextHop.Smarthost { Target: var smarthost }:
                Enqueue(DestinationKey.Of(smarthost), null, batch);
                break;
            case NextHop.Domain domain when _hosts.TryGetValue(domain, out var known) && Context.Time.GetElapsedTime(known.At) < KnownHosts.Fresh:
                Enqueue(known, batch);
                break;
            case NextHop.Domain domain:
                if (!_lookups.TryAdd(domain, batch, out var lookup))
                {
                    _givenBack.Briefly(batch);
                    Leave(batch);
                }
                else if (lookup is { IsCompleted: false })
                {
                    Watch(lookup);
                }

                break;
            default:
                throw new System.Diagnostics.UnreachableException($"{batch.Hop}");
        }
    }

    /// <summary>Takes deliveries out of those that wait; returns which were taken out, and so are surely not attempted.</summary>
    public IReadOnlyList<DeliveryKey> Withdraw(IReadOnlySet<DeliveryKey> deliveries) => [.. InMemory.SelectMany(s => s.Withdraw(deliveries))];

    /// <summary>Forgets destinations that have had nothing to do for long.</summary>
    public void Sweep()
    {
        foreach (var (hop, known) in _hosts)
        {
            if (Context.Time.GetElapsedTime(known.At) > KnownHosts.Kept || _hosts.Count > Crowd)
            {
                _hosts.TryRemove(hop, out _);
            }
        }

        foreach (var (key, queue) in _queues)
        {
            if (queue.TryForget(isCrowded: _queues.Count > Crowd))
            {
                _queues.TryRemove(key, out _);
                _withLarge.TryRemove(queue, out _);
            }
        }
    }

    /// <summary>Begins nothing more, and ends when what is on its way has. What waits stays claimed.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        while (!_running.IsEmpty)
        {
            await Task.WhenAll(_running.Keys);
        }
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Starts a connection to a destination, which counts it already.</summary>
    public void Start(DestinationQueue queue) =>
        Watch(Task.Run(() => new ConnectionLoop(queue, this).RunAsync(), CancellationToken.None));

    /// <summary>A batch that was taken from its queue is done.</summary>
    public void Done(DeliveryBatch batch)
    {
        _inMemory.TryRemove(batch, out _);
        Close(batch);
        batch.Parent.Done();
    }

    /// <summary>A batch that was taken from its queue is no longer on its way.</summary>
    public void Close(DeliveryBatch batch)
    {
        if (!batch.Parent.Close())
        {
            return;
        }

        // There is room for large contents.
        foreach (var queue in _withLarge.Keys)
        {
            if (queue.Wake())
            {
                Start(queue);
            }
        }
    }

    /// <summary>A destination is left alone from now on.</summary>
    public void BackOff(DestinationQueue queue, List<DeliveryBatch> waited)
    {
        if (queue.State.BackOffUntil is { } backOff)
        {
            Log.BacksOff(Logger, queue.Destination.Name, backOff.Until, backOff.Reason.Reply.ToString());
        }

        GiveBack(queue, waited);
    }

    private void GiveBack(DestinationQueue queue, List<DeliveryBatch> batches)
    {
        _givenBack.ForBackOff(batches, queue.State.BackOffUntil);
        batches.ForEach(Leave);
    }

    private void Found(NextHop.Domain hop, MailHosts hosts, List<DeliveryBatch> batches)
    {
        if (hosts is MailHosts.Found found)
        {
            var receiver = _options.Receivers.Find(hop.Value.Value, found.Exchangers);
            var known = new KnownHosts(
                _options.Hosts.AddressesOf(found), DestinationKey.HostsOf(found.Exchangers), receiver, TlsPolicies.OfDomain(hop.Tls, receiver),
                Context.Time.GetTimestamp(), _hosts.GetValueOrDefault(hop));
            _hosts[hop] = known;
            _options.NoteHosts(hop.Value, known.Hosts);
            batches.ForEach(s => Enqueue(known, s));
            return;
        }

        foreach (var batch in batches)
        {
            if (batch.TryBegin())
            {
                Attempts.RecordNoHosts(batch, (MailHosts.None)hosts);
            }

            Leave(batch);
        }
    }

    private void LookupBroke(DeliveryBatch batch, Exception exception)
    {
        if (batch.TryBegin())
        {
            Broke(batch, exception);
        }

        Leave(batch);
    }

    private void Enqueue(KnownHosts known, DeliveryBatch batch)
    {
        (batch.Hosts, batch.Tls) = (known.Addresses, known.Tls);
        Enqueue(known.KeyFor(batch.Parent.Account), known.Receiver, batch);
    }

    private void Enqueue(DestinationKey key, Receiver? receiver, DeliveryBatch batch)
    {
        while (true)
        {
            var queue = _queues.TryGetValue(key, out var known) ? known : _queues.GetOrAdd(key, k => Make(k, receiver));
            if (batch.Parent.IsLarge)
            {
                _withLarge.TryAdd(queue, 0);
            }

            switch (queue.Add(batch))
            {
                case Added.Waits:
                    return;
                case Added.NeedsConnection:
                    Start(queue);
                    return;
                case Added.BacksOff:
                    GiveBack(queue, [batch]);
                    return;
                case Added.Forgotten:
                    _queues.TryRemove(new KeyValuePair<DestinationKey, DestinationQueue>(key, queue));
                    break;
            }
        }
    }

    private DestinationQueue Make(DestinationKey key, Receiver? receiver)
    {
        var destination = receiver is null
            ? Destination.OfSmarthost(key, _options.Limits)
            : Destination.Of(key, receiver);
        var share = destination.IsShared
            ? _shares.GetOrAdd(key with { Hosts = "", Tls = default }, _ => new ReceiverShare(destination, Context.Time))
            : null;
        return new DestinationQueue(destination, share, Context);
    }

    private void Leave(DeliveryBatch batch)
    {
        _inMemory.TryRemove(batch, out _);
        batch.Parent.Done();
    }

    private DestinationKey[] KeysOf(NextHop hop) => hop switch
    {
        NextHop.Smarthost { Target: var smarthost } => [DestinationKey.Of(smarthost)],
        _ => _hosts.TryGetValue(hop, out var known) ? known.Keys : [],
    };

    private void Watch(Task task)
    {
        _running.TryAdd(task, 0);
        task.ContinueWith(t => _running.TryRemove(t, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
