using System.Text.Json.Serialization;

namespace Signet.Policies;

/// <summary>What policies say to one request, and why: every statement that was looked at, with what spoke for and against it.</summary>
public sealed class Decision
{
    private readonly Lazy<IReadOnlyList<StatementTrace>> _statements;
    private readonly Explanation? _explanation;
    private readonly int? _decisive;
    private readonly StatementTrace? _kept;

    /// <param name="outcome">The verdict.</param>
    /// <param name="statements">The statements of all documents, in order.</param>
    /// <param name="leftOut">How many more there were.</param>
    public Decision(DecisionOutcome outcome, IReadOnlyList<StatementTrace> statements, int leftOut = 0)
    {
        Outcome = outcome;
        LeftOut = leftOut;
        _statements = new Lazy<IReadOnlyList<StatementTrace>>(statements);
    }

    /// <param name="outcome">The verdict.</param>
    /// <param name="decisive">The number of the statement that decided.</param>
    /// <param name="explanation">All statements, as far as their policies are known.</param>
    /// <param name="kept">The statement that decided, when its policy is not known any more.</param>
    /// <param name="leftOut">How many statements there were besides.</param>
    internal Decision(DecisionOutcome outcome, int? decisive, Explanation explanation, StatementTrace? kept = null, int leftOut = 0)
    {
        Outcome = outcome;
        LeftOut = outcome == DecisionOutcome.TooCostly ? explanation.Count : leftOut;
        (_decisive, _explanation, _kept) = (decisive, explanation, kept);
        _statements = new Lazy<IReadOnlyList<StatementTrace>>(() => [.. Tell(EvaluationBudget.Unlimited(), byNumber: true).Select(t => t.Trace)]);
    }

    /// <summary>The verdict.</summary>
    public DecisionOutcome Outcome { get; }

    /// <summary>
    /// The statements of all documents, in order. Worked out when first asked for: deciding is much cheaper than explaining, and only
    /// <see cref="BoundedDecision"/> bounds what that costs.
    /// </summary>
    public IReadOnlyList<StatementTrace> Statements => _statements.Value;

    /// <summary>How many statements there were besides <see cref="Statements"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int LeftOut { get; }

    /// <summary>
    /// The statement that decided: the first Deny that applies, else the first Allow that does; null when none did, or when it is not
    /// among <see cref="Statements"/>.
    /// </summary>
    [JsonIgnore]
    public StatementTrace? Decisive => Outcome switch
    {
        DecisionOutcome.Deny => Statements.FirstOrDefault(s => s is { Applies: true, Effect: PolicyEffect.Deny }),
        DecisionOutcome.Allow => Statements.FirstOrDefault(s => s is { Applies: true, Effect: PolicyEffect.Allow }),
        _ => null,
    };

    /// <summary>The policies whose versions are no longer stored, so that nothing can be said of their statements; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Missing { get; init; }

    /// <summary>What the policies were asked about the address; null where that is not stored.</summary>
    [JsonIgnore]
    public PolicyRequest? Request => Asked?.Request;

    /// <summary>What was asked, from which every statement can be explained later; null where everything known is here.</summary>
    internal AskedPolicies? Asked
    {
        get => field ?? _explanation?.Asked;
        init;
    }

    /// <summary>Whether more can be explained than is here (<see cref="AskedPolicies.Explain"/>).</summary>
    internal bool IsBrief => _explanation is null && Asked is not null;

    /// <summary>How many statements there were.</summary>
    internal int Count => _explanation is null || Outcome == DecisionOutcome.TooCostly
        ? _statements.Value.Count + LeftOut
        : _explanation.Count + (_kept is null ? 0 : 1) + LeftOut;

    /// <summary>What is still to be worked out (<see cref="Explanation.Weight"/>).</summary>
    internal int Untold =>
        _explanation is null || _statements.IsValueCreated || Outcome == DecisionOutcome.TooCostly ? 0 : _explanation.Weight;

    /// <summary>The name of the statement that decided, as far as it is known, without working out the others.</summary>
    internal StatementName? DecidedBy =>
        _decisive is { } number ? _explanation!.NameOf(number)
        : (_kept ?? (_explanation is null ? Decisive : null)) is { } statement ? new StatementName(statement.Policy, statement.Index, statement.Sid)
        : null;

