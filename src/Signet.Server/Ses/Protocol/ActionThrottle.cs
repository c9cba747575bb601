using Signet.Names;

namespace Signet.Server.Ses.Protocol;

/// <summary>
/// One request per second for each account, region and action (ses/api-v1.md §1). Kept in memory: with several nodes each counts
/// for itself, which only makes the limit milder.
/// </summary>
internal sealed class ActionThrottle(TimeProvider time)
{
    /// <summary>Above this many callers in one second all are forgotten: the limit protects the service, and must not cost it its memory.</summary>
    public const int Capacity = 10_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(AccountRegion Scope, string Action), long> _passedAt = [];

    /// <summary>False when the last request that passed is less than a second ago. One that is refused does not start the second anew.</summary>
    public bool TryPass(AccountRegion scope, string action)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (_passedAt.TryGetValue((scope, action), out var last) && time.GetElapsedTime(last, now) < Interval)
            {
                return false;
            }

            if (_passedAt.Count >= Capacity)
            {
                MakeRoom(now);
            }

            _passedAt[(scope, action)] = now;
            return true;
        }
    }

    private void MakeRoom(long now)
    {
        foreach (var (key, last) in _passedAt)
        {
            if (time.GetElapsedTime(last, now) >= Interval)
            {
                _passedAt.Remove(key);
            }
        }

        if (_passedAt.Count >= Capacity)
        {
            _passedAt.Clear();
        }
    }
}
