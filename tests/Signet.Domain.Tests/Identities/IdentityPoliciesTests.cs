using Signet.Identities;
using Signet.Names;
using Signet.Policies;
using Signet.Tests.Fakes;

namespace Signet.Tests.Identities;

public sealed class IdentityPoliciesTests
{
    private static readonly IdentityArn Shop = IdentityArn.Parse("arn:aws:ses:us-east-1:111122223333:identity/shop.test");
    private static readonly PolicyName Name = PolicyName.Parse("partners");

    private readonly InMemoryIdentityStore _identities = new();
    private readonly InMemoryPolicyStore _policies = new();
    private readonly IdentityPolicies _changes;

    public IdentityPoliciesTests() => _changes = new IdentityPolicies(_identities, _policies);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Text => new PolicyAnswers().WriteFor(Shop);

    [Fact]
    public async Task A_policy_is_stored_without_its_white_space_and_removed_again()
    {
        await MakeAsync(VerificationStatus.Success);

        Assert.IsType<PolicyPut.Stored>(await _changes.PutAsync(Shop, Name, Text, Cancel));
        Assert.DoesNotContain('\n', Assert.Single(await _policies.ListAsync(Shop, Cancel)).Document);
        Assert.True(await _changes.DeleteAsync(Shop, Name, Cancel));
        Assert.Empty(await _policies.ListAsync(Shop, Cancel));
    }

    [Fact]
    public async Task What_is_not_there_has_no_policies()
    {
        Assert.IsType<PolicyPut.NoIdentity>(await _changes.PutAsync(Shop, Name, Text, Cancel));
        Assert.False(await _changes.DeleteAsync(Shop, Name, Cancel));
        Assert.Empty(await _policies.ListAsync(Shop, Cancel));
    }

    [Theory]
    [InlineData(VerificationStatus.Pending)]
    [InlineData(VerificationStatus.Failed)]
    [InlineData(VerificationStatus.NotStarted)]
    public async Task What_is_not_verified_may_have_policies_already(VerificationStatus status)
    {
        await MakeAsync(status);

        Assert.IsType<PolicyPut.Stored>(await _changes.PutAsync(Shop, Name, Text, Cancel));
        Assert.Single(await _policies.ListAsync(Shop, Cancel));
        Assert.True(await _changes.DeleteAsync(Shop, Name, Cancel));
    }

    [Fact]
    public async Task A_text_that_is_no_policy_is_refused_with_its_sentence()
    {
        await MakeAsync(VerificationStatus.TemporaryFailure);

        Assert.Equal(new PolicyPut.Invalid("The policy must be a JSON object."), await _changes.PutAsync(Shop, Name, "[]", Cancel));
        Assert.Empty(await _policies.ListAsync(Shop, Cancel));
    }

    [Fact]
    public async Task The_twenty_first_policy_is_one_too_many_but_one_of_them_may_be_replaced()
    {
        await MakeAsync(VerificationStatus.Success);
        for (var i = 0; i < 20; i++)
        {
            Assert.IsType<PolicyPut.Stored>(await _changes.PutAsync(Shop, PolicyName.Parse($"p{i}"), Text, Cancel));
        }

        Assert.Equal(new PolicyPut.TooMany(20), await _changes.PutAsync(Shop, Name, Text, Cancel));
        Assert.IsType<PolicyPut.Stored>(await _changes.PutAsync(Shop, PolicyName.Parse("p7"), Text, Cancel));
    }

    private Task<Identity?> MakeAsync(VerificationStatus status) => _identities.ChangeAsync(
        Shop, _ => VerificationRules.New(Shop, DateTimeOffset.UnixEpoch) with { Status = status }, Cancel);
}
