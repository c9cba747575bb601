using Signet.Accounts;
using Signet.Addresses;
using Signet.Messages;
using Signet.Names;

namespace Signet.Tests.Names;

public sealed class NamesTests
{
    [Theory]
    [InlineData("arn:aws:ses:us-east-1:111122223333:identity/example.com", true)]
    [InlineData("arn:aws:ses:us-east-1:111122223333:identity/user@example.com", true)]
    [InlineData("arn:aws:ses:us-east-1:111122223333:identity/", false)]
    [InlineData("arn:aws:ses:us-east-1:11112222333:identity/example.com", false)]
    [InlineData("arn:aws:ses::111122223333:identity/example.com", false)]
    [InlineData("arn:aws:sns:us-east-1:111122223333:identity/example.com", false)]
    [InlineData("arn:aws:ses:us-east-1:111122223333:template/example.com", false)]
    [InlineData("example.com", false)]
    [InlineData("", false)]
    public void An_identity_arn_is_read_and_written_back(string text, bool valid)
    {
        Assert.Equal(valid, IdentityArn.TryParse(text, out var arn));
        Assert.Equal(valid ? text : null, arn?.ToString());
    }

    [Fact]
    public void Arns_are_equal_when_domains_differ_in_case_but_not_when_local_parts_do()
    {
        const string prefix = "arn:aws:ses:us-east-1:111122223333:identity/";

        Assert.Equal(IdentityArn.Parse(prefix + "EXAMPLE.com"), IdentityArn.Parse(prefix + "example.COM"));
        Assert.Equal(IdentityArn.Parse(prefix + "a@EXAMPLE.com"), IdentityArn.Parse(prefix + "a@example.com"));
        Assert.NotEqual(IdentityArn.Parse(prefix + "A@example.com"), IdentityArn.Parse(prefix + "a@example.com"));
    }

    [Theory]
    [InlineData("111122223333", "arn:aws:iam::111122223333:root")]
    [InlineData("arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:root")]
    [InlineData("arn:aws:iam::111122223333:user/Jane", "arn:aws:iam::111122223333:user/Jane")]
    [InlineData("arn:aws:iam::111122223333:user/", null)]
    [InlineData("arn:aws:iam::111122223333:role/x", null)]
    [InlineData("Jane", null)]
    public void A_principal_is_an_account_or_an_arn(string text, string? arn)
    {
        Assert.Equal(arn is not null, Principal.TryParse(text, out var principal));
        Assert.Equal(arn, principal?.Arn);
    }

    [Theory]
    [InlineData("shop.test", "a@shop.test", true)]
    [InlineData("shop.test", "a@mail.eu.shop.test", true)]
    [InlineData("shop.test", "a@workshop.test", false)]
    [InlineData("mail.shop.test", "a@shop.test", false)]
    [InlineData("a@shop.test", "a@SHOP.test", true)]
    [InlineData("a@shop.test", "A@shop.test", false)]
    [InlineData("a@shop.test", "a+label@shop.test", true)]
    [InlineData("a@shop.test", "\"a\"@shop.test", true)]
    [InlineData("a@shop.test", "\"a+label\"@shop.test", true)]
    [InlineData("\"a\"@shop.test", "a@shop.test", true)]
    [InlineData("\"a b\"@shop.test", "\"a\\ b\"@shop.test", true)]
    [InlineData("a+label@shop.test", "a@shop.test", false)]
    [InlineData("a@shop.test", "a@mail.shop.test", false)]
    public void A_verified_name_covers_addresses(string name, string address, bool covers)
    {
        Assert.Equal(covers, IdentityName.Parse(name).Covers(EmailAddress.Parse(address)));
        Assert.Equal(covers, IdentityName.Covering(EmailAddress.Parse(address)).Contains(IdentityName.Parse(name)));
    }

    [Fact]
    public void Covering_names_come_most_specific_first() =>
        Assert.Equal(
            ["a+x@mail.shop.test", "a@mail.shop.test", "mail.shop.test", "shop.test", "test"],
            IdentityName.Covering(EmailAddress.Parse("a+x@mail.shop.test")).Select(n => n.Value));

    [Fact]
    public void A_message_id_has_sess_form_and_sorts_by_time()
    {
        var random = new Random(1);
        var at = new DateTimeOffset(2023, 11, 20, 17, 53, 14, 689, TimeSpan.Zero);

        var first = MessageId.New(Region.Parse("us-west-2"), at, random);
        var second = MessageId.New(Region.Parse("us-west-2"), at.AddMilliseconds(1), random);

        Assert.Matches("^0101018beddd71c1-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-000000$", first.Value);
        Assert.True(string.CompareOrdinal(first.Value, second.Value) < 0);
        Assert.Equal(first, MessageId.Parse(first.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0101018beddd71c1")]
    [InlineData("0101018BEDDD71C1-00000000-0000-4000-8000-000000000000-000000")]
    [InlineData("0101018beddd71c1-00000000-0000-4000-8000-000000000000-00000x")]
    [InlineData("0101018beddd71c1-00000000+0000-4000-8000-000000000000-000000")]
    public void Other_texts_are_not_message_ids(string text) => Assert.False(MessageId.TryParse(text, out _));

    [Theory]
    [InlineData("EXAMPLE.com", "example.com")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("localhost", "localhost")]
    [InlineData("_dmarc.example.com", "_dmarc.example.com")]
    [InlineData("example.com.", null)]
    [InlineData("-a.example", null)]
    [InlineData("a..b", null)]
    [InlineData("a b.example", null)]
    [InlineData("[192.0.2.1]", null)]
    [InlineData("", null)]
    public void A_domain_name_has_one_form(string text, string? value)
    {
        Assert.Equal(value is not null, DomainName.TryParse(text, out var name));
        Assert.Equal(value, name?.Value);
    }

    [Fact]
    public void A_user_of_an_account_is_a_principal_of_it() =>
        Assert.Equal(
            "arn:aws:iam::111122223333:user/mailer",
            new User(AccountId.Parse("111122223333"), "mailer", DateTimeOffset.UnixEpoch).Principal.Arn);
}
