using Signet.Names;
using Signet.Web.Identities;

namespace Signet.Web.Tests.Identities;

public sealed class PolicyFormTests
{
    private static readonly IdentityArn Shop = IdentityArn.Parse("arn:aws:ses:us-east-1:111122223333:identity/shop.test");

    [Fact]
    public void Answers_become_a_draft()
    {
        var form = new PolicyForm
        {
            Principals = "444455556666\narn:aws:iam::444455556666:user/mailer",
            Senders = "news@shop.test, *@m.shop.test\nshop.test",
            WithLabels = true,
            DisplayName = " Shop ",
            RecipientDomains = "@client.test\nother.test",
            Until = "2027-01-01T12:30+01:00",
            Networks = "192.0.2.0/24",
            OnlyTls = true,
        };
        form.Actions.RemoveWhere(a => a != "ses:SendEmail");

        var (answers, problems) = form.Read(Shop);

        Assert.Empty(problems);
        Assert.Equal(
            "Account 444455556666 and user mailer of account 444455556666 may send by SendEmail from news@shop.test, with or without a label, "
            + "any address at m.shop.test or any address at shop.test under the name “Shop” to addresses at client.test or other.test "
            + "until 2027-01-01 11:30:00 UTC, connecting from 192.0.2.0/24, only over TLS.",
            answers!.DescribeFor(Shop));
    }

    [Fact]
    public void What_cannot_be_read_is_told_field_by_field()
    {
        var form = new PolicyForm
        {
            Principals = "partner",
            Senders = "news@other.test",
            RecipientDomains = "client test",
            Until = "soon",
            Networks = "10.1",
        };
        form.Actions.Clear();

        var (answers, problems) = form.Read(Shop);

        Assert.Null(answers);
        Assert.Equal(
            [
                ("Actions", "choose at least one action"),
                ("Networks", "`10.1` is neither an IP address nor a range such as 192.0.2.0/24"),
                ("Principals", "`partner` is neither twelve digits nor the ARN of a user"),
                ("RecipientDomains", "`client test` is not a domain"),
                ("Senders", "`news@other.test` is not covered by shop.test"),
                ("Until", "`soon` is not a time such as 2027-01-01 or 2027-01-01T12:00Z"),
            ],
            problems.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, p.Value)));
    }

    [Fact]
    public void Somebody_has_to_be_named_unless_it_is_everyone()
    {
        Assert.Equal("name an account or a user, or choose everyone", new PolicyForm().Read(Shop).Problems["Principals"]);
        Assert.Empty(new PolicyForm { Everyone = true }.Read(Shop).Answers!.Principals);
    }

    [Theory]
    [InlineData("shop.test")]
    [InlineData("*@shop.test")]
    [InlineData("other@shop.test")]
    public void On_an_address_only_it_can_be_named(string sender)
    {
        var news = IdentityArn.Parse("arn:aws:ses:us-east-1:111122223333:identity/news@shop.test");

        Assert.Equal(
            $"`{sender}` is not covered by news@shop.test",
            new PolicyForm { Everyone = true, Senders = sender }.Read(news).Problems["Senders"]);
        Assert.NotNull(new PolicyForm { Everyone = true, Senders = "news+x@shop.test" }.Read(news).Answers);
    }
}
