using Signet.Names;
using Signet.Queue;

namespace Signet.Sending.Limits;

/// <summary>
/// Holds accounts to their MaxSendRate, in recipients per second: a bucket of one second's worth that a message with many
/// recipients may overdraw, after which nothing passes until it has filled up again (SES Developer Guide, "Service quotas": sending rate). Each node counts for itself
/// and grants its share of the rate, see <see cref="RateShare"/>.
/// </summary>
/// <param name="nodes">How many nodes share the rates.</param>
/// <param name="time">The clock.</param>
public sealed class SendRate(AliveNodes nodes, TimeProvider time) : ISendRule
{
    /// <summary>
    /// How many buckets are remembered. Above it SendRate forgets the half that is full or will be full first: a forgotten bucket counts
    /// as full. One account has as many buckets as the server has regions.
    /// </summary>
    public const int Capacity = 10_000;

    private readonly Dictionary<AccountRegion, Bucket> _buckets = [];
    private readonly Lock _lock = new();

    /// <summary>How many buckets are remembered.</summary>
    internal int Remembered => _buckets.Count;

    ValueTask<Refusal?> ISendRule.CheckAsync(Send send, CancellationToken cancel) => new(
        TryTake(send.Request.Caller.Scope, send.Settings.MaxSendRate, send.Message.Recipients.Count) ? null : new Refusal.RateExceeded());

    /// <summary>Takes <paramref name="recipients"/> from the account's bucket. Returns false and takes nothing if it holds less than one.</summary>
    /// <param name="owner">Whose rate.</param>
    /// <param name="rate">MaxSendRate, of all nodes together; -1 is unlimited, and at 0 nothing passes.</param>
    /// <param name="recipients">How many recipients the message has.</param>
    public bool TryTake(AccountRegion owner, double rate, int recipients)
    {
        if (rate <= 0)
        {
            return rate < 0;
        }

        rate = RateShare.Of(rate, nodes.Count);
        var now = time.GetTimestamp();
        var full = Math.Max(1, rate);
        lock (_lock)
        {
            var left = _buckets.TryGetValue(owner, out var bucket)
                ? Math.Min(full, bucket.Left + (time.GetElapsedTime(bucket.At, now).TotalSeconds * rate))
                : full;
            if (left < 1)
            {
                return false;
            }

            if (_buckets.Count >= Capacity && !_buckets.ContainsKey(owner))
            {
                ForgetHalf();
            }

            _buckets[owner] = new Bucket(left - recipients, now, now + ((full - left + recipients) / rate * time.TimestampFrequency));
            return true;
        }
    }

    private void ForgetHalf()
    {
        foreach (var owner in _buckets.OrderBy(b => b.Value.FullAt).Take(Capacity / 2).Select(b => b.Key).ToList())
        {
            _buckets.Remove(owner);
        }
    }

    /// <param name="Left">Recipients that it holds.</param>
    /// <param name="At">When it held them, as a timestamp.</param>
    /// <param name="FullAt">When it will be full; infinity at a rate of 0.</param>
    private readonly record struct Bucket(double Left, long At, double FullAt);
}
