using Signet.Names;
using Signet.Policies;
using Signet.Sending;

namespace Signet.Tests.Sending;

public sealed class PolicyTrialTests
{
    private const string AllowDelegate = """{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"ses:SendEmail","Resource":"D"}""";
    private const string DenyDelegate = """{"Effect":"Deny","Principal":{"AWS":"444455556666"},"Action":"ses:*","Resource":"D"}""";

    [Fact]
    public async Task A_new_policy_is_asked_besides_the_stored_ones()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);

        var decision = await DecideAsync(door, Trial(Door.Domain, "another", DenyDelegate));

        Assert.False(decision.Allowed);
        Assert.Equal(["another", "p"], decision.Checks[0].OwnerPolicies!.Statements.Select(s => s.Policy));
    }

    [Fact]
    public async Task A_policy_of_a_stored_ones_name_is_asked_in_its_place()
    {
        var door = await Door.OpenAsync();
        await door.PutPolicyAsync(Door.Domain, DenyDelegate);

        var decision = await DecideAsync(door, Trial(Door.Domain, "p", AllowDelegate));

        Assert.True(decision.Allowed);
        Assert.Single(decision.Checks[0].OwnerPolicies!.Statements);
    }

    [Fact]
    public async Task The_deny_of_a_policy_on_trial_on_the_address_identity_is_heard()
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Owner, "info@shop.test");
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);

        var decision = await door.Authorization.DecideWithAsync(
            Door.Attempt("info@shop.test"), Trial(Door.Address, "new", DenyDelegate), TestContext.Current.CancellationToken);

        Assert.Equal(DecisionOutcome.Deny, decision.Checks[0].AddressPolicies!.Outcome);
        Assert.False(decision.Allowed);
    }

    [Fact]
    public async Task Nothing_is_stored_and_other_identities_are_asked_as_they_are()
    {
        var door = await Door.OpenAsync();
        await door.VerifyAsync(Door.Owner, "other.test");
        await door.PutPolicyAsync(Door.Domain, AllowDelegate);

        Assert.True((await DecideAsync(door, Trial(Door.Arn("other.test"), "p", DenyDelegate))).Allowed);
        Assert.False((await DecideAsync(door, Trial(Door.Domain, "p", DenyDelegate))).Allowed);
        Assert.True((await door.DecideAsync(Door.Attempt())).Allowed);
        Assert.True((await DecideAsync(door, null)).Allowed);
    }

    [Fact]
    public void A_text_that_could_not_be_put_cannot_be_tried()
    {
        Assert.False(PolicyTrial.TryRead(Door.Domain, PolicyName.Parse("p"), "{", out _, out var problem));
        Assert.Equal("The policy is not JSON: line 1, position 2 is not understood.", problem);
    }

    private static Task<SendDecision> DecideAsync(Door door, PolicyTrial? trial) =>
        door.Authorization.DecideWithAsync(Door.Attempt(), trial, TestContext.Current.CancellationToken);

    private static PolicyTrial Trial(IdentityArn identity, string name, string statement)
    {
        var text = $$"""{"Version":"2012-10-17","Statement":{{statement.Replace("\"D\"", $"\"{identity}\"", StringComparison.Ordinal)}}}""";
        Assert.True(PolicyTrial.TryRead(identity, PolicyName.Parse(name), text, out var trial, out var problem), problem);
        return trial;
    }
}
