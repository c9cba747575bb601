using System.Net;
using CsCheck;
using Signet.Addresses;
using Signet.Names;
using Signet.Policies;

namespace Signet.Tests.Policies;

public sealed class PolicyAnswersTests
{
    private static readonly IdentityArn Shop = IdentityArn.Parse("arn:aws:ses:us-east-1:111122223333:identity/shop.test");
    private static readonly Principal Delegate = new(AccountId.Parse("444455556666"), null);
    private static readonly Principal User = new(AccountId.Parse("777788889999"), "team/mailer");
    private static readonly DateTimeOffset Newyear = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly PolicyAnswers Full = new()
    {
        Principals = [Delegate],
        Actions = ["ses:SendRawEmail", "ses:SendEmail"],
        Senders = [new AllowedSender.Address(EmailAddress.Parse("news@shop.test"), true)],
        DisplayName = "Shop $ “News”",
        RecipientDomains = [DomainName.Parse("client.test")],
        Until = Newyear,
        Networks = ["192.0.2.0/24", "2001:db8::/32"],
        OnlyTls = true,
    };

    private static readonly PolicyRequest Fitting = new()
    {
        Principal = Delegate,
        Action = "ses:SendEmail",
        Resource = Shop.ToString(),
        Time = Newyear.AddSeconds(-1),
        SecureTransport = true,
        SourceIp = IPAddress.Parse("192.0.2.7"),
        FromAddress = EmailAddress.Parse("news+spring@shop.test"),
        FromDisplayName = "Shop $ “News”",
        Recipients = [EmailAddress.Parse("a@client.test"), EmailAddress.Parse("b@client.test")],
    };

    [Fact]
    public void The_emptiest_draft_lets_everyone_send()
    {
        Assert.Equal("Everyone may send from any address at shop.test or below it.", new PolicyAnswers().DescribeFor(Shop));
        Assert.Equal(
            "Everyone may send from news@shop.test, with or without a label.",
            new PolicyAnswers().DescribeFor(IdentityArn.Parse("arn:aws:ses:us-east-1:111122223333:identity/news@shop.test")));
        Assert.True(Allows(new PolicyAnswers(), Fitting with { Principal = User, Action = "ses:SendBounce", SourceIp = null, Recipients = null }));
    }

    [Fact]
    public void A_full_draft_is_said_in_one_sentence() => Assert.Equal(
        "Account 444455556666 may send by SendEmail or SendRawEmail from news@shop.test, with or without a label under the name “Shop $ “News”” "
        + "to addresses at client.test until 2027-01-01, connecting from 192.0.2.0/24 or 2001:db8::/32, only over TLS.",
        Full.DescribeFor(Shop));

    [Fact]
    public void The_sentence_names_everybody_and_every_place()
    {
        var answers = new PolicyAnswers
        {
            Principals = [Delegate, User],
            Senders = [new AllowedSender.Address(EmailAddress.Parse("a@shop.test"), false), new AllowedSender.Domain(DomainName.Parse("m.shop.test"))],
            Until = Newyear.AddHours(12.5),
        };

        Assert.Equal(
            "Account 444455556666 and user team/mailer of account 777788889999 may send from a@shop.test or any address at m.shop.test "
            + "until 2027-01-01 12:30:00 UTC.",
            answers.DescribeFor(Shop));
    }

    [Fact]
    public void A_full_draft_is_written_as_a_policy() => Assert.Equal(
        """
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Effect": "Allow",
              "Principal": {
                "AWS": "444455556666"
              },
              "Action": [
                "ses:SendEmail",
                "ses:SendRawEmail"
              ],
              "Resource": "arn:aws:ses:us-east-1:111122223333:identity/shop.test",
              "Condition": {
                "StringLike": {
                  "ses:FromAddress": [
                    "news@shop.test",
                    "news+*@shop.test"
                  ]
                },
                "StringEquals": {
                  "ses:FromDisplayName": "Shop ${$} “News”"
                },
                "ForAllValues:StringLike": {
                  "ses:Recipients": "*@client.test"
                },
                "DateLessThan": {
                  "aws:CurrentTime": "2027-01-01T00:00:00Z"
                },
                "IpAddress": {
                  "aws:SourceIp": [
                    "192.0.2.0/24",
                    "2001:db8::/32"
                  ]
                },
                "Bool": {
                  "aws:SecureTransport": "true"
                }
              }
            }
          ]
        }
        """.ReplaceLineEndings("\n"),
        Full.WriteFor(Shop));

