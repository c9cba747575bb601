using System.Text.Json.Serialization;

namespace Signet.Policies;

/// <summary>What policies say to one request, and why: every statement that was looked at, with what spoke for and against it.</summary>
public sealed class Decision
{
    private readonly Lazy<IReadOnlyList<StatementTrace>> _statements;

    /// <param name="outcome">The verdict.</param>
    /// <param name="statements">All statements of all documents, in order.</param>
    public Decision(DecisionOutcome outcome, IReadOnlyList<StatementTrace> statements)
    {
        Outcome = outcome;
        _statements = new Lazy<IReadOnlyList<StatementTrace>>(statements);
    }

    internal Decision(DecisionOutcome outcome, Func<IReadOnlyList<StatementTrace>> explain)
    {
        Outcome = outcome;
        _statements = new Lazy<IReadOnlyList<StatementTrace>>(explain);
    }

    /// <summary>The verdict.</summary>
    public DecisionOutcome Outcome { get; }

    /// <summary>
    /// All statements of all documents, in order. Worked out when first asked for: deciding is much cheaper than explaining.
    /// </summary>
    public IReadOnlyList<StatementTrace> Statements => _statements.Value;

    /// <summary>
    /// The statement that decided: the first Deny that applies, else the first Allow that does; null for NoMatch, and when a stored
    /// decision does not have it.
    /// </summary>
    [JsonIgnore]
    public StatementTrace? Decisive => Outcome switch
    {
        DecisionOutcome.Deny => Statements.FirstOrDefault(s => s is { Applies: true, Effect: PolicyEffect.Deny }),
        DecisionOutcome.Allow => Statements.FirstOrDefault(s => s is { Applies: true, Effect: PolicyEffect.Allow }),
        _ => null,
    };
}

public enum DecisionOutcome
{
    /// <summary>No statement applies: nobody but the owner may.</summary>
    NoMatch,

    /// <summary>A statement allows, and none denies.</summary>
    Allow,

    /// <summary>A statement denies; whatever allows does not count.</summary>
    Deny,
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
public sealed record StatementTrace(
    string Policy,
    int Index,
    string? Sid,
    PolicyEffect Effect,
    bool Applies,
    bool PrincipalMatches,
    bool ActionMatches,
    bool ResourceMatches,
    IReadOnlyList<ConditionTrace> Conditions);

/// <summary>How one condition (one operator with one key) fared.</summary>
/// <param name="Operator">As written, prefix and suffix included: <c>ForAllValues:StringLike</c>.</param>
/// <param name="Key">As written: <c>ses:Recipients</c>.</param>
/// <param name="PolicyValues">What the policy names, variables replaced.</param>
/// <param name="RequestValues">What the request has; null when it does not have the key.</param>
/// <param name="Holds">Whether the condition is fulfilled.</param>
/// <param name="Note">What a reader may not expect, for instance that a missing key makes a negated operator true; else null.</param>
public sealed record ConditionTrace(
    string Operator,
    string Key,
    IReadOnlyList<string> PolicyValues,
    IReadOnlyList<string>? RequestValues,
    bool Holds,
    string? Note);
