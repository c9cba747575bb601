using Signet.Accounts;
using Signet.Names;
using Signet.Policies;

namespace Signet.Sending;

/// <summary>
/// Tells the whole of decisions that were stored: what every statement of every policy said that was asked, in the version that was asked.
/// It is worked out when somebody looks; a decision that was made a moment ago, or that an earlier program stored, is whole already.
/// </summary>
/// <param name="policies">The policies on identities, and what was replaced.</param>
/// <param name="accounts">The policies of users.</param>
/// <param name="library">Keeps policies parsed.</param>
public sealed class PastDecisions(IPolicyStore policies, AccountRegistry accounts, PolicyLibrary library)
{
    /// <summary>The decision with all that can still be told, at most <see cref="BoundedDecision.Shown"/>.</summary>
    public async Task<SendDecision> TellAsync(SendDecision decision, CancellationToken cancel) =>
        BoundedDecision.Of(await TellAsync(decision, new PastPolicies(policies, accounts, library), cancel), BoundedDecision.Shown);

    /// <summary>The refusals with all that can still be told of each, at most <see cref="BoundedDecision.Kept"/>.</summary>
    public async Task<IReadOnlyList<RefusedRequest>> TellAsync(IReadOnlyList<RefusedRequest> refusals, CancellationToken cancel)
    {
        var past = new PastPolicies(policies, accounts, library);
        List<RefusedRequest> told = [];
        foreach (var refusal in refusals)
        {
            told.Add(refusal.Decision is not { } decision ? refusal : refusal with
            {
                Decision = BoundedDecision.Of(
                    await TellAsync(decision, past, cancel), BoundedDecision.Kept, EvaluationBudget.OfOneAmongMany()),
            });
        }

        return told;
    }

    private static async Task<SendDecision> TellAsync(SendDecision decision, PastPolicies past, CancellationToken cancel)
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
