using Microsoft.Extensions.Logging;
using Signet.Names;

namespace Signet.Sending;

/// <summary>
/// How many refusals of one source are recorded and logged: a hundred at once, then ten a minute. A source that is refused more often gets
/// one line a minute with the number of those left out. Counts on this node only.
/// </summary>
public sealed class RefusalLimit : IDisposable
{
    /// <summary>How many refusals are recorded at once.</summary>
    public const int Burst = 100;

    // Sources that were not refused for a while hold a full bucket, which is what forgetting them gives too.
    private const int ForgetAbove = 10_000;

    // The sources of one minute that get a line of their own.
    private const int MaxLines = 20;

    private const double PerSecond = 10.0 / 60;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<RefusalSource, (double Left, long At)> _buckets = [];
    private readonly Dictionary<RefusalSource, int> _leftOut = [];
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ILogger<RefusalLimit> _logger;
    private readonly ITimer _timer;

    public RefusalLimit(TimeProvider time, ILogger<RefusalLimit> logger)
    {
        (_time, _logger) = (time, logger);
        _timer = time.CreateTimer(_ => Report(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes one refusal of the source; false, and it is counted as left out, when there were too many.</summary>
    public bool TryTake(RefusalSource source)
    {
        var now = _time.GetTimestamp();
        lock (_lock)
        {
            var left = _buckets.TryGetValue(source, out var bucket)
                ? Math.Min(Burst, bucket.Left + (_time.GetElapsedTime(bucket.At, now).TotalSeconds * PerSecond))
                : Burst;
            if (left >= 1)
            {
                Forget();
                _buckets[source] = (left - 1, now);
                return true;
            }

            if (_leftOut.Count == 0)
            {
                _timer.Change(Pause, Timeout.InfiniteTimeSpan);
            }

            _leftOut[source] = _leftOut.GetValueOrDefault(source) + 1;
            return false;
        }
    }

    /// <summary>Says what was left out since the last line.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Report();
    }

    private void Report()
    {
        List<KeyValuePair<RefusalSource, int>> leftOut;
        lock (_lock)
        {
            leftOut = [.. _leftOut.OrderByDescending(l => l.Value)];
            _leftOut.Clear();
        }

        foreach (var (source, count) in leftOut.Take(MaxLines))
        {
            Log.RefusalsLeftOut(_logger, source, count);
        }

        if (leftOut.Count > MaxLines)
        {
            Log.MoreRefusalsLeftOut(_logger, leftOut.Count - MaxLines, leftOut.Skip(MaxLines).Sum(l => (long)l.Value));
        }
    }

    private void Forget()
    {
        if (_buckets.Count >= ForgetAbove)
        {
            _buckets.Clear();
        }
    }
}

/// <summary>Refusals that are counted together: those of an account in all its regions, each kind separately.</summary>
/// <param name="Account">Null when the request names no key there is.</param>
/// <param name="Kind">So that those of one kind never hide those of another.</param>
public readonly record struct RefusalSource(AccountId? Account, RefusalKind Kind)
{
    /// <summary>For the log: <c>requests of account 111122223333</c>.</summary>
    public override string ToString() => (Account, Kind) switch
    {
        ({ } account, RefusalKind.Unauthorised) => $"sends of account {account}, which were answered with Throttling",
        ({ } account, RefusalKind.Proven) => $"requests of account {account}",
        ({ } account, _) => $"requests of unproven callers with keys of account {account}",
        _ => "requests of unproven callers with unknown keys",
    };
}
