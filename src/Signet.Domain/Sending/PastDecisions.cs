using Signet.Accounts;
using Signet.Names;
using Signet.Policies;

namespace Signet.Sending;

/// <summary>
/// Explains stored decisions in full: what every statement of every evaluated policy said, in the version that was evaluated. It is worked
/// out when somebody looks. A decision that was just made, or that an earlier program stored, is complete already.
/// </summary>
/// <param name="policies">The policies on identities, and what was replaced.</param>
/// <param name="accounts">The policies of users.</param>
/// <param name="library">Keeps policies parsed.</param>
public sealed class PastDecisions(IPolicyStore policies, AccountRegistry accounts, PolicyLibrary library)
{
    /// <summary>The decision with every statement that can still be explained, at most <see cref="BoundedDecision.Shown"/>.</summary>
    public async Task<SendDecision> ExplainAsync(SendDecision decision, CancellationToken cancel) =>
        BoundedDecision.Of(await ExplainAsync(decision, new PastPolicies(policies, accounts, library), cancel), BoundedDecision.Shown);

    /// <summary>The refusals, each with every statement that can still be explained, at most <see cref="BoundedDecision.Kept"/>.</summary>
    public async Task<IReadOnlyList<RefusedRequest>> ExplainAsync(IReadOnlyList<RefusedRequest> refusals, CancellationToken cancel)
    {
        var past = new PastPolicies(policies, accounts, library);
        List<RefusedRequest> explained = [];
        foreach (var refusal in refusals)
        {
            explained.Add(refusal.Decision is not { } decision ? refusal : refusal with
            {
                Decision = BoundedDecision.Of(
                    await ExplainAsync(decision, past, cancel), BoundedDecision.Kept, EvaluationBudget.OfOneAmongMany()),
            });
        }

        return explained;
    }

    private static async Task<SendDecision> ExplainAsync(SendDecision decision, PastPolicies past, CancellationToken cancel)
    {
        List<AddressCheck> checks = [];
        foreach (var check in decision.Checks)
        {
            checks.Add(check with
            {
                OwnerPolicies = await OfIdentityAsync(check.OwnerPolicies),
                AddressPolicies = await OfIdentityAsync(check.AddressPolicies),
                CallerPolicies = check.CallerPolicies is { IsBrief: true } caller ? await past.OfUserAsync(caller, cancel) : check.CallerPolicies,
            });
        }

        return decision with { Checks = checks };

        async Task<Decision?> OfIdentityAsync(Decision? said) =>
            said is { IsBrief: true } && IdentityArn.TryParse(said.Asked!.Request.Resource, out var identity)
                ? await past.OfIdentityAsync(said, identity, cancel)
                : said;
    }
}
