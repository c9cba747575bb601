using Signet.Policies;
using Signet.Web.Decisions;

namespace Signet.Web.Tests.Decisions;

public sealed class DecisionReadingTests
{
    private const string Owner = "arn:aws:ses:us-east-1:111122223333:identity/shop.test";
    private const string DelegatesUser = "arn:aws:iam::444455556666:user/mailer";
    private const string OwnersUser = "arn:aws:iam::111122223333:user/mailer";

    private static readonly Decision Allow = new(DecisionOutcome.Allow, [Statement(PolicyEffect.Allow, applies: true)]);
    private static readonly Decision None = new(DecisionOutcome.NoMatch, []);
    private static readonly Decision Deny = new(DecisionOutcome.Deny, [Statement(PolicyEffect.Deny, applies: true)]);

    [Fact]
    public void A_deny_decides_whoevers_it_is()
    {
        Assert.Same(Deny, DecisionReading.DecidingPolicies(Check(CheckOutcome.AccessDenied, Allow, Deny, Allow), DelegatesUser));
        Assert.Same(Deny, DecisionReading.DecidingPolicies(Check(CheckOutcome.AccessDenied, None, null, Deny), DelegatesUser));
    }

    [Fact]
    public void A_delegate_needs_the_owners_yes_first_and_then_its_own()
    {
        Assert.Same(None, DecisionReading.DecidingPolicies(Check(CheckOutcome.AccessDenied, None, null, Allow), DelegatesUser));
        Assert.Same(None, DecisionReading.DecidingPolicies(Check(CheckOutcome.AccessDenied, Allow, null, None), DelegatesUser));
        Assert.Same(Allow, DecisionReading.DecidingPolicies(Check(CheckOutcome.Allowed, Allow, null, null), DelegatesUser));
    }

    [Fact]
    public void Nothing_decided_that_is_shown_where_the_policies_that_did_are_hidden() =>
        Assert.Null(DecisionReading.DecidingPolicies(Check(CheckOutcome.AccessDenied, null, null, Allow), DelegatesUser));

    [Fact]
    public void An_owner_needs_no_policy_and_its_users_their_own()
    {
        Assert.Null(DecisionReading.DecidingPolicies(Check(CheckOutcome.Allowed, None, null, null), OwnersUser));
        Assert.Same(Allow, DecisionReading.DecidingPolicies(Check(CheckOutcome.Allowed, None, null, Allow), OwnersUser));
    }

    [Fact]
    public void The_nearest_allow_is_the_one_that_a_condition_alone_kept_from_applying()
    {
        var somebodyElse = Statement(PolicyEffect.Allow, applies: false) with { PrincipalMatches = false };
        var nearly = Statement(PolicyEffect.Allow, applies: false) with
        {
            Conditions = [new("StringEquals", "ses:FromAddress", ["a@shop.test"], ["b@shop.test"], false, null)],
        };
        var policies = new Decision(DecisionOutcome.NoMatch, [somebodyElse, Statement(PolicyEffect.Deny, applies: false), nearly]);
        var decision = new SendDecision(
            false, "no", DelegatesUser, "ses:SendEmail", "us-east-1", [Check(CheckOutcome.AccessDenied, policies, null, null)]);

        Assert.Same(nearly, DecisionReading.Nearest(decision));
        Assert.Equal(["StringEquals ses:FromAddress does not hold"], DecisionReading.FailedParts(nearly));
        Assert.Equal(
            ["StringEquals ses:FromAddress does not hold: the policy says `a@shop.test`, the request has `b@shop.test`."],
            DecisionReading.FailedPartsInFull(nearly));
        Assert.True(DecisionReading.IsTelling(policies, nearly));
        Assert.False(DecisionReading.IsTelling(policies, somebodyElse));
    }

    private static AddressCheck Check(CheckOutcome outcome, Decision? owner, Decision? address, Decision? caller) =>
        new(AddressRole.Source, "news@shop.test", outcome, "because", Owner, "SourceArn", owner, address, caller);

    private static StatementTrace Statement(PolicyEffect effect, bool applies) =>
        new("p", 0, null, effect, applies, true, true, true, []);
}
