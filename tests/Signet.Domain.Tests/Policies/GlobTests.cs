using CsCheck;
using Signet.Policies;

namespace Signet.Tests.Policies;

public sealed class GlobTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("?", "", false)]
    [InlineData("a*a", "a", false)]
    [InlineData("a*a", "aa", true)]
    [InlineData("a**c", "abc", true)]
    [InlineData("*b?d*", "abcbxd", true)]
    [InlineData("promo-*@shop.test", "promo-7@shop.test", true)]
    [InlineData("promo-*@shop.test", "Promo-7@shop.test", false)]
    [InlineData("marketing+.*@example.com", "marketing+x@example.com", false)]
    [InlineData("*admin*.example.com", "admin@example.com", false)]
    [InlineData("*admin*example.com", "admin@example.com", true)]
    public void A_pattern_matches_the_whole_text(string pattern, string text, bool matches) =>
        Assert.Equal(matches, Glob.Parse(pattern).Matches(RequestText.Of(text), ignoreCase: false));

    [Fact]
    public void It_agrees_with_a_naive_matcher() =>
        Gen.Select(Gen.String["abAB@*?"], Gen.String["abAB@"], Gen.Int[0, 8], Gen.Bool).Sample((pattern, text, lowerFrom, ignoreCase) =>
        {
            lowerFrom = Math.Min(lowerFrom, text.Length);
            text = text[..lowerFrom] + text[lowerFrom..].ToLowerInvariant();

            Assert.Equal(
                NaivePolicyEvaluator.Fits(pattern, text, i => ignoreCase || i >= lowerFrom),
                Glob.Parse(pattern).Matches(new RequestText(text, lowerFrom), ignoreCase));
        });

    /// <summary>A matcher that goes back over its stars does not come to an end on this.</summary>
    [Fact]
    public void Many_stars_cost_no_more_than_the_text_is_long()
    {
        var pattern = Glob.Parse(string.Concat(Enumerable.Repeat("a*", 2000)) + "b");

        Assert.False(pattern.Matches(RequestText.Of(new string('a', 100_000)), ignoreCase: false));
    }
}
