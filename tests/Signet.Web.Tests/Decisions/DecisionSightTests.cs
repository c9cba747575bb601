using Signet.Names;
using Signet.Operators;
using Signet.Policies;
using Signet.Web.Decisions;
using Signet.Web.Shell;

namespace Signet.Web.Tests.Decisions;

public sealed class DecisionSightTests
{
    private const string Owner = "arn:aws:ses:us-east-1:111122223333:identity/shop.test";
    private static readonly Viewer Delegate = new("d", OperatorRole.Administer, AccountId.Parse("444455556666"));
    private static readonly Viewer Everyone = new("e", OperatorRole.Read, null);

    private static readonly StatementTrace Secret = new("secret-policy", 0, "SecretSid", PolicyEffect.Deny, true, true, true, true, []);
    private static readonly Decision Deny = new(DecisionOutcome.Deny, [Secret]);
    private static readonly Decision Own = new(DecisionOutcome.Allow, [new("own", 0, null, PolicyEffect.Allow, true, true, true, true, [])]);

    [Theory]
    [InlineData(CheckOutcome.AccessDenied)]
    [InlineData(CheckOutcome.Allowed)]
    [InlineData(CheckOutcome.NotVerified)]
    public void Of_another_accounts_policies_only_the_verdict_is_told(CheckOutcome outcome)
    {
        var shown = DecisionSight.For(Delegate, Decision(outcome));

        var check = Assert.Single(shown.Checks);
        Assert.Equal(outcome, check.Outcome);
        Assert.Equal(outcome == CheckOutcome.Allowed, shown.Allowed);
        Assert.Null(check.OwnerPolicies);
        Assert.Null(check.AddressPolicies);
        Assert.DoesNotContain("ecret", DecisionJson.Write(shown), StringComparison.Ordinal);
        Assert.Equal(check.Reason, shown.Reason);
    }

    [Fact]
    public void An_identity_that_is_not_there_looks_like_one_that_cannot_be_used()
    {
        var missing = Decision(CheckOutcome.NotVerified, $"SourceArn names {Owner}, which does not exist.");
        var pending = Decision(CheckOutcome.NotVerified, $"SourceArn names {Owner}, which is not verified: its status is Pending.");

        Assert.Equal(DecisionSight.For(Delegate, missing).Reason, DecisionSight.For(Delegate, pending).Reason);
    }

    [Fact]
    public void The_callers_own_policies_stay() =>
        Assert.Same(Own, DecisionSight.For(Delegate, Decision(CheckOutcome.AccessDenied)).Checks[0].CallerPolicies);

    [Fact]
    public void An_owner_does_not_read_the_policies_of_a_delegates_users()
    {
        var owner = new Viewer("o", OperatorRole.Administer, AccountId.Parse("111122223333"));

        var shown = DecisionSight.For(owner, Decision(CheckOutcome.AccessDenied));

        Assert.NotNull(shown.Checks[0].OwnerPolicies);
        Assert.Null(shown.Checks[0].CallerPolicies);
    }

    [Fact]
    public void Who_sees_all_accounts_sees_everything()
    {
        var decision = Decision(CheckOutcome.AccessDenied);

        Assert.Same(decision, DecisionSight.For(Everyone, decision));
    }

    private static SendDecision Decision(CheckOutcome outcome, string? reason = null)
    {
        reason ??= "Statement 1 (`SecretSid`) of policy `secret-policy` decides.";
        return new SendDecision(
            outcome == CheckOutcome.Allowed, reason, "arn:aws:iam::444455556666:user/mailer", "ses:SendEmail", "us-east-1",
            [new AddressCheck(AddressRole.Source, "news@shop.test", outcome, reason, Owner, "SourceArn", Deny, Deny, Own)]);
    }
}