    [Fact]
    public void Every_condition_of_a_draft_holds_by_itself()
    {
        Assert.True(Allows(Full, Fitting));
        Assert.True(Allows(Full, Fitting with { FromAddress = EmailAddress.Parse("news@shop.test") }));
        PolicyRequest[] wrong =
        [
            Fitting with { Principal = User },
            Fitting with { Action = "ses:SendBounce" },
            Fitting with { FromAddress = EmailAddress.Parse("newsletter@shop.test") },
            Fitting with { FromAddress = EmailAddress.Parse("news@mail.shop.test") },
            Fitting with { FromDisplayName = "Shop $ “NEWS”" },
            Fitting with { FromDisplayName = null },
            Fitting with { Recipients = [EmailAddress.Parse("a@client.test"), EmailAddress.Parse("a@other.test")] },
            Fitting with { Recipients = [EmailAddress.Parse("a@mail.client.test")] },
            Fitting with { Time = Newyear },
            Fitting with { SourceIp = IPAddress.Parse("192.0.3.7") },
            Fitting with { SourceIp = null },
            Fitting with { SecureTransport = false },
            Fitting with { SecureTransport = null },
        ];
        Assert.All(wrong, w => Assert.False(Allows(Full, w)));
    }

    [Theory]
    [InlineData("a*b@shop.test", "axb@shop.test")]
    [InlineData("a?b@shop.test", "axb@shop.test")]
    [InlineData("${*}@shop.test", "*@shop.test")]
    public void What_looks_like_a_pattern_in_an_address_is_none(string address, string other)
    {
        var answers = new PolicyAnswers { Senders = [new AllowedSender.Address(EmailAddress.Parse(address), true)] };

        Assert.True(Allows(answers, Fitting with { FromAddress = EmailAddress.Parse(address) }));
        Assert.False(Allows(answers, Fitting with { FromAddress = EmailAddress.Parse(other) }));
    }

    [Fact]
    public void Whatever_is_drafted_parses_and_allows_what_it_names()
    {
        var address = Pick("news", "a*b", "x?", "$y", "${z}", "\"q u\"", "n+l", "+p")
            .Select(local => new EmailAddress(local, DomainName.Parse("shop.test")));
        var sender = Gen.OneOf(
            address.Select(Gen.Bool, AllowedSender (a, labels) => new AllowedSender.Address(a, labels)),
            Pick("shop.test", "m.shop.test").Select(AllowedSender (d) => new AllowedSender.Domain(DomainName.Parse(d))));
        var answers = Gen.Select(
            Pick(Delegate, User).Array[0, 2],
            Pick([.. PolicyDocument.SendActions]).Array[1, 5],
            sender.Array[0, 3],
            Gen.String[1, 20].Null(),
            Pick("client.test", "other.test").Array[0, 2],
            Pick("192.0.2.0/24", "192.0.2.7", "2001:db8::/32").Array[0, 2],
            Gen.Bool,
            (principals, actions, senders, name, domains, networks, tls) => new PolicyAnswers
            {
                Principals = principals,
                Actions = actions,
                Senders = senders,
                DisplayName = name,
                RecipientDomains = [.. domains.Select(DomainName.Parse)],
                Networks = networks,
                OnlyTls = tls,
                Until = tls ? Newyear : null,
            });

        answers.Sample(d =>
        {
            var senders = d.Senders.Count == 0 ? [EmailAddress.Parse("any@deep.shop.test")] : d.Senders.Select(s => s switch
            {
                AllowedSender.Address one => one.Value,
                AllowedSender.Domain all => new EmailAddress("any", all.Name),
                _ => throw new NotSupportedException(),
            });
            foreach (var from in senders)
            {
                Assert.True(Allows(d, new PolicyRequest
                {
                    Principal = d.Principals.Count > 0 ? d.Principals[^1] : User,
                    Action = d.Actions[0],
                    Resource = Shop.ToString(),
                    Time = Newyear.AddSeconds(-1),
                    SecureTransport = d.OnlyTls ? true : null,
                    SourceIp = d.Networks.Count == 0 ? null : IPAddress.Parse(d.Networks[0][0] == '1' ? "192.0.2.7" : "2001:db8::1"),
                    FromAddress = from,
                    FromDisplayName = d.DisplayName,
                    Recipients = [.. d.RecipientDomains.DefaultIfEmpty(DomainName.Parse("any.test")).Select(r => new EmailAddress("to", r))],
                }));
            }
        });
    }

    [Theory]
    [InlineData("444455556666", true)]
    [InlineData("arn:aws:iam::444455556666:root", true)]
    [InlineData("arn:aws:iam::444455556666:user/mailer", true)]
    [InlineData("arn:aws:iam::444455556666:user/*", false)]
    [InlineData("arn:aws:iam::444455556666:role/mailer", false)]
    [InlineData("mailer", false)]
    [InlineData("*", false)]
    public void A_principal_is_read_as_a_policy_would(string text, bool isOne) =>
        Assert.Equal(isOne, PolicyAnswers.TryReadPrincipal(text, out _));

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static bool Allows(PolicyAnswers answers, PolicyRequest request)
    {
        Assert.True(PolicyDocument.TryParseForIdentity(answers.WriteFor(Shop), Shop, out var document, out var problem), problem);
        return PolicyEvaluator.Evaluate([("answers", document)], request).Outcome == DecisionOutcome.Allow;
    }
}
