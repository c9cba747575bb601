using CsCheck;
using Signet.Addresses;

namespace Signet.Tests.Addresses;

public sealed class EmailAddressTests
{
    private const string TooLong =
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@d.test";

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
    [InlineData("\"sender+any\"@d.test", "sender@d.test")]
    [InlineData("\"a b+c\"@d.test", "\"a b+c\"@d.test")]
    public void A_label_is_what_follows_the_plus(string address, string bare) =>
        Assert.Equal(bare, EmailAddress.Parse(address).WithoutLabel().ToString());

    [Theory]
    [InlineData("\"boss\"@shop.test")]
    [InlineData("\"b\\oss\"@shop.test")]
    [InlineData("\"\\b\\o\\s\\s\"@SHOP.test")]
    public void A_quoted_dot_string_is_the_same_address(string spelling)
    {
        var address = EmailAddress.Parse(spelling);

        Assert.Equal(EmailAddress.Parse("boss@shop.test"), address);
        Assert.Equal("boss@shop.test", address.ToString());
    }

    [Theory]
    [InlineData("\"big boss\"@d.test", "\"big boss\"@d.test")]
    [InlineData("\"big\\ boss\"@d.test", "\"big boss\"@d.test")]
    [InlineData("\"a\\@b\"@d.test", "\"a@b\"@d.test")]
    [InlineData("\"a\\\"b\"@d.test", "\"a\\\"b\"@d.test")]
    [InlineData("\"a\\\\b\"@d.test", "\"a\\\\b\"@d.test")]
    [InlineData("\".boss\"@d.test", "\".boss\"@d.test")]
    [InlineData("\"boss.\"@d.test", "\"boss.\"@d.test")]
    [InlineData("\"b..oss\"@d.test", "\"b..oss\"@d.test")]
    [InlineData("\"\"@d.test", "\"\"@d.test")]
    public void Quotes_stay_where_a_local_part_needs_them(string spelling, string address) =>
        Assert.Equal(address, EmailAddress.Parse(spelling).ToString());

    [Fact]
    public void An_address_is_in_its_one_spelling_wherever_it_comes_from()
    {
        var made = new EmailAddress("\"boss\"", DomainName.Parse("shop.test"));

        Assert.Equal("boss@shop.test", made.ToString());
        Assert.Equal("chief@shop.test", (made with { LocalPart = "\"chief\"" }).ToString());
    }

    [Fact]
    public void All_spellings_of_a_mailbox_are_one_address_which_reads_back_as_itself() =>
        Spellings.Sample((one, other) =>
        {
            var address = EmailAddress.Parse(one);

            Assert.Equal(address, EmailAddress.Parse(other));
            Assert.Equal(address.ToString(), EmailAddress.Parse(other).ToString());
            Assert.Equal(address, EmailAddress.Parse(address.ToString()));
        });

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
    [InlineData(TooLong)]
    public void Only_a_bare_address_is_an_address(string? text) => Assert.False(EmailAddress.TryParse(text, out _));

    /// <summary>Two spellings of one mailbox: a name, quoted twice with backslashes where chance puts them.</summary>
    internal static Gen<(string One, string Other)> Spellings { get; } =
        Gen.Select(Gen.String[Gen.Char["ab.+@ \"\\,<(*?$"], 0, 8], Gen.Bool.Array[8], Gen.Bool.Array[8], Gen.OneOf("shop.test", "SHOP.test"))
            .Select((name, first, second, domain) => ($"{Quoted(name, first)}@shop.test", $"{Quoted(name, second)}@{domain}"));

    private static string Quoted(string name, bool[] escaped) =>
        $"\"{string.Concat(name.Select((c, i) => escaped[i] || c is '"' or '\\' ? $"\\{c}" : $"{c}"))}\"";
}
