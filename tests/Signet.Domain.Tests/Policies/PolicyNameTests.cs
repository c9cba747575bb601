using Signet.Policies;

namespace Signet.Tests.Policies;

public sealed class PolicyNameTests
{
    [Fact]
    public void Letters_digits_dash_and_underscore_make_a_name_of_up_to_64()
    {
        Assert.True(PolicyName.TryParse("Policy_1-a", out var name));
        Assert.Equal("Policy_1-a", name.Value);
        Assert.True(PolicyName.TryParse(new string('a', 64), out _));
        Assert.False(PolicyName.TryParse(new string('a', 65), out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a.b")]
    [InlineData("ä")]
    public void Anything_else_is_not_a_name(string? text) => Assert.False(PolicyName.TryParse(text, out _));
}
