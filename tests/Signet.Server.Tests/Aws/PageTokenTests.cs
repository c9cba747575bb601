using CsCheck;
using Signet.Names;
using Signet.Server.Aws;

namespace Signet.Server.Tests.Aws;

public sealed class PageTokenTests
{
    private static readonly Region Abroad = Region.Parse("eu-west-1");

    [Fact]
    public void Reading_what_was_written_gives_it_back() => Gen.String[Gen.Char[' ', '\ud7ff'], 1, 40].Sample(after =>
    {
        var token = PageToken.Write("identities", Abroad, after);

        Assert.True(PageToken.TryRead(token, "identities", Abroad, out var read));
        Assert.Equal(after, read);
    });

    [Fact]
    public void A_token_is_of_one_kind_and_one_region()
    {
        var token = PageToken.Write("identities", Abroad, "shop.test");

        Assert.False(PageToken.TryRead(token, "templates", Abroad, out _));
        Assert.False(PageToken.TryRead(token, "identities", Region.Default, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("what<ever>")]
    [InlineData("AAAA")]
    [InlineData("aWRlbnRpdGllcwpldS13ZXN0LTEK")]
    public void Anything_else_is_no_token(string token) => Assert.False(PageToken.TryRead(token, "identities", Abroad, out _));
}
