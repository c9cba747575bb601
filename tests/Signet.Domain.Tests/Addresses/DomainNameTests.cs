using Signet.Addresses;

namespace Signet.Tests.Addresses;

public sealed class DomainNameTests
{
    [Theory]
    [InlineData("Example.COM", "example.com")]
    [InlineData("b\u00fccher.test", "xn--bcher-kva.test")]
    [InlineData("localhost", "localhost")]
    [InlineData("_dmarc.d.test", "_dmarc.d.test")]
    public void A_name_has_one_spelling(string text, string wanted) => Assert.Equal(wanted, DomainName.Parse(text).Value);

    [Theory]
    [InlineData("")]
    [InlineData("d.test.")]
    [InlineData(".d.test")]
    [InlineData("d..test")]
    [InlineData("-d.test")]
    [InlineData("d-.test")]
    [InlineData("[192.0.2.1]")]
    [InlineData("a b.test")]
    [InlineData(null)]
    public void What_dns_cannot_hold_is_no_name(string? text) => Assert.False(DomainName.TryParse(text, out _));

    [Theory]
    [InlineData("d.test", "d.test", true)]
    [InlineData("d.test", "a.b.d.test", true)]
    [InlineData("d.test", "ad.test", false)]
    [InlineData("a.d.test", "d.test", false)]
    public void A_name_covers_itself_and_what_is_below_it(string name, string other, bool covers) =>
        Assert.Equal(covers, DomainName.Parse(name).Covers(DomainName.Parse(other)));

    [Fact]
    public void Parents_come_nearest_first() =>
        Assert.Equal(["a.b.test", "b.test", "test"], DomainName.Parse("a.b.test").SelfAndParents().Select(n => n.Value));
}
