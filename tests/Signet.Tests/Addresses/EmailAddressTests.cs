using Signet.Addresses;

namespace Signet.Tests.Addresses;

public sealed class EmailAddressTests
{
    [Fact]
    public void Local_parts_compare_with_case_and_domains_without()
    {
        Assert.Equal(EmailAddress.Parse("a@d.test"), EmailAddress.Parse("a@D.TEST"));
        Assert.NotEqual(EmailAddress.Parse("a@d.test"), EmailAddress.Parse("A@d.test"));
    }

    [Theory]
    [InlineData("sender+any@d.test", "sender@d.test")]
    [InlineData("sender+any+more@d.test", "sender@d.test")]
    [InlineData("sender@d.test", "sender@d.test")]
    [InlineData("+any@d.test", "+any@d.test")]
    [InlineData("\"a+b\"@d.test", "\"a+b\"@d.test")]
    public void A_label_is_what_follows_the_plus(string address, string bare) =>
        Assert.Equal(bare, EmailAddress.Parse(address).WithoutLabel().ToString());

    [Theory]
    [InlineData("Name <a@d.test>")]
    [InlineData("<a@d.test>")]
    [InlineData("a@d.test (Name)")]
    [InlineData("a@d.test, b@d.test")]
    [InlineData("a@d.test,")]
    [InlineData(" a@d.test")]
    [InlineData("a()@d.test")]
    [InlineData("")]
    [InlineData(null)]
    public void Only_a_bare_address_is_an_address(string? text) => Assert.False(EmailAddress.TryParse(text, out _));
}
