namespace Signet.Policies;

/// <summary>
/// Holds policies against a request (ses/sending-authorization.md §3). Policies and statements combine by OR; inside a statement all
/// parts must match; one Deny that applies outweighs every Allow; where nothing applies the answer is
/// <see cref="DecisionOutcome.NoMatch"/>. Pure: no clock, no I/O, no exceptions, the same answer for the same question.
/// </summary>
public static class PolicyEvaluator
{
    /// <summary>Decides at once; the decision works out its statements only when they are asked for.</summary>
    /// <param name="policies">Of one identity, or of one user, with their names.</param>
    /// <param name="request">What is asked.</param>
    public static Decision Evaluate(IReadOnlyList<(string Name, PolicyDocument Document)> policies, PolicyRequest request)
    {
        var context = new RequestContext(request);
        (string Name, PolicyDocument Document)[] asked = [.. policies];
        return new Decision(Decide(asked, context), () => Explain(asked, context));
    }

    private static DecisionOutcome Decide((string Name, PolicyDocument Document)[] policies, RequestContext context)
    {
        var outcome = DecisionOutcome.NoMatch;
        foreach (var (_, document) in policies)
        {
            foreach (var statement in document.Statements)
            {
                // Once something allows, only a Deny can still change the answer.
                if ((statement.Effect == PolicyEffect.Deny || outcome == DecisionOutcome.NoMatch) && statement.Applies(context))
                {
                    if (statement.Effect == PolicyEffect.Deny)
                    {
                        return DecisionOutcome.Deny;
                    }

                    outcome = DecisionOutcome.Allow;
                }
            }
        }

        return outcome;
    }

    private static IReadOnlyList<StatementTrace> Explain((string Name, PolicyDocument Document)[] policies, RequestContext context) =>
        [.. policies.SelectMany(p => p.Document.Statements.Select(s => s.Trace(p.Name, context)))];
}
