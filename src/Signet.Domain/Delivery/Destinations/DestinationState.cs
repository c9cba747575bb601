using System.Net;
using Signet.Smtp;

namespace Signet.Delivery.Destinations;

/// <summary>
/// What is known of a destination: how many connections it takes, whether it is left alone, how many messages it takes on one connection, which
/// of its addresses do not answer.
/// </summary>
internal sealed class DestinationState(Destination destination, DestinationContext context)
{
    /// <summary>How long one that nothing is known of is kept.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    /// <summary>How long after a back-off the next one would be longer.</summary>
    private static readonly TimeSpan BackOffKept = TimeSpan.FromHours(1);

    /// <summary>A connection that is ended after a longer pause was ended for the pause.</summary>
    private static readonly TimeSpan InUse = TimeSpan.FromSeconds(1);

    /// <summary>Replies that come so close together are one refusal.</summary>
    private static readonly TimeSpan OneRefusal = TimeSpan.FromSeconds(5);

    /// <summary>Connections refused for their number, and none let in, after which it is left alone.</summary>
    private const int RefusalsInRow = 10;

    private readonly Lock _lock = new();
    private readonly FailedAddresses _failed = new();
    private readonly RateMeter _rate = new(context.Time);
    private ConcurrencyWindow _window = ConcurrencyWindow.Start(destination.Connections, destination.InitialConnections);
    private BackOff _backOff = BackOff.None;
    private LearnedLimit _messages = LearnedLimit.None;
    private Verdict? _reason;
    private DateTimeOffset? _throttledAt;
    private DateTimeOffset _usedAt = context.Time.GetUtcNow();

    private DateTimeOffset Now => context.Time.GetUtcNow();

    /// <summary>Connections that it may have by the window.</summary>
    public int Window
    {
        get
        {
            lock (_lock)
            {
                return _window.Size;
            }
        }
    }

    /// <summary>Messages in a second, roughly; null until it was measured.</summary>
    public double? PerSecond
    {
        get
        {
            lock (_lock)
            {
                return _rate.PerSecond;
            }
        }
    }

    /// <summary>False while it is left alone.</summary>
    public bool MayConnect
    {
        get
        {
            lock (_lock)
            {
                return !_backOff.IsOn || _backOff.MayConnect(Now);
            }
        }
    }

    /// <summary>Connections that it may have now.</summary>
    public int Allowed
    {
        get
        {
            lock (_lock)
            {
                return !_backOff.IsOn ? _window.Size : _backOff.MayConnect(Now) ? 1 : 0;
            }
        }
    }

    /// <summary>Until when it is left alone, and what was found there; null when it is not.</summary>
    public (DateTimeOffset Until, Verdict Reason)? BackOffUntil
    {
        get
        {
            lock (_lock)
            {
                return _backOff.Until is { } until && _reason is { } reason ? (until, reason) : null;
            }
        }
    }

    /// <summary>Messages for one connection.</summary>
    public int MessagesPerConnection
    {
        get
        {
            lock (_lock)
            {
                return _messages.Of(destination.MessagesPerConnection, Now);
            }
        }
    }

    /// <summary>It let a connection in, and serves so many now.</summary>
    public void LetIn(int open)
    {
        lock (_lock)
        {
            var now = Now;
            _window = _backOff.IsOn ? _window.Restart(now) : _window.LetIn(open);
            (_backOff, _reason) = (BackOff.None, null);
            _usedAt = now;
        }
    }

    /// <summary>It answered for a message.</summary>
    /// <param name="busy">Connections that are in use.</param>
    public void Succeeded(int busy)
    {
        lock (_lock)
        {
            var now = Now;
            _window = _backOff.IsOn ? _window.Restart(now) : _window.Succeed(busy, now);
            (_backOff, _reason, _usedAt) = (BackOff.None, null, now);
            _rate.Count();
        }
    }

    /// <summary>It refused a connection more than those it serves.</summary>
    public void Limited(int open)
    {
        lock (_lock)
        {
            _window = _window.Limit(open, Now);
        }
    }

    /// <summary>It asked to slow down.</summary>
    public void Throttled()
    {
        lock (_lock)
        {
            // All connections may be told at once.
            var now = Now;
            if (!(now - _throttledAt < OneRefusal))
            {
                (_window, _throttledAt) = (_window.Refuse(now), now);
            }
        }
    }

    /// <summary>No host let us in. True when it is left alone from now on.</summary>
    /// <param name="verdict">What that meant.</param>
    /// <param name="saidWhy">
    /// Whether it said that there are too many connections. Then it may still count one that is closed, and the next is let in: it takes more of
    /// these.
    /// </param>
    public bool NotLetIn(Verdict verdict, bool saidWhy)
    {
        lock (_lock)
        {
            var now = Now;
            if (_backOff.IsOn && !_backOff.MayConnect(now))
            {
                // A straggler of before.
                return false;
            }

            // What depends on the single message is not shared.
            if (verdict is not { Outcome: Outcome.Deferred, Stage: < SmtpStage.Mail })
            {
                return false;
            }

            _backOff = _backOff.Fail(saidWhy ? Math.Max(_window.Size, RefusalsInRow) : _window.Size, now, context.Chance());
            _window = _window.Refuse(now);
            (_reason, _usedAt) = (verdict, now);
            return _backOff.IsOn;
        }
    }

    /// <summary>It ended a connection between two messages.</summary>
    /// <param name="connection">Which.</param>
    /// <param name="said">Whether it said so.</param>
    public void Ended(OpenConnection connection, bool said)
    {
        if (context.Time.GetElapsedTime(connection.UsedAt) < InUse)
        {
            lock (_lock)
            {
                _messages = _messages.End(connection.Messages - 1, said, Now);
            }
        }
    }

    /// <summary>Whether an address answered.</summary>
    public void Tried(IPEndPoint address, bool answered)
    {
        lock (_lock)
        {
            if (answered)
            {
                _failed.Remove(address);
            }
            else
            {
                _failed.Add(address, Now);
            }
        }
    }

    /// <inheritdoc cref="FailedAddresses.Order"/>
    public List<HostAddress> Order(IReadOnlyList<HostAddress> addresses)
    {
        lock (_lock)
        {
            return _failed.Order(addresses, context.Limits.Addresses, Now);
        }
    }

    /// <summary>Whether nothing in it matters any more.</summary>
    /// <param name="isCrowded">Then only a back-off does.</param>
    public bool IsForgettable(bool isCrowded)
    {
        lock (_lock)
        {
            var now = Now;
            return now - _usedAt >= Kept
                && !(now < _backOff.Until + BackOffKept)
                && (isCrowded || (now >= _messages.Until && _failed.IsEmpty(now)));
        }
    }
}
