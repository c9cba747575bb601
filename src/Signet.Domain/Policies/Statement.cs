namespace Signet.Policies;

/// <summary>One statement of a policy, ready to be held against requests.</summary>
internal sealed class Statement
{
    private static readonly RequestText[] SendActions = [.. PolicyDocument.SendActions.Select(a => RequestText.Of(a.ToLowerInvariant()))];

    // A bit for each of the send actions; negative until it is worked out, which two threads may do at once.
    private int _sends = -1;

    /// <summary>Its place in the document, from 0.</summary>
    public required int Index { get; init; }

    public required string? Sid { get; init; }

    public required PolicyEffect Effect { get; init; }

    /// <summary>Null in a user policy, which speaks of the user it hangs on.</summary>
    public required PrincipalSet? Principals { get; init; }

    /// <summary>What stands under <c>Action</c>, or under <c>NotAction</c> if <see cref="IsNotAction"/>; in lower case.</summary>
    public required Glob[] Actions { get; init; }

    public required bool IsNotAction { get; init; }

    /// <summary>What stands under <c>Resource</c>, or under <c>NotResource</c> if <see cref="IsNotResource"/>.</summary>
    public required TextPattern[] Resources { get; init; }

    public required bool IsNotResource { get; init; }

    public required Condition[] Conditions { get; init; }

    /// <summary>What comparing its parts costs, but for its conditions (<see cref="EvaluationBudget"/>).</summary>
    private int Cost => 1 + Actions.Length + ((Principals?.Count ?? 0) / 4);

    /// <summary>Asks what most often says no first, and the resource last: that of a policy on an identity is the identity.</summary>
    public bool Applies(RequestContext context) =>
        context.TrySpend(Cost) && ActionMatches(context) && PrincipalMatches(context) && ConditionsHold(context) && ResourceMatches(context);

    /// <summary>How it fared, part by part, also when one of them has settled it.</summary>
    public StatementTrace Trace(string policy, RequestContext context)
    {
        context.TrySpend(Cost);
        var (principal, action, resource) = (PrincipalMatches(context), ActionMatches(context), ResourceMatches(context));
        IReadOnlyList<ConditionTrace> conditions = [.. Conditions.Select(c => c.Trace(context, Effect))];
        var applies = principal && action && resource && conditions.All(c => c.Holds);
        return new(policy, Index, Sid, Effect, applies, principal, action, resource, conditions);
    }

    /// <summary>
    /// Whether it speaks of all principals, actions and resources that the other speaks of, as far as that is visible from how they are
    /// written.
    /// </summary>
    public bool SpeaksOfAllThat(Statement other) =>
        (Principals is null || (other.Principals is { } theirs && Principals.CoversAll(theirs)))
        && (other.Sends & ~Sends) == 0
        && IsNotResource == other.IsNotResource
        && Resources.Select(r => r.Source).SequenceEqual(other.Resources.Select(r => r.Source));

    private bool PrincipalMatches(RequestContext context) => Principals is null || Principals.Covers(context.Request.Principal);

    /// <summary>Which of <see cref="PolicyDocument.SendActions"/> it names. Nearly every request asks for one of them.</summary>
    private int Sends
    {
        get
        {
            if (_sends < 0)
            {
                _sends = SendActions.Index().Sum(a => Names(a.Item) ? 1 << a.Index : 0);
            }

            return _sends;
        }
    }

    private bool ActionMatches(RequestContext context) =>
        context.SendAction >= 0 ? (Sends & (1 << context.SendAction)) != 0 : Names(context.Action);

    private bool Names(RequestText asked)
    {
        foreach (var action in Actions)
        {
            if (action.Matches(asked, ignoreCase: false))
            {
                return !IsNotAction;
            }
        }

        return IsNotAction;
    }

    private bool ResourceMatches(RequestContext context)
    {
        var unknown = false;
        foreach (var resource in Resources)
        {
            switch (resource.In(context).Compare(context.Resource, ignoreCase: false, context))
            {
                case Match.Yes:
                    return !IsNotResource;
                case Match.Unknown:
                    unknown = true;
                    break;
            }
        }

        // As in a negated condition: what cannot be compared is settled on the safe side.
        return IsNotResource && (!unknown || Effect == PolicyEffect.Deny);
    }

    private bool ConditionsHold(RequestContext context)
    {
        foreach (var condition in Conditions)
        {
            if (!condition.Holds(context, Effect))
            {
                return false;
            }
        }

        return true;
    }
}