    /// <summary>Explains the statement that decided, alone; null when none did or the budget is spent.</summary>
    internal StatementTrace? TellDecisive(EvaluationBudget budget) =>
        _kept ?? (Untold == 0 ? Decisive : _decisive is { } number ? _explanation!.Teller(budget)(number) : null);

    /// <summary>Explains the statements one by one, the deciding one first; stops when the budget is spent.</summary>
    internal IEnumerable<(int Number, StatementTrace Trace)> Tell(EvaluationBudget budget)
    {
        if (Untold > 0)
        {
            return Tell(budget, byNumber: false);
        }

        var decisive = Decisive;
        return Statements.Index().OrderByDescending(s => ReferenceEquals(s.Item, decisive));
    }

    private IEnumerable<(int Number, StatementTrace Trace)> Tell(EvaluationBudget budget, bool byNumber)
    {
        if (_explanation is null || Outcome == DecisionOutcome.TooCostly)
        {
            return [];
        }

        var tell = _explanation.Teller(budget);
        (int, StatementTrace)[] first = _kept is null ? [] : [(-1, _kept)];
        return first.Concat(Enumerable.Range(0, _explanation.Count).OrderByDescending(n => !byNumber && n == _decisive)
            .Select(n => (n, tell(n)))
            .TakeWhile(t => t.Item2 is not null)!);
    }
}

/// <summary>What a statement is called.</summary>
/// <param name="Policy">The name of its policy.</param>
/// <param name="Index">Its place in the document, from 0.</param>
/// <param name="Sid">Its Sid, if it has one.</param>
internal sealed record StatementName(string Policy, int Index, string? Sid);

public enum DecisionOutcome
{
    /// <summary>No statement applies: nobody but the owner may.</summary>
    NoMatch,

    /// <summary>A statement allows, and none denies.</summary>
    Allow,

    /// <summary>A statement denies; whatever allows does not count.</summary>
    Deny,

    /// <summary>Deciding would take more than a send may cost (<see cref="EvaluationBudget"/>): nobody may.</summary>
    TooCostly,
}

public enum PolicyEffect
{
    Allow,
    Deny,
}

/// <summary>How one statement fared.</summary>
/// <param name="Policy">The name of its policy.</param>
/// <param name="Index">Its place in the document, from 0.</param>
/// <param name="Sid">Its Sid, if it has one.</param>
/// <param name="Effect">Allow or Deny.</param>
/// <param name="Applies">True when every part matches.</param>
/// <param name="PrincipalMatches">Whether the caller is among its principals (true for user policies, which have none).</param>
/// <param name="ActionMatches">Whether the action is among its actions.</param>
/// <param name="ResourceMatches">Whether the resource is among its resources.</param>
/// <param name="Conditions">Every condition, looked at also when another part already failed.</param>
/// <param name="ConditionsLeftOut">How many conditions there were besides these (<see cref="BoundedDecision"/>).</param>
public sealed record StatementTrace(
    string Policy,
    int Index,
    string? Sid,
    PolicyEffect Effect,
    bool Applies,
    bool PrincipalMatches,
    bool ActionMatches,
    bool ResourceMatches,
    IReadOnlyList<ConditionTrace> Conditions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int ConditionsLeftOut = 0);

/// <summary>How one condition (one operator with one key) fared.</summary>
/// <param name="Operator">As written, prefix and suffix included: <c>ForAllValues:StringLike</c>.</param>
/// <param name="Key">As written: <c>ses:Recipients</c>.</param>
/// <param name="PolicyValues">What the policy names, variables replaced.</param>
/// <param name="RequestValues">What the request has; null when it does not have the key.</param>
/// <param name="Holds">Whether the condition is fulfilled.</param>
/// <param name="Note">What a reader may not expect, for instance that a missing key makes a negated operator true; else null.</param>
/// <param name="ValuesLeftOut">How many values both sides had besides these (<see cref="BoundedDecision"/>).</param>
public sealed record ConditionTrace(
    string Operator,
    string Key,
    IReadOnlyList<string> PolicyValues,
    IReadOnlyList<string>? RequestValues,
    bool Holds,
    string? Note,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int ValuesLeftOut = 0);
