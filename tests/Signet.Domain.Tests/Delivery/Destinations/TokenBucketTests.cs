using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Signet.Delivery.Destinations;

namespace Signet.Tests.Delivery.Destinations;

public sealed class TokenBucketTests
{
    [Fact]
    public void After_a_pause_as_many_go_at_once_as_a_second_gives_and_then_each_in_its_time()
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(4, time);
        Assert.Equal(4, Enumerable.Range(0, 10).Count(_ => bucket.TryTake(out var _)));

        Assert.False(bucket.TryTake(out var wait));
        Assert.InRange(wait, TimeSpan.FromMilliseconds(249), TimeSpan.FromMilliseconds(251));
        time.Advance(wait);
        Assert.True(bucket.TryTake(out _));
        Assert.False(bucket.TryTake(out _));
        bucket.GiveBack();
        Assert.True(bucket.TryTake(out _));
    }

    [Fact]
    public void Whoever_waits_as_told_gets_a_share_and_the_rate_is_kept() =>
        Gen.Double[0.001, 500].Sample(rate =>
        {
            var time = new FakeTimeProvider();
            var begin = time.GetUtcNow();
            var bucket = new TokenBucket(rate, time);
            for (var taken = 0; taken < 50; taken++)
            {
                if (!bucket.TryTake(out var wait))
                {
                    Assert.True(wait > TimeSpan.Zero);
                    time.Advance(wait);
                    Assert.True(bucket.TryTake(out _));
                }

                var most = (Math.Max(1, rate) + (rate * (time.GetUtcNow() - begin).TotalSeconds)) * (1 + 1e-6);
                Assert.InRange(taken + 1, 1, most + 1e-3);
            }
        });
}
