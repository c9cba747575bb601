namespace Signet.Policies;

/// <summary>
/// Holds policies against a request (IAM User Guide, "Policy evaluation logic"). Policies and statements combine by OR; inside a statement
/// all parts must match; one Deny that applies outweighs every Allow; where nothing applies the answer is
/// <see cref="DecisionOutcome.NoMatch"/>. Pure: no clock, no I/O, no exceptions, the same answer for the same question.
/// </summary>
public static class PolicyEvaluator
{
    /// <summary>Decides at once; the decision works out its statements only when they are asked for.</summary>
    /// <param name="policies">Of one identity, or of one user, with their names.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="budget">What may still be spent on the send that the request is about; null for one of its own.</param>
    public static Decision Evaluate(
        IReadOnlyList<(string Name, PolicyDocument Document)> policies, PolicyRequest request, EvaluationBudget? budget = null)
    {
        var context = new RequestContext(request, budget ?? new EvaluationBudget());
        (string Name, PolicyDocument Document)[] asked = [.. policies];
        var (outcome, decisive) = Decide(asked, context);
        return new Decision(outcome, decisive, new Explanation(asked, request));
    }

    private static (DecisionOutcome Outcome, int? Decisive) Decide((string Name, PolicyDocument Document)[] policies, RequestContext context)
    {
        (DecisionOutcome Outcome, int? Decisive) answer = (DecisionOutcome.NoMatch, null);
        var number = -1;
        foreach (var (_, document) in policies)
        {
            foreach (var statement in document.Statements)
            {
                number++;

                // Once something allows, only a Deny can still change the answer.
                var matters = statement.Effect == PolicyEffect.Deny || answer.Decisive is null;
                if (!matters || !statement.Applies(context))
                {
                    continue;
                }

                if (statement.Effect == PolicyEffect.Deny)
                {
                    return Unspent(DecisionOutcome.Deny, number);
                }

                answer = (DecisionOutcome.Allow, number);
            }

            if (context.IsSpent)
            {
                break;
            }
        }

        return Unspent(answer.Outcome, answer.Decisive);

        // What was compared since the budget was spent means nothing.
        (DecisionOutcome, int?) Unspent(DecisionOutcome outcome, int? decisive) =>
            context.IsSpent ? (DecisionOutcome.TooCostly, null) : (outcome, decisive);
    }
}
