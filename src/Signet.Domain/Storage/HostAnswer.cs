namespace Signet.Storage;

/// <summary>What a PostgreSQL host said when it was asked what it is.</summary>
/// <param name="Host">Its place in the connection string, from 0.</param>
/// <param name="IsPrimary">Whether it takes writes: it is not in recovery and not read-only.</param>
/// <param name="Timeline">
/// The timeline of a primary. PostgreSQL raises it with each promotion, so of two that call themselves primary the one with the lower
/// number was replaced. 0: the host does not say, or is no primary.
/// </param>
/// <param name="Failure">Why there is no answer; else null.</param>
internal sealed record HostAnswer(int Host, bool IsPrimary, long Timeline, Exception? Failure = null)
{
    /// <summary>Which host to use, by what all of them said.</summary>
    /// <param name="current">The host that is used now; -1 at the start.</param>
    /// <param name="answers">What the hosts said, in the order of the connection string.</param>
    /// <param name="newest">The highest timeline that this process has seen.</param>
    /// <returns>Null when none can be used: the current one is kept meanwhile.</returns>
    public static HostAnswer? Choose(int current, IEnumerable<HostAnswer> answers, long newest)
    {
        // The highest timeline, then the host that is used, then the order of the connection string.
        var best = answers.Where(a => a.IsPrimary).OrderByDescending(a => a.Timeline).ThenByDescending(a => a.Host == current).ThenBy(a => a.Host).FirstOrDefault();
        return best is null || best.IsOlderThan(newest) ? null : best;
    }

    /// <summary>Whether it is a primary that was replaced: another with a higher timeline has been seen.</summary>
    public bool IsOlderThan(long newest) => IsPrimary && Timeline > 0 && Timeline < newest;
}
