using Signet.Addresses;

namespace Signet.Tests.Addresses;

public sealed class ExcerptTests
{
    [Fact]
    public void A_text_that_is_short_enough_stays_as_it_is() => Assert.Equal("abcdefghij", Excerpt.Of("abcdefghij", 10));

    [Fact]
    public void Of_a_long_text_beginning_and_end_stay() =>
        Assert.Equal("`aaaaaaaaaaa ... x ok", Excerpt.Of($"`{new string('a', 5_000)}x ok", 21));

    [Fact]
    public void No_surrogate_pair_is_cut_in_half()
    {
        var text = string.Concat(Enumerable.Repeat("\ud83d\ude00", 100));

        Assert.All(Enumerable.Range(5, 40), max =>
        {
            var excerpt = Excerpt.Of(text, max);

            Assert.InRange(excerpt.Length, 0, max);
            Assert.DoesNotContain('\ufffd', string.Concat(excerpt.EnumerateRunes()));
        });
    }
}
