using Signet.Names;
using Signet.Policies;
using Signet.Web.Shell;

namespace Signet.Web.Decisions;

/// <summary>
/// What a viewer may read of a decision. Policies are read by the account they belong to: those on an identity by its owner, those of a
/// user by the user's account. Of another account's a viewer learns what a send would tell too, that it is allowed or denied: no policy, no
/// statement, no reason that names one, and not whether an identity is there.
/// </summary>
public static class DecisionSight
{
    /// <summary>The decision as the viewer may read it: the same verdicts, and policies left out (null) that are not theirs to read.</summary>
    public static SendDecision For(Viewer viewer, SendDecision decision)
    {
        if (viewer.Account is null)
        {
            return decision;
        }

        var seesCaller = Principal.TryParse(decision.Principal, out var principal) && viewer.Sees(principal.Account);
        IReadOnlyList<AddressCheck> checks = [.. decision.Checks.Select(c => Shown(viewer, c, seesCaller))];

        // The decision's reason is that of one of its checks.
        var told = decision.Checks.ToList().FindIndex(c => c.Reason == decision.Reason);
        return decision with { Reason = told < 0 ? decision.Reason : checks[told].Reason, Checks = checks };
    }

    /// <summary>Whether the policies on the identity that was looked at are hidden from the viewer.</summary>
    public static bool HidesOwner(Viewer viewer, AddressCheck check) =>
        check.Identity is { } identity && !(IdentityArn.TryParse(identity, out var arn) && viewer.Sees(arn.Owner.Account));

    private static AddressCheck Shown(Viewer viewer, AddressCheck check, bool seesCaller)
    {
        var hidesOwner = HidesOwner(viewer, check);
        if (!hidesOwner && seesCaller)
        {
            return check;
        }

        return check with
        {
            Reason = check.Outcome switch
            {
                CheckOutcome.Allowed => $"It is allowed to send with {check.Identity}.",
                CheckOutcome.NotVerified =>
                    $"{check.NamedBy ?? "The request"} names {check.Identity ?? "nothing"}, which cannot be used for `{check.Address}`.",
                _ when hidesOwner && check.CallerPolicies is null or { Outcome: DecisionOutcome.Allow } =>
                    $"The policies of the owner of {check.Identity} do not allow it; only the owner may read them.",
                _ => $"It is denied by the policies on {check.Identity} or by those of the caller.",
            },
            OwnerPolicies = hidesOwner ? null : check.OwnerPolicies,
            AddressPolicies = hidesOwner ? null : check.AddressPolicies,
            CallerPolicies = seesCaller ? check.CallerPolicies : null,
        };
    }
}
