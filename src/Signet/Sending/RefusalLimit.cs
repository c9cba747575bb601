using Microsoft.Extensions.Logging;
using Signet.Names;

namespace Signet.Sending;

/// <summary>
/// How many refusals of an account, in all regions, are recorded and logged: a hundred at once, then ten a minute. A caller that is refused
/// more often than that is told to slow down, and a line a minute says how many of its sends were refused so. Counts on this node only.
/// </summary>
public sealed class RefusalLimit : IDisposable
{
    /// <summary>How many refusals are recorded at once.</summary>
    public const int Burst = 100;

    // Accounts that were not refused for a while hold a full bucket, which is what forgetting them gives too.
    private const int ForgetAbove = 10_000;

    // The accounts of one minute that get a line of their own.
    private const int MaxLines = 20;

    private const double PerSecond = 10.0 / 60;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<AccountId, (double Left, long At)> _buckets = [];
    private readonly Dictionary<AccountId, int> _leftOut = [];
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ILogger<RefusalLimit> _logger;
    private readonly ITimer _timer;

    public RefusalLimit(TimeProvider time, ILogger<RefusalLimit> logger)
    {
        (_time, _logger) = (time, logger);
        _timer = time.CreateTimer(_ => Report(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes one refusal of the account; false, and it is counted as left out, when there were too many.</summary>
    public bool TryTake(AccountId account)
    {
        var now = _time.GetTimestamp();
        lock (_lock)
        {
            var left = _buckets.TryGetValue(account, out var bucket)
                ? Math.Min(Burst, bucket.Left + (_time.GetElapsedTime(bucket.At, now).TotalSeconds * PerSecond))
                : Burst;
            if (left >= 1)
            {
                Forget();
                _buckets[account] = (left - 1, now);
                return true;
            }

            if (_leftOut.Count == 0)
            {
                _timer.Change(Pause, Timeout.InfiniteTimeSpan);
            }

            _leftOut[account] = _leftOut.GetValueOrDefault(account) + 1;
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
        List<KeyValuePair<AccountId, int>> leftOut;
        lock (_lock)
        {
            leftOut = [.. _leftOut.OrderByDescending(l => l.Value)];
            _leftOut.Clear();
        }

        foreach (var (account, count) in leftOut.Take(MaxLines))
        {
            Log.RefusalsLeftOut(_logger, account, count);
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
