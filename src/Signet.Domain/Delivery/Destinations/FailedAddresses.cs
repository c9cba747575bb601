using System.Net;

namespace Signet.Delivery.Destinations;

/// <summary>The addresses of a destination that could not be reached a moment ago. They come last, so that each attempt reaches others. Not safe for threads.</summary>
internal sealed class FailedAddresses
{
    /// <summary>How long an address comes last. A host that is back gets its mail again after that at the latest.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);

    private const int Most = 200;

    private Dictionary<IPEndPoint, DateTimeOffset>? _failed;

    /// <summary>Nobody answered there.</summary>
    public void Add(IPEndPoint address, DateTimeOffset now)
    {
        _failed ??= [];
        if (_failed.Count >= Most && !_failed.ContainsKey(address))
        {
            foreach (var old in _failed.OrderBy(f => f.Value).Take(Most / 2).ToList())
            {
                _failed.Remove(old.Key);
            }
        }

        _failed[address] = now;
    }

    /// <summary>Somebody answered there.</summary>
    public void Remove(IPEndPoint address) => _failed?.Remove(address);

    /// <summary>Whether none has failed for a while.</summary>
    public bool IsEmpty(DateTimeOffset now)
    {
        if (_failed is not null && _failed.Values.All(at => now - at >= Kept))
        {
            _failed = null;
        }

        return _failed is null;
    }

    /// <summary>
    /// The addresses to try in one attempt. Each host gets an equal share of <paramref name="max"/>, so that one with many dead addresses does not
    /// hide the hosts behind it. First come those that have not failed, in their order, then those that failed longest ago.
    /// </summary>
    public List<HostAddress> Order(IReadOnlyList<HostAddress> addresses, int max, DateTimeOffset now)
    {
        if (addresses.Count <= 1)
        {
            return [.. addresses];
        }

        var failed = IsEmpty(now) ? null : _failed;
        var hosts = addresses.GroupBy(a => a.Host).ToList();
        var share = Math.Max(1, max / hosts.Count);
        return [.. hosts.SelectMany(h => h.OrderBy(Failed).Take(share)).OrderBy(Failed).Take(max)];

        // OrderBy keeps the order of equals.
        DateTimeOffset Failed(HostAddress address) =>
            failed is not null && failed.TryGetValue(address.EndPoint, out var at) && now - at < Kept ? at : DateTimeOffset.MinValue;
    }
}
