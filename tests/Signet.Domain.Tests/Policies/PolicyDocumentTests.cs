using Signet.Policies;

namespace Signet.Tests.Policies;

public sealed class PolicyDocumentTests
{
    private const string Good =
        """{"Statement":{"Effect":"Allow","Principal":"*","Action":"ses:*","Resource":"arn:aws:ses:us-east-1:111122223333:identity/shop.test"}}""";

    public static TheoryData<string> Refused() => Golden.Names(Golden.Folder("Refused"), "*.json");

    public static TheoryData<string> RefusedForUser() => Golden.Names(Golden.Folder("RefusedForUser"), "*.json");

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_bad_policy_is_refused_with_a_sentence_that_says_what_and_where(string name)
    {
        var file = Path.Combine(Golden.Folder("Refused"), name);

        Assert.False(PolicyDocument.TryParseForIdentity(File.ReadAllText(file), PolicyCase.Identity("shop.test"), out _, out var problem));

        Golden.Matches(Path.ChangeExtension(file, ".txt"), problem + "\n");
    }

    [Theory]
    [MemberData(nameof(RefusedForUser))]
    public void A_bad_user_policy_is_refused_with_a_sentence_that_says_what_and_where(string name)
    {
        var file = Path.Combine(Golden.Folder("RefusedForUser"), name);

        Assert.False(PolicyDocument.TryParseForUser(File.ReadAllText(file), out _, out var problem));

        Golden.Matches(Path.ChangeExtension(file, ".txt"), problem + "\n");
    }

    [Fact]
    public void Compact_text_loses_white_space_between_tokens_and_nothing_else()
    {
        const string text =
            "{ \"Id\" : \"a \\\" b\\u0041\\\\\" ,\r\n\t\"Statement\": [ { \"Effect\":\"Allow\", \"Resource\": "
            + "\"arn:aws:ses:us-east-1:111122223333:identity/shop.test\" , \"Principal\":{ \"AWS\" : \"*\" } , \"Action\":[ \"ses:*\" ],"
            + "\"Condition\": { \"NumericLessThan\" : { \"aws:EpochTime\" : 1.50e9 } } } ] }\n";

        Assert.Equal(
            "{\"Id\":\"a \\\" b\\u0041\\\\\",\"Statement\":[{\"Effect\":\"Allow\",\"Resource\":"
            + "\"arn:aws:ses:us-east-1:111122223333:identity/shop.test\",\"Principal\":{\"AWS\":\"*\"},\"Action\":[\"ses:*\"],"
            + "\"Condition\":{\"NumericLessThan\":{\"aws:EpochTime\":1.50e9}}}]}",
            PolicyCase.Policy(text).CompactText);
    }

    [Fact]
    public void Bytes_of_utf8_count_for_the_size_white_space_included()
    {
        var padding = new string(' ', PolicyDocument.MaxIdentityPolicyBytes - Good.Length);
        var identity = PolicyCase.Identity("shop.test");

        Assert.True(PolicyDocument.TryParseForIdentity(Good + padding, identity, out _, out _));
        Assert.False(PolicyDocument.TryParseForIdentity(Good + padding + " ", identity, out _, out var problem));
        Assert.Equal("The policy has 4097 bytes in UTF-8; 4096 are allowed.", problem);
    }

    [Fact]
    public void A_user_policy_may_be_larger()
    {
        var text = FirstUserPolicy.FullAccess + new string(' ', PolicyDocument.MaxUserPolicyBytes - FirstUserPolicy.FullAccess.Length);

        Assert.True(PolicyDocument.TryParseForUser(text, out _, out _));
        Assert.False(PolicyDocument.TryParseForUser(text + " ", out _, out _));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        Assert.False(PolicyDocument.TryParseForUser("{\"Id\":\"\ud800\"}", out _, out var problem));
        Assert.Equal("The policy is not Unicode text.", problem);
    }

    [Theory]
    [InlineData("arn:aws:ses:us-east-1:111122223333:identity/Info@SHOP.test", true)]
    [InlineData("arn:aws:ses:us-east-1:111122223333:identity/info@shop.test", false)]
    [InlineData("arn:aws:ses:us-east-1:111122223333:identity/shop.test", false)]
    [InlineData("arn:aws:ses:US-EAST-1:111122223333:identity/Info@shop.test", false)]
    public void The_resource_of_an_address_compares_its_domain_without_case_and_the_rest_with(string resource, bool good)
    {
        var text = Good.Replace("arn:aws:ses:us-east-1:111122223333:identity/shop.test", resource, StringComparison.Ordinal);

        Assert.Equal(good, PolicyDocument.TryParseForIdentity(text, PolicyCase.Identity("Info@shop.test"), out _, out _));
    }

