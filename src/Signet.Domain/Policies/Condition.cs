namespace Signet.Policies;

/// <summary>
/// One operator with one key and its values (IAM User Guide, "IAM JSON policy elements: Condition"). Where a comparison cannot be made — a
/// policy variable without a value, a text that is no ARN — a positive operator finds no match, and a negated one is settled on the safe
/// side: it holds in a Deny and does not in an Allow.
/// </summary>
internal sealed class Condition
{
    private const string NoSuchKey = "the request does not have this key";

    private readonly bool _hasVariables;

    public required ConditionOperator Operator { get; init; }

    /// <summary>The operator as written, prefix and suffix included.</summary>
    public required string OperatorText { get; init; }

    public required ConditionKey Key { get; init; }

    /// <summary>The key as written.</summary>
    public required string KeyText { get; init; }

    /// <summary>
    /// What the prefix says; none on a key with several values is taken for <c>ForAnyValue</c> (docs/ses-differences.md).
    /// </summary>
    public required Quantifier Quantifier { get; init; }

    public required bool IfExists { get; init; }

    public required PolicyValue[] Values
    {
        get;
        init
        {
            field = value;
            _hasVariables = Array.Exists(value, v => v.HasVariables);
        }
    }

    /// <summary>Whether the condition is fulfilled in a statement of that effect.</summary>
    public bool Holds(RequestContext context, PolicyEffect effect) => Holds(context, effect, out _);

    /// <param name="context">The request.</param>
    /// <param name="effect">Of the statement.</param>
    /// <param name="doubtful">Whether a value was met that cannot be compared.</param>
    private bool Holds(RequestContext context, PolicyEffect effect, out bool doubtful)
    {
        doubtful = false;
        var actual = context.Values(Key);
        if (Operator.Kind == ValueKinds.Null)
        {
            return AsksFor(isMissing: actual is null);
        }

        if (actual is null)
        {
            return HoldsWithoutKey;
        }

        var all = Quantifier == Quantifier.ForAllValues;
        var values = _hasVariables ? Array.ConvertAll(Values, v => v.In(context)) : Values;
        foreach (var value in actual)
        {
            if (Satisfies(value, values, context, effect, ref doubtful) != all)
            {
                return !all;
            }
        }

        return all;
    }

    /// <summary>How it fared, for a person to read.</summary>
    public ConditionTrace Trace(RequestContext context, PolicyEffect effect)
    {
        var actual = context.Values(Key);
        var holds = Holds(context, effect, out var doubtful);
        return new ConditionTrace(
            OperatorText,
            KeyText,
            [.. Values.Select(v => v.Show(context))],
            actual is null ? null : [.. actual.Select(v => v.Text)],
            holds,
            Note(actual, doubtful));
    }

    private bool HoldsWithoutKey => IfExists || Quantifier switch
    {
        Quantifier.ForAllValues => true,
        Quantifier.ForAnyValue => false,
        _ => !Key.IsMultiValued && Operator.IsNegated,
    };

    /// <summary>For Null, whose values say whether the key has to be missing.</summary>
    private bool AsksFor(bool isMissing) => Values.OfType<PolicyValue.OfBool>().Any(v => v.Wanted == isMissing);

    private bool Satisfies(
        RequestText actual, PolicyValue[] values, RequestContext context, PolicyEffect effect, ref bool doubtful)
    {
        var unknown = false;
        foreach (var value in values)
        {
            switch (value.Compare(actual, context))
            {
                case Match.Yes:
                    return !Operator.IsNegated;
                case Match.Unknown:
                    unknown = doubtful = true;
                    break;
            }
        }

        return Operator.IsNegated && (!unknown || effect == PolicyEffect.Deny);
    }

    private string? Note(RequestText[]? actual, bool doubtful)
    {
        if (Operator.Kind == ValueKinds.Null)
        {
            return null;
        }

        if (actual is null)
        {
            return IfExists ? $"{NoSuchKey}: true because of IfExists"
                : Quantifier == Quantifier.ForAllValues ? $"{NoSuchKey}: ForAllValues is true of no values"
                : HoldsWithoutKey ? $"{NoSuchKey}: a negated operator is then true"
                : NoSuchKey;
        }

        if (doubtful)
        {
            return "a value cannot be compared, because a policy variable has no value or the request's value is of another kind";
        }

        return Quantifier switch
        {
            Quantifier.ForAllValues when actual.Length == 0 => "ForAllValues is true of no values",
            Quantifier.None when Key.IsMultiValued => $"`{Key.Name}` can have several values: without a prefix this is ForAnyValue",
            _ => null,
        };
    }
}

/// <summary>The prefix of an operator.</summary>
internal enum Quantifier
{
    None,
    ForAllValues,
    ForAnyValue,
}
