using Signet.Names;
using Signet.Policies;

namespace Signet.Web.Decisions;

/// <summary>Where to look in a decision: which address decided, whose policies, and what came nearest to an allow.</summary>
public static class DecisionReading
{
    /// <summary>The addresses that decided: all that failed, else the one whose reason is the decision's.</summary>
    public static IEnumerable<AddressCheck> Deciding(SendDecision decision) => decision.Allowed
        ? decision.Checks.Where(c => c.Reason == decision.Reason).Take(1)
        : decision.Checks.Where(c => c.Outcome != CheckOutcome.Allowed);

    /// <summary>
    /// Whose policies decided about an address, as <c>AuthorizationRules</c> weighs them; null when none did, as when the
    /// address is not verified or is the caller's own, and when the viewer may not read them.
    /// </summary>
    public static Decision? DecidingPolicies(AddressCheck check, string principal)
    {
        if (check.Outcome == CheckOutcome.NotVerified)
        {
            return null;
        }

        Decision?[] all = [check.OwnerPolicies, check.AddressPolicies, check.CallerPolicies];
        if (Array.Find(all, d => d?.Outcome is DecisionOutcome.Deny or DecisionOutcome.TooCostly) is { } denied)
        {
            return denied;
        }

        var needsOwner = IdentityArn.TryParse(check.Identity, out var identity)
            && Principal.TryParse(principal, out var caller) && identity.Owner.Account != caller.Account;
        return check.Outcome == CheckOutcome.Allowed
            ? (needsOwner ? check.OwnerPolicies : check.CallerPolicies)
            : needsOwner && check.OwnerPolicies is { Outcome: not DecisionOutcome.Allow } ? check.OwnerPolicies
            : check.CallerPolicies is { Outcome: not DecisionOutcome.Allow } ? check.CallerPolicies : null;
    }

    /// <summary>
    /// Of a denied send without a Deny: the Allow that fewest of its parts kept from applying; null when no statement allows anything.
    /// </summary>
    public static StatementTrace? Nearest(SendDecision decision) =>
        Deciding(decision)
            .Where(c => c.Outcome == CheckOutcome.AccessDenied)
            .Select(c => DecidingPolicies(c, decision.Principal))
            .Where(d => d?.Outcome == DecisionOutcome.NoMatch)
            .SelectMany(d => d!.Statements)
            .Where(s => s.Effect == PolicyEffect.Allow)
            .MinBy(Failures);

    /// <summary>Statements to show unfolded: the one that decided, else the nearest ones.</summary>
    public static bool IsTelling(Decision decision, StatementTrace statement)
    {
        if (decision.Decisive is { } decisive)
        {
            return ReferenceEquals(decisive, statement);
        }

        var allows = decision.Statements.Where(s => s.Effect == PolicyEffect.Allow).ToList();
        return statement.Effect == PolicyEffect.Allow && Failures(statement) == allows.Min(Failures);
    }

    /// <summary>What kept a statement from applying, in a few words each.</summary>
    public static IEnumerable<string> FailedParts(StatementTrace statement)
    {
        (bool Matches, string Words)[] parts =
        [
            (statement.PrincipalMatches, "another principal"),
            (statement.ActionMatches, "another action"),
            (statement.ResourceMatches, "another resource"),
        ];
        return parts.Where(p => !p.Matches).Select(p => p.Words)
            .Concat(statement.Conditions.Where(c => !c.Holds).Select(c => $"{c.Operator} {c.Key} does not hold"));
    }

    /// <summary>The same with the values that were compared, for a condition that did not hold.</summary>
    public static IEnumerable<string> FailedPartsInFull(StatementTrace statement) =>
        FailedParts(statement with { Conditions = [] })
            .Concat(statement.Conditions.Where(c => !c.Holds).Select(Compared))
            .Select((part, i) => i == 0 ? $"{char.ToUpperInvariant(part[0])}{part[1..]}" : part)
            .Select(part => $"{part}.");

    /// <summary>As reasons name it: <c>statement 1 (`Partners`) of policy `marketing`</c>.</summary>
    public static string Name(StatementTrace statement) =>
        $"statement {statement.Index + 1}{(statement.Sid is { } sid ? $" (`{sid}`)" : "")} of policy `{statement.Policy}`";

    private static string Compared(ConditionTrace condition)
    {
        var request = condition.RequestValues is { } values ? Values(values) : "no such key";
        return $"{condition.Operator} {condition.Key} does not hold: the policy says {Values(condition.PolicyValues)}, the request has {request}";
    }

    // The table below has them all.
    private static string Values(IReadOnlyList<string> values) => values.Count switch
    {
        0 => "no value",
        <= 3 => string.Join(", ", values.Select(v => $"`{v.Replace('`', '\'')}`")),
        _ => $"{values.Count} others",
    };

    // One for another principal counts more than a condition: a statement about somebody else is not near.
    private static int Failures(StatementTrace statement) =>
        (statement.PrincipalMatches ? 0 : 100) + (statement.ActionMatches ? 0 : 10) + (statement.ResourceMatches ? 0 : 10)
        + statement.Conditions.Count(c => !c.Holds);
}