    [Theory]
    [InlineData("\"*\"")]
    [InlineData("""{"AWS":"*"}""")]
    [InlineData("""{"AWS":["444455556666","arn:aws:iam::444455556666:root"]}""")]
    [InlineData("""{"AWS":"arn:aws:iam::444455556666:user/team/mailer+1=a,b.c@d_e-f"}""")]
    [InlineData("""{"AWS":"arn:aws:iam::444455556666:role/sender"}""")]
    [InlineData("""{"AWS":"arn:aws:sts::444455556666:assumed-role/sender/session"}""")]
    [InlineData("""{"Service":["cognito-idp.amazonaws.com"],"AWS":"444455556666"}""")]
    public void Every_documented_form_of_principal_is_accepted(string principal)
    {
        var text = Good.Replace("\"*\"", principal, StringComparison.Ordinal);

        Assert.True(PolicyDocument.TryParseForIdentity(text, PolicyCase.Identity("shop.test"), out _, out var problem), problem);
    }

    [Theory]
    [InlineData("{\n  \"Statement\": [\n    {},\n  ]\n}", 4)]
    [InlineData("{\n  \"Statement\": [\n    {\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},\n    {\"Effect\":\"Maybe\"}\n  ]\n}", 4)]
    [InlineData("{\n  \"Statement\":\n    {\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:Moon\":\"true\"}}}\n}", 3)]
    [InlineData("{\n  \"Id\": \"a\",\n  \"Id\": \"b\"\n}", 3)]
    [InlineData("{\n  \"Id\": \"a\"\n}", null)]
    [InlineData("{\n  \"Statement\": [\n]\n}", 2)]
    [InlineData("{\n  \"Id\":\n 1\n}", 3)]
    [InlineData("{\n  \"Version\":\n \"2020\"\n}", 3)]
    [InlineData("{\n  \"Moon\":\n 1\n}", 3)]
    public void A_problem_names_the_line_to_look_at(string text, int? line) =>
        Assert.Equal(line, PolicyDocument.FindProblem(text, null)!.Line);

    [Theory]
    [InlineData("\"Allow\"", "\"Maybe\"", 5)]
    [InlineData("\"ses:SendEmail\"", "\"ses:SendMail\"", 8)]
    [InlineData("\"ses:SendRawEmail\"", "1", 6)]
    [InlineData("\"444455556666\"", "\"44445555\"", 14)]
    [InlineData("\"AWS\"", "\"Moon\"", 12)]
    [InlineData("\"ses.amazonaws.com\"", "\"ses\"", 16)]
    [InlineData("identity/shop.test\"", "identity/other.test\"", 18)]
    [InlineData("\"Bool\"", "\"Boolean\"", 20)]
    [InlineData("\"aws:SecureTransport\"", "\"aws:SecureTransports\"", 21)]
    [InlineData("\"aws:CurrentTime\"", "\"ses:Recipients\"", 24)]
    [InlineData("\"2026-02-01T00:00:00Z\"", "\"soon\"", 26)]
    [InlineData("\"2026-02-01T00:00:00Z\"", "[]", 26)]
    [InlineData("\"Sid\"", "\"Side\"", 4)]
    [InlineData("\"Effect\": \"Allow\",", "", 3)]
    public void A_problem_names_the_line_of_the_wrong_value(string good, string wrong, int line)
    {
        const string Policy =
            """
            {
              "Statement": [
                {
                  "Sid": "one",
                  "Effect": "Allow",
                  "Action": [
                    "ses:SendRawEmail",
                    "ses:SendEmail"
                  ],
                  "Principal": {
                    "AWS":
                    [
                      "111122223333",
                      "444455556666"
                    ],
                    "Service": "ses.amazonaws.com"
                  },
                  "Resource": "arn:aws:ses:us-east-1:111122223333:identity/shop.test",
                  "Condition": {
                    "Bool": {
                      "aws:SecureTransport": "true"
                    },
                    "DateLessThan": {
                      "aws:CurrentTime": [
                        "2026-01-01T00:00:00Z",
                        "2026-02-01T00:00:00Z"
                      ]
                    }
                  }
                }
              ]
            }
            """;
        var identity = PolicyCase.Identity("shop.test");
        Assert.Null(PolicyDocument.FindProblem(Policy, identity));
        Assert.Contains(good, Policy, StringComparison.Ordinal);

        Assert.Equal(line, PolicyDocument.FindProblem(Policy.Replace(good, wrong, StringComparison.Ordinal), identity)!.Line);
    }

    [Fact]
    public void A_good_policy_has_no_problem() =>
        Assert.Null(PolicyDocument.FindProblem("""{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""", null));
}
