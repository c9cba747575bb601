using Signet.Accounts;

namespace Signet.Tests.Accounts;

public sealed class AccountLimitTests
{
    [Theory]
    [InlineData(200, "200")]
    [InlineData(2.5, "2.5")]
    [InlineData(0, "0")]
    [InlineData(-1, "unlimited")]
    public void What_is_shown_can_be_read_again(double limit, string text)
    {
        Assert.Equal(text, AccountLimit.Show(limit));
        Assert.True(AccountLimit.TryParse(text, out var read));
        Assert.Equal(limit, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData("Unlimited")]
    [InlineData("∞")]
    public void What_is_neither_a_number_nor_the_word_is_refused(string text) => Assert.False(AccountLimit.TryParse(text, out _));
}
