using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>
/// The shipments that wait for one next hop, and what is known about it: how many connections it has, whether it is backing
/// off because no host answered. One connection probes first; the rest wait for it.
/// </summary>
internal sealed class Hop(NextHop target, HopLimits limits, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly ShipmentLine _waiting = new();
    private readonly List<TaskCompletionSource> _idle = [];
    private int _connections;
    private int _failures;
    private int _rests;
    private DateTimeOffset _restsUntil;
    private Verdict? _unreachable;

    public NextHop Target => target;

    /// <summary>Shipments waiting, and for how long the first of them has.</summary>
    public (int Count, TimeSpan Longest) Waiting
    {
        get
        {
            lock (_lock)
            {
                return (_waiting.Count, _waiting.Oldest is { } first ? time.GetUtcNow() - first : TimeSpan.Zero);
            }
        }
    }

    /// <summary>True when there is nothing to remember.</summary>
    public bool IsForgettable
    {
        get
        {
            lock (_lock)
            {
                return _connections == 0 && _waiting.Count == 0 && time.GetUtcNow() >= _restsUntil + limits.LongestRest;
            }
        }
    }

    /// <summary>Puts a shipment in the line; true when a connection must be started for it.</summary>
    public bool Add(Shipment shipment)
    {
        lock (_lock)
        {
            _waiting.Enqueue(shipment);
            return NeedsConnection();
        }
    }

    /// <summary>There is room for large contents again; true when a connection must be started for one.</summary>
    public bool Wake()
    {
        lock (_lock)
        {
            return _waiting.HasLarge && NeedsConnection();
        }
    }

    /// <summary>True when there is work for one connection more, which the caller then starts.</summary>
    public bool TryGrow()
    {
        lock (_lock)
        {
            if (_waiting.Count <= _idle.Count || _connections >= Allowed)
            {
                return false;
            }

            _connections++;
            return true;
        }
    }

    /// <summary>
    /// The next shipment. Null when none waits: then either the connection has left, or, with <paramref name="mayWait"/>, the task
    /// ends when it is worth asking again.
    /// </summary>
    public Shipment? Take(bool mayWait, out Task? wait)
    {
        lock (_lock)
        {
            wait = null;
            if (_waiting.TryDequeue(out var shipment))
            {
                return shipment;
            }

            if (mayWait)
            {
                var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _idle.Add(idle);
                wait = idle.Task;
            }
            else
            {
                _connections--;
            }

            return null;
        }
    }

    /// <summary>A connection that waited waits no more.</summary>
    public void StopWaiting(Task wait)
    {
        lock (_lock)
        {
            _idle.RemoveAll(i => i.Task == wait);
        }
    }

    /// <summary>A connection leaves although there may be work; true when the work needs another one to be started in its place.</summary>
    public bool Leave()
    {
        lock (_lock)
        {
            _connections--;
            if (_waiting.Count == 0 || _connections > 0)
            {
                return false;
            }

            _connections++;
            return true;
        }
    }

    /// <summary>While the hop rests: what the probe found, and until when.</summary>
    public (Verdict Verdict, DateTimeOffset Until)? Rest
    {
        get
        {
            lock (_lock)
            {
                return _unreachable is { } verdict && time.GetUtcNow() < _restsUntil ? (verdict, _restsUntil) : null;
            }
        }
    }

    /// <summary>Somebody answered there.</summary>
    public void Reached()
    {
        lock (_lock)
        {
            (_failures, _rests, _unreachable) = (0, 0, null);
        }
    }

    /// <summary>Nobody let us in.</summary>
    public void NotReached(Verdict verdict)
    {
        lock (_lock)
        {
            _failures++;

            // What depends on the single message (a domain is believed to be missing only after a while) is not shared.
            if (_failures < limits.FailuresBeforeRest || verdict is not { Outcome: Outcome.Deferred, Stage: < SmtpStage.Mail }
                || time.GetUtcNow() < _restsUntil)
            {
                return;
            }

            _restsUntil = time.GetUtcNow() + limits.RestAfter(_rests++);
            _unreachable = verdict;
        }
    }

    // One that is idle takes the work.
    private bool NeedsConnection()
    {
        if (_idle.Count > 0)
        {
            _idle[^1].TrySetResult();
            _idle.RemoveAt(_idle.Count - 1);
            return false;
        }

        if (_connections >= Allowed)
        {
            return false;
        }

        _connections++;
        return true;
    }

    private int Allowed => _failures >= limits.FailuresBeforeRest ? 1 : limits.ConnectionsTo(target);
}
