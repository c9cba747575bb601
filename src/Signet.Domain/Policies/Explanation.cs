using System.Diagnostics;

namespace Signet.Policies;

/// <summary>Explains how each statement of a decision was evaluated. Explaining costs more than deciding.</summary>
internal sealed class Explanation((string Name, PolicyDocument Document)[] policies, PolicyRequest request)
{
    /// <summary>How much there is to tell: statements, and the values of their conditions.</summary>
    public int Weight => policies.Sum(p => p.Document.Statements.Sum(s => 1 + s.Conditions.Sum(c => c.Values.Length)));

    public int Count => policies.Sum(p => p.Document.Statements.Length);

    /// <summary>What was asked.</summary>
    public AskedPolicies Asked => field ??= new AskedPolicies([.. policies.Select(p => new AskedPolicy(p.Name, p.Document.Version))], request);

    /// <summary>The name of a statement, which costs nothing to tell.</summary>
    /// <param name="number">Its place among all, from 0.</param>
    public StatementName NameOf(int number)
    {
        var (policy, statement) = At(number);
        return new StatementName(policy, statement.Index, statement.Sid);
    }

    /// <summary>The number of a statement; null when it is not among these.</summary>
    public int? NumberOf(string policy, int index)
    {
        var before = 0;
        foreach (var (name, document) in policies)
        {
            if (name == policy)
            {
                return index < document.Statements.Length ? before + index : null;
            }

            before += document.Statements.Length;
        }

        return null;
    }

    /// <summary>Explains a statement by its number; null once the budget is spent.</summary>
    public Func<int, StatementTrace?> Teller(EvaluationBudget budget)
    {
        var context = new RequestContext(request, budget);
        return number =>
        {
            var (policy, statement) = At(number);
            var trace = statement.Trace(policy, context);
            return context.IsSpent ? null : trace;
        };
    }

    private (string Policy, Statement Statement) At(int number)
    {
        foreach (var (name, document) in policies)
        {
            if (number < document.Statements.Length)
            {
                return (name, document.Statements[number]);
            }

            number -= document.Statements.Length;
        }

        throw new UnreachableException();
    }
}
