using Signet.Delivery.Destinations;

namespace Signet.Tests.Delivery.Destinations;

public sealed class LearnedLimitTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_was_said_counts_for_a_day()
    {
        var limit = LearnedLimit.None.End(7, said: true, Now);

        Assert.Equal(7, limit.Of(100, Now));
        Assert.Equal(5, limit.Of(5, Now));
        Assert.Equal(100, limit.Of(100, Now + LearnedLimit.Kept));
        Assert.Equal(1, LearnedLimit.None.End(0, said: true, Now).Of(100, Now));
    }

    [Fact]
    public void A_connection_that_breaks_without_a_word_counts_when_a_second_one_does_after_as_many()
    {
        var once = LearnedLimit.None.End(20, said: false, Now);

        Assert.Equal(100, once.Of(100, Now));
        Assert.Equal(20, once.End(20, said: false, Now).Of(100, Now));
        Assert.Equal(100, once.End(3, said: false, Now).Of(100, Now));
        Assert.Equal(100, once.End(20, said: false, Now + LearnedLimit.Kept).Of(100, Now + LearnedLimit.Kept));
    }
}
