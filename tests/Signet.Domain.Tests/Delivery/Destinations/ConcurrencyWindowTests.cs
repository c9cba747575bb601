using CsCheck;
using Signet.Delivery.Destinations;

namespace Signet.Tests.Delivery.Destinations;

public sealed class ConcurrencyWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(20, 2)]
    [InlineData(1, 1)]
    public void It_starts_low(int max, int size) => Assert.Equal(size, ConcurrencyWindow.Start(max).Size);

    [Fact]
    public void It_doubles_up_to_half_of_the_limit_and_then_grows_by_one()
    {
        var window = ConcurrencyWindow.Start(20);
        List<int> sizes = [window.Size];
        for (var round = 0; round < 13; round++)
        {
            window = Round(window, Now);
            sizes.Add(window.Size);
        }

        Assert.Equal([2, 4, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20], sizes);
    }

    [Fact]
    public void A_window_that_is_not_used_up_does_not_grow()
    {
        var window = ConcurrencyWindow.Start(20);

        Assert.Equal(window, window.Succeed(1, Now).Succeed(1, Now).Succeed(1, Now));
    }

    [Fact]
    public void A_refusal_halves_it_and_the_second_in_a_while_leaves_one_connection()
    {
        var window = ConcurrencyWindow.Start(20);
        for (var round = 0; round < 13; round++)
        {
            window = Round(window, Now);
        }

        var once = window.Refuse(Now);

        Assert.Equal(10, once.Size);
        Assert.Equal(1, once.Refuse(Now + ConcurrencyWindow.Patience - TimeSpan.FromSeconds(1)).Size);
        Assert.Equal(5, once.Refuse(Now + ConcurrencyWindow.Patience).Size);
    }

    [Fact]
    public void It_does_not_grow_soon_after_a_refusal_and_by_one_from_then_on()
    {
        var window = ConcurrencyWindow.Start(100).Refuse(Now);

        Assert.Equal(1, Round(window, Now + ConcurrencyWindow.Calm - TimeSpan.FromSeconds(1)).Size);
        var later = Now + ConcurrencyWindow.Calm;
        Assert.Equal([2, 3, 4], new[] { 1, 2, 3 }.Select(n => Rounds(window, n, later).Size));
    }

    [Fact]
    public void After_a_back_off_it_begins_with_one_connection_and_may_grow()
    {
        var window = Rounds(ConcurrencyWindow.Start(20), 5, Now).Restart(Now);

        Assert.Equal([1, 2, 3], new[] { 0, 1, 2 }.Select(n => Rounds(window, n, Now).Size));
    }

    [Fact]
    public void A_destination_that_serves_some_and_refuses_one_more_is_not_halved()
    {
        var window = Rounds(ConcurrencyWindow.Start(20), 2, Now).Limit(6, Now);

        Assert.Equal(6, window.Size);
        Assert.Equal(6, window.Limit(8, Now).Size);
        Assert.Equal(6, Round(window, Now).Size);
        Assert.Equal(7, Round(window, Now + ConcurrencyWindow.Calm).Size);
    }

    [Fact]
    public void Those_that_are_let_in_count_whatever_was_refused()
    {
        var window = ConcurrencyWindow.Start(20).Limit(1, Now);

        Assert.Equal(3, window.LetIn(3).Size);
        Assert.Equal(1, window.LetIn(1).Size);
        Assert.Equal(1, window.Refuse(Now).LetIn(3).Size);
    }

    [Fact]
    public void A_smarthost_begins_with_what_it_may_have() => Assert.Equal(20, ConcurrencyWindow.Start(20, 20).Size);

    [Fact]
    public void Whatever_happens_it_is_between_one_and_the_limit() =>
        Gen.Select(Gen.Int[1, 50], Gen.Select(Gen.Int[0, 5], Gen.Int[0, 60], Gen.Int[0, 900]).Array[0, 200]).Sample((max, events) =>
        {
            var (window, now) = (ConcurrencyWindow.Start(max), Now);
            foreach (var (what, busy, seconds) in events)
            {
                now += TimeSpan.FromSeconds(seconds);
                var before = window.Size;
                window = what switch
                {
                    0 => window.Refuse(now),
                    1 => window.Restart(now),
                    2 => window.Limit(Math.Max(1, busy), now),
                    3 => window.LetIn(busy),
                    _ => window.Succeed(busy, now),
                };
                Assert.InRange(window.Size, 1, max);
                Assert.True(what > 2 || window.Size <= before);
            }
        });

    private static ConcurrencyWindow Rounds(ConcurrencyWindow window, int count, DateTimeOffset now) =>
        Enumerable.Range(0, count).Aggregate(window, (w, _) => Round(w, now));

    private static ConcurrencyWindow Round(ConcurrencyWindow window, DateTimeOffset now) =>
        Enumerable.Range(0, window.Size).Aggregate(window, (w, _) => w.Succeed(window.Size, now));
}
