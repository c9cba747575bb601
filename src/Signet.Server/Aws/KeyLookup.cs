using Signet.Accounts;
using Signet.Dkim;

namespace Signet.Server.Aws;

/// <summary>
/// Looks up the keys that requests name before anything of them is proven. What cannot be the id of a key, and what was not one a
/// moment ago, costs no look at the store, and who names many ids that are none has to wait. Keys that are there are looked up every
/// time, so that a revoked one ends at once.
/// </summary>
internal sealed class KeyLookup(FindAccessKey find, TimeProvider time)
{
    /// <summary>The longest id of AWS (IAM API reference, AccessKey).</summary>
    public const int MaxId = 128;

    /// <summary>How many unknown ids one client may name within <see cref="Window"/>.</summary>
    public const int MaxUnknown = 100;

    /// <summary>How long an id counts as unknown, without a look: a key that is made meanwhile works that much later.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private const int Capacity = 10_000;

    private readonly ExpiringCache<string, bool> _unknown = new(Capacity, Memory, time);
    private readonly ExpiringCache<string, Tally> _misses = new(Capacity, Window, time);

    // Who signs with a good key is not made to wait for what a neighbour at the same address does.
    private readonly ExpiringCache<string, bool> _proven = new(Capacity, TimeSpan.FromHours(1), time);

    /// <summary>The key, or null if there is none that may be used.</summary>
    /// <exception cref="AwsException">Throttling: the client has named too many ids that are none.</exception>
    public async Task<AccessKey?> FindAsync(string accessKeyId, string client, CancellationToken cancel)
    {
        if (!IsId(accessKeyId) || _unknown.TryGet(accessKeyId, out _))
        {
            return null;
        }

        if (_misses.TryGet(client, out var misses) && misses!.Count >= MaxUnknown && !_proven.TryGet(accessKeyId, out _))
        {
            throw new AwsException(AwsError.RateExceeded());
        }

        if (await find(accessKeyId, cancel) is { } found)
        {
            return found;
        }

        _unknown.Put(accessKeyId, true);
        _misses.GetOrAdd(client, _ => new Tally()).Add();
        return null;
    }

    /// <summary>A request was signed with the key of that id.</summary>
    public void Proven(string accessKeyId) => _proven.Put(accessKeyId, true);

    private static bool IsId(string text) =>
        text.Length is > 0 and <= MaxId && text.All(c => c is > ' ' and <= '~' and not '/');

    private sealed class Tally
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Add() => Interlocked.Increment(ref _count);
    }
}
