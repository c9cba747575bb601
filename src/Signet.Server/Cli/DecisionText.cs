using Signet.Policies;

namespace Signet.Server.Cli;

/// <summary>
/// A decision for a reader: every address, every policy that was asked about it, every statement with the parts that matched and
/// those that did not, the request's values below the policy's.
/// </summary>
internal static class DecisionText
{
    public static IEnumerable<string> Lines(SendDecision decision)
    {
        yield return $"{(decision.Allowed ? "allowed" : "denied")}: {decision.Reason}";
        yield return $"principal {decision.Principal}";
        yield return $"action {decision.Action}";
        yield return $"region {decision.Region}";
        if (decision.Remark is { } remark)
        {
            yield return $"note: {remark}";
        }

        foreach (var line in decision.Checks.SelectMany(Lines).Concat(LeftOut(decision.LeftOut, "addresses")))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Lines(AddressCheck check)
    {
        yield return "";
        yield return $"{check.Role} {check.Address}";
        yield return $"  {Outcome(check.Outcome)}: {check.Reason}";
        yield return $"  identity: {check.Identity ?? "none"}{(check.NamedBy is null ? "" : $" (named by {check.NamedBy})")}";
        (string, Decision?)[] all =
        [
            ("policies on the identity", check.OwnerPolicies),
            ("policies on the address's own identity", check.AddressPolicies),
            ("policies of the caller", check.CallerPolicies),
        ];
        foreach (var line in all.SelectMany(p => p.Item2 is { } decision ? Lines(p.Item1, decision) : []))
        {
            yield return $"  {line}";
        }
    }

    private static IEnumerable<string> Lines(string whose, Decision decision)
    {
        yield return $"{whose}: {Outcome(decision.Outcome)}";
        var gone = (decision.Missing ?? []).Select(policy => $"{policy}: this version of the policy is no longer stored");
        foreach (var line in decision.Statements.SelectMany(Lines).Concat(gone).Concat(LeftOut(decision.LeftOut, "statements")))
        {
            yield return $"  {line}";
        }
    }

    private static IEnumerable<string> Lines(StatementTrace statement)
    {
        var name = statement.Sid is null ? $"{statement.Index + 1}" : $"{statement.Index + 1} ({statement.Sid})";
        yield return $"{statement.Policy}, statement {name}: {statement.Effect} {(statement.Applies ? "applies" : "does not apply")}";
        yield return $"  principal {Matches(statement.PrincipalMatches)}";
        yield return $"  action {Matches(statement.ActionMatches)}";
        yield return $"  resource {Matches(statement.ResourceMatches)}";
        foreach (var line in statement.Conditions.SelectMany(Lines).Concat(LeftOut(statement.ConditionsLeftOut, "conditions")))
        {
            yield return $"  {line}";
        }
    }

    private static IEnumerable<string> Lines(ConditionTrace condition)
    {
        yield return $"{condition.Operator} {condition.Key} {(condition.Holds ? "holds" : "does not hold")}";
        yield return $"  policy:  {Values(condition.PolicyValues)}";
        yield return $"  request: {(condition.RequestValues is { } values ? Values(values) : "does not have this key")}";
        if (condition.Note is { } note)
        {
            yield return $"  note:    {note}";
        }

        foreach (var line in LeftOut(condition.ValuesLeftOut, "values"))
        {
            yield return $"  {line}";
        }
    }

    private static IEnumerable<string> LeftOut(int count, string what) => count > 0 ? [$"and {count} more {what}"] : [];

    private static string Outcome(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Allowed => "allowed",
        CheckOutcome.NotVerified => "not verified",
        CheckOutcome.AccessDenied => "denied",
        _ => throw new System.Diagnostics.UnreachableException($"{outcome}"),
    };

    private static string Outcome(DecisionOutcome outcome) => outcome switch
    {
        DecisionOutcome.Allow => "allow",
        DecisionOutcome.Deny => "deny",
        DecisionOutcome.NoMatch => "no statement applies",
        DecisionOutcome.TooCostly => "takes too many comparisons",
        _ => throw new System.Diagnostics.UnreachableException($"{outcome}"),
    };

    private static string Matches(bool matches) => matches ? "matches" : "does not match";

    // Quoted, so that an empty value and blanks at the ends can be seen.
    private static string Values(IReadOnlyList<string> values) =>
        values.Count == 0 ? "(empty)" : string.Join(", ", values.Select(v => $"`{v}`"));
}
