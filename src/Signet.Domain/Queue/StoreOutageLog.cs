using Microsoft.Extensions.Logging;

namespace Signet.Queue;

/// <summary>Who found the store unavailable. The names are shown.</summary>
public enum StoreUser
{
    Api,
    Inspection,
    Console,
    Health,
    Metrics,
}

/// <summary>
/// What the log says of a store that is unavailable: for each kind of user the first failure at once, then at most one short line a
/// second with their number, however many requests come in.
/// </summary>
public sealed class StoreOutageLog(ILogger<StoreOutageLog> logger, TimeProvider time)
{
    private const int MaxCause = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<StoreUser, Pending> _pending = [];
    private readonly Lock _lock = new();

    /// <summary>A request or a task of the user failed.</summary>
    public void Note(StoreUser user, StoreUnavailableException failure)
    {
        lock (_lock)
        {
            if (_pending.TryGetValue(user, out var pending))
            {
                _pending[user] = pending with { Count = pending.Count + 1, Cause = failure.Message };
                return;
            }

            _pending.Add(user, new Pending(0, "", time.CreateTimer(_ => Tell(user), null, Interval, Timeout.InfiniteTimeSpan)));
        }

        Write(user, 1, failure.Message);
    }

    // A second after a line: tells what came since, or that nothing did by falling silent.
    private void Tell(StoreUser user)
    {
        Pending due;
        lock (_lock)
        {
            due = _pending[user];
            if (due.Count == 0)
            {
                _pending.Remove(user);
                due.Timer.Dispose();
                return;
            }

            _pending[user] = due with { Count = 0 };
            due.Timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }

        Write(user, due.Count, due.Cause);
    }

    private void Write(StoreUser user, long count, string cause) =>
        Log.StoreUnavailable(logger, user, count, cause.Length <= MaxCause ? cause : $"{cause.AsSpan(0, MaxCause)}...");

    private sealed record Pending(long Count, string Cause, ITimer Timer);
}
