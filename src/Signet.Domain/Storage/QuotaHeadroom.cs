using System.Collections.Concurrent;
using Signet.Names;

namespace Signet.Storage;

/// <summary>
/// Which accounts are so far from their quota that a message need not be held against it in the store. What is used is read once a second;
/// an account with <see cref="Plenty"/> left cannot use that up before it is read again, whatever all nodes accept together.
/// </summary>
/// <param name="read">What an account has used in the 24 hours before a time.</param>
internal sealed class QuotaHeadroom(Func<AccountRegion, DateTimeOffset, Task<long>> read)
{
    /// <summary>Recipients: several times what the fastest store takes in a second.</summary>
    public const long Plenty = 250_000;

    private const int MaxAccounts = 10_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<AccountRegion, Reading> _readings = [];

    /// <summary>Whether the account has <see cref="Plenty"/> left.</summary>
    /// <exception cref="Queue.StoreUnavailableException">The store cannot be read.</exception>
    public async Task<bool> IsPlentyAsync(AccountRegion owner, DateTimeOffset now, double quota)
    {
        // A small quota never has so much left: nothing is read for it.
        if (quota < Plenty)
        {
            return false;
        }

        if (!_readings.TryGetValue(owner, out var reading) || !reading.Holds(now))
        {
            if (_readings.Count >= MaxAccounts)
            {
                _readings.Clear();
            }

            // One reads for all that send at once.
            var next = new Reading(now, new Lazy<Task<long>>(() => read(owner, now)));
            reading = _readings.AddOrUpdate(owner, next, (_, other) => other.Holds(now) ? other : next);
        }

        return quota - await reading.Used.Value >= Plenty;
    }

    private sealed record Reading(DateTimeOffset At, Lazy<Task<long>> Used)
    {
        public bool Holds(DateTimeOffset now) => now - At < Fresh && now >= At && !(Used.IsValueCreated && Used.Value.IsFaulted);
    }
}
