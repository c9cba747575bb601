using Signet.Addresses;
using Signet.Names;
using Signet.Policies;

namespace Signet.Sending;

/// <summary>What is known when one address is judged: the identity that covers it, and what each side's policies say.</summary>
/// <param name="Identity">Verified, and covers the address.</param>
/// <param name="Caller">Who sends.</param>
/// <param name="NamedBy">The parameter or header that named the identity; null when it was found among the caller's own.</param>
/// <param name="Owner">The policies on the identity.</param>
/// <param name="Address">The policies on another address identity of the owner, see <see cref="AddressCheck.AddressPolicies"/>.</param>
/// <param name="User">The caller's user policies; null for an account's root.</param>
internal sealed record AuthorizationFacts(
    IdentityArn Identity, Principal Caller, string? NamedBy, Decision Owner, Decision? Address, Decision? User)
{
    public bool IsDelegate => Identity.Owner.Account != Caller.Account;
}

/// <summary>
/// How the answers of several policies become one (SES Developer Guide, "Using sending authorization"; docs/ses-differences.md). Pure.
/// </summary>
internal static class AuthorizationRules
{
    // A Sid may be as long as a policy.
    private const int MaxSid = 100;

    /// <summary>
    /// A Deny from any side decides. A delegate needs an Allow from both accounts, the owner's and its own; an owner needs one from its own.
    /// The root of an account has its account's Allow.
    /// </summary>
    public static (CheckOutcome Outcome, string Reason) Judge(AuthorizationFacts facts)
    {
        Decision?[] all = [facts.Owner, facts.Address, facts.User];
        if (Array.Exists(all, d => d?.Outcome == DecisionOutcome.TooCostly))
        {
            return Denied(
                $"The policies on {facts.Identity} and of {facts.Caller} take more comparisons for this send than one send may take "
                + $"({EvaluationBudget.StepsPerSend}): fewer policies, values, From addresses or recipients are needed.");
        }

        if (facts.Owner.Outcome == DecisionOutcome.Deny)
        {
            return Denied($"{Statement(facts.Owner)} on {facts.Identity} denies it.");
        }

        if (facts.Address?.Outcome == DecisionOutcome.Deny)
        {
            return Denied($"{Statement(facts.Address)} on the owner's address identity denies it, although {facts.Identity} was named.");
        }

        if (facts.User?.Outcome == DecisionOutcome.Deny)
        {
            return Denied($"{Statement(facts.User)} of {facts.Caller} denies it.");
        }

        if (facts.IsDelegate && facts.Owner.Outcome != DecisionOutcome.Allow)
        {
            return Denied(facts.Owner.Count == 0
                ? $"{facts.Identity} has no policy, so only its owner may send with it."
                : $"No statement of the policies on {facts.Identity} allows it to {facts.Caller}.");
        }

        if (facts.User is { Outcome: not DecisionOutcome.Allow })
        {
            return Denied($"No statement of the user policies of {facts.Caller} allows it.");
        }

        return (CheckOutcome.Allowed, facts.IsDelegate
            ? $"{Statement(facts.Owner)} on {facts.Identity} allows it."
            : $"{facts.Identity} is the caller's own.");
    }

    private static (CheckOutcome Outcome, string Reason) Denied(string reason) => (CheckOutcome.AccessDenied, reason);

    private static string Statement(Decision decision)
    {
        var statement = decision.DecidedBy!;
        return $"Statement {statement.Index + 1}{(statement.Sid is { } sid ? $" (`{Excerpt.Of(sid, MaxSid)}`)" : "")} of policy `{statement.Policy}`";
    }
}
