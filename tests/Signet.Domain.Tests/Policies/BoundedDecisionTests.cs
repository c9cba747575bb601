using System.Globalization;
using System.Text.Json;
using CsCheck;
using Signet.Policies;

namespace Signet.Tests.Policies;

public sealed class BoundedDecisionTests
{
    private const string Identity = "arn:aws:ses:us-east-1:111122223333:identity/shop.test";

    // Short and long, and some that JSON makes six times as long.
    private static readonly Gen<string> Text = Gen.Select(Gen.Char["ab<\"\u00fc\u202e"], Gen.Int[0, 400]).Select((c, n) => new string(c, n));

    private static readonly Gen<ConditionTrace> Condition =
        Gen.Select(Text.Array[0, 30], Text.Array[0, 30], Gen.Bool)
            .Select((policy, request, holds) => new ConditionTrace("StringLike", "ses:Recipients", policy, request, holds, null));

    private static readonly Gen<Decision> Policies =
        Gen.Select(Gen.OneOf(DecisionOutcome.Allow, DecisionOutcome.Deny, DecisionOutcome.NoMatch), Condition.Array[0, 5].Array[0, 20], Gen.Int[0, 19])
            .Select((outcome, all, decisive) => new Decision(outcome, [.. all.Select((conditions, i) => new StatementTrace(
                "p", i, null, outcome == DecisionOutcome.Deny ? PolicyEffect.Deny : PolicyEffect.Allow, i == decisive, true, true, true, conditions))]));

    private static readonly Gen<AddressCheck> Check =
        Gen.Select(
            Gen.OneOf(CheckOutcome.Allowed, CheckOutcome.NotVerified, CheckOutcome.AccessDenied), Text.Where(t => t.Length <= 320), Text,
            Policies, Policies)
        .Select((outcome, address, reason, owner, caller) =>
            new AddressCheck(AddressRole.From, address, outcome, reason, Identity, "SourceArn", owner, null, caller));

    private static readonly Gen<SendDecision> Decisions =
        Gen.Select(Check.Array[1, 30], Gen.Int[0, 29])
            .Select((checks, which) => new SendDecision(
                false, checks[which % checks.Length].Reason, "arn:aws:iam::444455556666:root", "ses:SendEmail", "us-east-1",
                [.. checks.Select((c, i) => c with { NamedBy = $"{i}" })]));

    [Fact]
    public void It_is_never_longer_than_its_bound_and_counts_what_it_leaves_out() =>
        Gen.Select(Decisions, Gen.OneOf(1_200, 4_096, BoundedDecision.Kept)).Sample(
            (decision, max) =>
            {
                var bounded = BoundedDecision.Of(decision, max);

                Assert.InRange(DecisionJson.Write(bounded, max).Length, 1, max);
                Assert.Equal(decision.Checks.Count, bounded.Checks.Count + bounded.LeftOut);
                Assert.All(bounded.Checks, c => Assert.Equal(
                    decision.Checks[int.Parse(c.NamedBy!, CultureInfo.InvariantCulture)].OwnerPolicies!.Statements.Count,
                    c.OwnerPolicies!.Statements.Count + c.OwnerPolicies.LeftOut));
            },
            iter: 60);

    [Fact]
    public void Cutting_twice_cuts_no_more() =>
        Decisions.Sample(
            decision =>
            {
                var bounded = BoundedDecision.Of(decision, BoundedDecision.Kept);

                Assert.Equal(Json(bounded), DecisionJson.Write(bounded));
            },
            iter: 40);

    [Fact]
    public void What_failed_is_told_before_what_did_not_and_the_reason_is_still_that_of_a_check() =>
        Decisions.Sample(
            decision =>
            {
                var bounded = BoundedDecision.Of(decision, BoundedDecision.Kept);

                var failed = decision.Checks.Count(c => c.Outcome != CheckOutcome.Allowed);
                var kept = bounded.Checks.Count(c => c.Outcome != CheckOutcome.Allowed);
                Assert.True(kept == failed || kept == bounded.Checks.Count, $"{kept} of {failed} in {bounded.Checks.Count}");
            },
            iter: 40);

    [Fact]
    public void A_short_decision_is_left_as_it_is()
    {
        var decision = DecisionJson.Read(File.ReadAllText(Path.Combine(Golden.Folder(), "decision.json")), wasAllowed: true);

        Assert.Same(decision, BoundedDecision.Of(decision, BoundedDecision.Kept));
    }

    [Fact]
    public void The_statement_that_decided_is_kept_among_hundreds()
    {
        var policies = Enumerable.Range(0, 300).Select(n => ($"p{n}", Statement(n == 250 ? "Deny" : "Allow", n == 250 ? "a@shop.test" : $"{n}@shop.test"))).ToList();
        var evaluated = PolicyEvaluator.Evaluate(policies, PolicyCase.Request(JsonDocument.Parse("""{"from":"a@shop.test"}""").RootElement));

        var bounded = BoundedDecision.Of(Of(evaluated), BoundedDecision.Kept).Checks[0].OwnerPolicies!;

        Assert.Equal("p250", bounded.Decisive!.Policy);
        Assert.Equal("p0", bounded.Statements[0].Policy);
        Assert.Equal(300, bounded.Statements.Count + bounded.LeftOut);
        Assert.InRange(bounded.LeftOut, 200, 299);
    }

    [Fact]
    public void Telling_of_statements_ends_with_a_budget_too()
    {
        // Cheap to decide, for another principal is meant; to tell of, 13 times 14,000 values and 50 recipients.
        var values = string.Join(',', Enumerable.Repeat("\"?*\"", 700));
        var document = PolicyCase.Policy(
            $$"""
            {"Statement":{"Effect":"Deny","Principal":{"AWS":"777788889999"},"Action":"ses:*","Resource":"{{Identity}}",
            "Condition":{"StringNotLike":{"ses:Recipients":[{{values}}]} } } }
            """);
        var request = PolicyCase.Request(JsonDocument.Parse("{}").RootElement) with
        {
            Recipients = [.. Enumerable.Range(0, 50).Select(i => PolicyCase.Address($"r{i}@d.test"))],
        };
        var checks = Enumerable.Range(0, 13).Select(_ => PolicyEvaluator.Evaluate([.. Enumerable.Range(0, 20).Select(n => ($"p{n}", document))], request));

        var bounded = BoundedDecision.Of(Of([.. checks]), int.MaxValue);

        Assert.Equal(13 * 20, bounded.Checks.Sum(c => c.OwnerPolicies!.Statements.Count + c.OwnerPolicies.LeftOut));
        Assert.InRange(bounded.Checks.Sum(c => c.OwnerPolicies!.Statements.Count), 1, 1_000);
    }

    private static string Json(SendDecision decision) => JsonSerializer.Serialize(decision, DecisionJsonContext.Default.SendDecision);

    private static SendDecision Of(params Decision[] evaluated) => new(
        false, "no", "arn:aws:iam::444455556666:root", "ses:SendEmail", "us-east-1",
        [.. evaluated.Select(e => new AddressCheck(AddressRole.From, "a@shop.test", CheckOutcome.AccessDenied, "no", Identity, null, e, null, null))]);

    private static PolicyDocument Statement(string effect, string from) => PolicyCase.Policy(
        $$"""
        {"Statement":{"Effect":"{{effect}}","Principal":"*","Action":"ses:*","Resource":"{{Identity}}",
        "Condition":{"StringEquals":{"ses:FromAddress":"{{from}}"} } } }
        """);
}
