using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Signet.Addresses;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// Records which hosts serve the domains that this node delivers to, in groups and each rarely, so that operators can select mail by its
/// destination. What is lost is noted again with the next look-up.
/// </summary>
public sealed class DestinationRecorder(IDestinationDomains domains, TimeProvider time, ILogger<DestinationRecorder> logger) : RepeatedWork(time)
{
    /// <summary>How often an unchanged domain is recorded again.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromHours(6);

    private const int MaxKnown = 100_000;
    private const int MaxWaiting = 20_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BackOff = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<DomainName, (string Hosts, long At)> _known = [];
    private readonly ConcurrentDictionary<DomainName, string> _waiting = [];

    /// <summary>Notes the hosts of a domain. Costs one look into memory when they are known.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="hosts">Their names, sorted, with blanks between them.</param>
    public void Note(DomainName domain, string hosts)
    {
        if (_known.TryGetValue(domain, out var known) && known.Hosts == hosts && Time.GetElapsedTime(known.At) < Again)
        {
            return;
        }

        if (_waiting.Count < MaxWaiting && hosts.Length <= DestinationName.MaxLength)
        {
            _waiting[domain] = hosts;
        }
    }

    /// <summary>Writes what was noted. Returns how many domains.</summary>
    public async Task<int> WriteAsync(CancellationToken cancel)
    {
        var group = _waiting.ToArray();
        if (group.Length == 0)
        {
            return 0;
        }

        await domains.RecordAsync([.. group.Select(g => (g.Key, g.Value))], Time.GetUtcNow(), cancel);
        if (_known.Count + group.Length > MaxKnown)
        {
            _known.Clear();
        }

        foreach (var noted in group)
        {
            _known[noted.Key] = (noted.Value, Time.GetTimestamp());
            _waiting.TryRemove(noted);
        }

        return group.Length;
    }

    protected override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        await WriteAsync(cancel);
        return Pause;
    }

    // What was noted is written later.
    protected override TimeSpan Failed(Exception failure)
    {
        Log.DestinationsNotRecorded(logger, BackOff, CauseOf(failure));
        return BackOff;
    }
}
