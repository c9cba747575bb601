using System.Text.Json;
using Signet.Policies;

namespace Signet.Tests.Policies;

public sealed class PolicyEvaluatorTests
{
    public static TheoryData<string> Cases() => Golden.Names(Golden.Folder("Evaluated"), "*.json");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_request_gets_the_outcome_that_its_case_expects(string name)
    {
        var policyCase = PolicyCase.Read(Path.Combine(Golden.Folder("Evaluated"), name));
        var policies = policyCase.Policies();

        Assert.All(policyCase.Requests(), r =>
        {
            var decision = PolicyEvaluator.Evaluate(policies, r.Request);

            Assert.True(r.Expected == decision.Outcome, $"{decision.Outcome} instead of {r.Expected}: {r.Because}");
        });
    }

    [Fact]
    public void No_policy_at_all_is_no_match()
    {
        var decision = PolicyEvaluator.Evaluate([], Request("{}"));

        Assert.Equal(DecisionOutcome.NoMatch, decision.Outcome);
        Assert.Empty(decision.Statements);
        Assert.Null(decision.Decisive);
    }

    [Fact]
    public void A_deny_decides_though_an_allow_stands_before_it()
    {
        var decision = PolicyEvaluator.Evaluate([("grant", Statement("Allow")), ("ban", Statement("Deny"))], Request("{}"));

        Assert.Equal(DecisionOutcome.Deny, decision.Outcome);
        Assert.Equal("ban", decision.Decisive!.Policy);
        Assert.Equal([true, true], decision.Statements.Select(s => s.Applies));
    }

    [Fact]
    public void A_trace_looks_at_every_part_though_one_already_failed()
    {
        var document = Statement("Allow", """{"StringEquals":{"ses:fromaddress":["a@shop.test","b@shop.test"]}}""");

        var trace = Assert.Single(PolicyEvaluator.Evaluate([("p", document)], Request("""{"action":"ses:SendBounce"}""")).Statements);

        Assert.Equal(("p", 0, "s", PolicyEffect.Allow), (trace.Policy, trace.Index, trace.Sid, trace.Effect));
        Assert.Equal((false, true, false, true), (trace.Applies, trace.PrincipalMatches, trace.ActionMatches, trace.ResourceMatches));
        var condition = Assert.Single(trace.Conditions);
        Assert.Equal(("StringEquals", "ses:fromaddress", false), (condition.Operator, condition.Key, condition.Holds));
        Assert.Equal(["a@shop.test", "b@shop.test"], condition.PolicyValues);
        Assert.Equal(["news@shop.test"], condition.RequestValues);
        Assert.Null(condition.Note);
    }

    [Fact]
    public void A_trace_shows_policy_variables_replaced()
    {
        var document = Statement("Allow", """{"StringLike":{"ses:FromAddress":"${AWS:UserName}-*@shop.test"}}""");

        var trace = Assert.Single(PolicyEvaluator.Evaluate([("p", document)], Request("""{"from":"mailer-1@shop.test"}""")).Statements);

        Assert.Equal(["mailer-*@shop.test"], trace.Conditions[0].PolicyValues);
        Assert.True(trace.Applies);
    }

    [Theory]
    [InlineData("""{"StringNotEquals":{"ses:FromDisplayName":"CEO"}}""", "{}",
        "the request does not have this key: a negated operator is then true")]
    [InlineData("""{"StringEquals":{"ses:FromDisplayName":"CEO"}}""", "{}", "the request does not have this key")]
    [InlineData("""{"StringEqualsIfExists":{"ses:FromDisplayName":"CEO"}}""", "{}", "the request does not have this key: true because of IfExists")]
    [InlineData("""{"ForAllValues:StringLike":{"ses:Recipients":"*"}}""", """{"recipients":null}""",
        "the request does not have this key: ForAllValues is true of no values")]
    [InlineData("""{"ForAllValues:StringLike":{"ses:Recipients":"*"}}""", """{"recipients":[]}""", "ForAllValues is true of no values")]
    [InlineData("""{"StringLike":{"ses:Recipients":"*"}}""", "{}",
        "`ses:Recipients` can have several values: without a prefix this is ForAnyValue")]
    [InlineData("""{"StringEquals":{"ses:FromAddress":"${aws:username}@shop.test"}}""", """{"principal":"444455556666"}""",
        "a value cannot be compared, because a policy variable has no value or the request's value is of another kind")]
    public void A_trace_notes_what_a_reader_may_not_expect(string condition, string request, string note)
    {
        var document = Statement("Allow", condition);

        var trace = Assert.Single(PolicyEvaluator.Evaluate([("p", document)], Request(request)).Statements);

        Assert.Equal(note, trace.Conditions[0].Note);
    }

    [Fact]
    public void The_default_user_policy_allows_everything_of_ses_and_is_kept_as_it_is_stored()
    {
        Assert.True(PolicyDocument.TryParseForUser(FirstUserPolicy.FullAccess, out var document, out var problem), problem);

        Assert.Equal(FirstUserPolicy.FullAccess, document.CompactText);
        Assert.Equal(DecisionOutcome.Allow, Outcome("""{"action":"ses:SendRawEmail"}"""));
        Assert.Equal(DecisionOutcome.Allow, Outcome("""{"action":"ses:ListIdentities","resource":"*"}"""));
        Assert.Equal(DecisionOutcome.NoMatch, Outcome("""{"action":"iam:CreateUser","resource":"*"}"""));

        DecisionOutcome Outcome(string request) => PolicyEvaluator.Evaluate([("d", document)], Request(request)).Outcome;
    }

    private static PolicyRequest Request(string difference) => PolicyCase.Request(JsonDocument.Parse(difference).RootElement);

    private static PolicyDocument Statement(string effect, string condition = "{}") => PolicyCase.Policy(
        $$"""
        {
          "Version": "2012-10-17",
          "Statement": {
            "Sid": "s",
            "Effect": "{{effect}}",
            "Principal": "*",
            "Action": "ses:SendEmail",
            "Resource": "arn:aws:ses:us-east-1:111122223333:identity/shop.test",
            "Condition": {{condition}}
          }
        }
        """);
}
