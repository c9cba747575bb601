using System.Text.Json;
using Signet.Policies;

namespace Signet.Tests.Policies;

public sealed class DecisionJsonTests
{
    [Fact]
    public void A_decision_is_written_in_full_and_read_back_the_same()
    {
        var condition = new ConditionTrace("StringLike", "ses:Recipients", ["*@client.test"], null, false, "the request does not have this key");
        var statement = new StatementTrace("p1", 1, null, PolicyEffect.Deny, true, true, true, true, [condition]);
        var check = new AddressCheck(
            AddressRole.ReturnPath,
            "Bounces <b@shop.test>",
            CheckOutcome.AccessDenied,
            "policy `p1` denies",
            "arn:aws:ses:us-east-1:111122223333:identity/shop.test",
            "ReturnPathArn",
            new Decision(DecisionOutcome.Deny, [statement]),
            null,
            new Decision(DecisionOutcome.NoMatch, []));
        var decision = new SendDecision(
            false, "policy `p1` denies", "arn:aws:iam::444455556666:user/mailer", "ses:SendEmail", "us-east-1", [check]);

        var json = DecisionJson.Write(decision);

        Golden.Matches(Path.Combine(Golden.Folder(), "decision.json"), json + "\n");
        Assert.Equal(json, DecisionJson.Write(DecisionJson.Read(json, wasAllowed: false)));
        Assert.Equal("p1", DecisionJson.Read(json, wasAllowed: false).Checks[0].OwnerPolicies!.Decisive!.Policy);
    }

    [Fact]
    public void What_the_evaluator_decides_is_written_with_its_statements()
    {
        var document = PolicyCase.Policy(
            """
            {"Statement":{"Effect":"Allow","Principal":"*","Action":"ses:*",
            "Resource":"arn:aws:ses:us-east-1:111122223333:identity/shop.test"}}
            """);
        var evaluated = PolicyEvaluator.Evaluate([("p", document)], PolicyCase.Request(JsonDocument.Parse("{}").RootElement));
        var check = new AddressCheck(AddressRole.Source, "a@shop.test", CheckOutcome.Allowed, "", null, null, evaluated, null, null);

        var read = DecisionJson.Read(DecisionJson.Write(new SendDecision(true, "", "", "", "", [check])), wasAllowed: true).Checks[0].OwnerPolicies!;

        Assert.Equal(DecisionOutcome.Allow, read.Outcome);
        Assert.True(Assert.Single(read.Statements).Applies);
    }

    [Theory]
    [InlineData("null", true)]
    [InlineData("{", true)]
    [InlineData("[]", false)]
    [InlineData("", false)]
    [InlineData("""{"checks":[{"role":"Witness"}]}""", false)]
    public void What_is_no_decision_says_that_it_cannot_be_read(string json, bool wasAllowed)
    {
        var read = DecisionJson.Read(json, wasAllowed);

        Assert.Equal((wasAllowed, "the stored decision cannot be read"), (read.Allowed, read.Reason));
        Assert.Empty(read.Checks);
    }

    [Fact]
    public void What_is_no_decision_takes_caller_action_and_region_from_its_row()
    {
        var facts = SendFacts.OfRefusal("arn:aws:iam::111122223333:root", "ses:SendEmail", null, DateTimeOffset.UnixEpoch, []) with { Region = "eu-west-1" };

        var read = DecisionJson.Read("{", wasAllowed: true, facts);

        Assert.Equal(("arn:aws:iam::111122223333:root", "ses:SendEmail", "eu-west-1"), (read.Principal, read.Action, read.Region));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"allowed":true,"reason":null,"checks":null}""")]
    [InlineData("""{"checks":[null,{}]}""")]
    [InlineData("""{"checks":[{"ownerPolicies":{}}]}""")]
    [InlineData("""{"checks":[{"ownerPolicies":{"outcome":"Deny","statements":[null,{"conditions":[null,{"more":1}]}]},"more":[]}]}""")]
    public void What_is_missing_is_empty(string json)
    {
        var read = DecisionJson.Read(json, wasAllowed: true);

        Assert.True(read.Allowed);
        Assert.Equal("the stored reason cannot be read", read.Reason);
        Assert.Equal(("", "", ""), (read.Principal, read.Action, read.Region));
        foreach (var check in read.Checks)
        {
            Assert.Equal(("", ""), (check.Address, check.Reason));
            Assert.Null(check.OwnerPolicies?.Decisive);
            Assert.All(check.OwnerPolicies?.Statements ?? [], s => Assert.All(s.Conditions, c => Assert.Empty(c.PolicyValues)));
        }
    }
}
