using Signet.Names;

namespace Signet.Server.Aws;

/// <summary>
/// One request per second for each account, region and action (SES API Reference: "You can execute this operation no more than once per
/// second"). Kept in memory: with several nodes each counts for itself, which only makes the limit milder.
/// </summary>
internal sealed class ActionThrottle(TimeProvider time)
{
    /// <summary>
    /// How many requests of the last second are remembered; above it the oldest is forgotten. One account can have as many as the server
    /// has regions and actions, about a thousand, so it cannot push out those of all others.
    /// </summary>
    public const int Capacity = 10_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly HashSet<(AccountRegion Scope, string Action)> _waiting = [];

    // Those of _waiting, each once, in the order in which they passed.
    private readonly Queue<((AccountRegion Scope, string Action) Key, long At)> _passed = [];

    /// <summary>How many are remembered.</summary>
    internal int Remembered => _passed.Count;

    /// <summary>
    /// False when a request passed less than a second ago. A refused request does not restart the second.
    /// </summary>
    public bool TryPass(AccountRegion scope, string action)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            while (_passed.TryPeek(out var first) && time.GetElapsedTime(first.At, now) >= Interval)
            {
                _waiting.Remove(_passed.Dequeue().Key);
            }

            if (!_waiting.Add((scope, action)))
            {
                return false;
            }

            if (_passed.Count >= Capacity)
            {
                _waiting.Remove(_passed.Dequeue().Key);
            }

            _passed.Enqueue(((scope, action), now));
            return true;
        }
    }
}
