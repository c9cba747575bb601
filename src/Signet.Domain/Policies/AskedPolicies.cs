namespace Signet.Policies;

/// <summary>Which policies were asked, and what: enough to explain every statement later, while their versions are stored.</summary>
/// <param name="Policies">The policies, in order.</param>
/// <param name="Request">What they were asked.</param>
internal sealed record AskedPolicies(IReadOnlyList<AskedPolicy> Policies, PolicyRequest Request)
{
    /// <summary>The decision with all of its statements, as far as their policies are found.</summary>
    /// <param name="decision">As it was stored: its verdict stands, whatever the policies say today.</param>
    /// <param name="find">The document of a version; null when it is no longer stored.</param>
    public Decision Explain(Decision decision, Func<AskedPolicy, PolicyDocument?> find)
    {
        if (decision.Outcome == DecisionOutcome.TooCostly)
        {
            return decision;
        }

        List<(string, PolicyDocument)> found = [];
        List<string> missing = [];
        foreach (var policy in Policies)
        {
            if (find(policy) is { } document)
            {
                found.Add((policy.Name, document));
            }
            else
            {
                missing.Add(policy.Name);
            }
        }

        var explanation = new Explanation([.. found], Request);
        var decisive = decision.Decisive;
        var number = decisive is null ? null : explanation.NumberOf(decisive.Policy, decisive.Index);
        var kept = number is null ? decisive : null;
        var leftOut = decision.Count - explanation.Count - (kept is null ? 0 : 1);
        return new Decision(decision.Outcome, number, explanation, kept, Math.Max(0, leftOut))
        {
            Missing = missing.Count > 0 ? missing : null,
        };
    }
}

/// <summary>A policy that was asked.</summary>
/// <param name="Name">Its name at that time.</param>
/// <param name="Version">The version of its text.</param>
internal readonly record struct AskedPolicy(string Name, PolicyVersion Version);
