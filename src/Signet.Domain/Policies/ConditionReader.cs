using System.Text.Json;

namespace Signet.Policies;

/// <summary>Reads the Condition of a statement: operators, in each the keys, for each the values.</summary>
/// <param name="statement">Whose condition it is; it makes the messages.</param>
/// <param name="hasVariables">Whether the document's Version has policy variables.</param>
internal sealed class ConditionReader(StatementReader statement, bool hasVariables)
{
    private const string Element = "Condition";
    private const string IfExists = "IfExists";
    private const string ForAllValues = "ForAllValues:";
    private const string ForAnyValue = "ForAnyValue:";

    /// <exception cref="PolicyFormatException">It is not a condition.</exception>
    public Condition[] Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw statement.Refusal("Condition must be an object", Element);
        }

        List<Condition> conditions = [];
        foreach (var operators in element.EnumerateObject())
        {
            if (operators.Value.ValueKind != JsonValueKind.Object || !operators.Value.EnumerateObject().Any())
            {
                throw statement.Refusal($"the condition `{operators.Name}` must be an object with at least one key", Element, operators.Name);
            }

            conditions.AddRange(operators.Value.EnumerateObject().Select(key => Read(operators.Name, key)));
        }

        return [.. conditions];
    }

    private Condition Read(string operatorText, JsonProperty key)
    {
        var (found, quantifier, ifExists) = ReadOperator(operatorText);
        var known = ConditionKey.Find(key.Name)
            ?? throw statement.RefusalInFull($"Unknown or unapplicable condition field '{key.Name}'.", Element, operatorText, key.Name);
        if ((known.Kinds & found.Kind) == 0)
        {
            throw statement.Refusal($"the operator `{operatorText}` does not go with the key `{key.Name}`", Element, operatorText, key.Name);
        }

        return new Condition
        {
            Operator = found,
            OperatorText = operatorText,
            Key = known,
            KeyText = key.Name,
            Quantifier = quantifier,
            IfExists = ifExists,
            Values = ReadValues(found, operatorText, known, key),
        };
    }

    private (ConditionOperator Operator, Quantifier Quantifier, bool IfExists) ReadOperator(string text)
    {
        var name = text;
        var quantifier = Quantifier.None;
        if (name.StartsWith(ForAllValues, StringComparison.Ordinal))
        {
            quantifier = Quantifier.ForAllValues;
            name = name[ForAllValues.Length..];
        }
        else if (name.StartsWith(ForAnyValue, StringComparison.Ordinal))
        {
            quantifier = Quantifier.ForAnyValue;
            name = name[ForAnyValue.Length..];
        }

        var ifExists = name.EndsWith(IfExists, StringComparison.Ordinal);
        if (ifExists)
        {
            name = name[..^IfExists.Length];
        }

        // Null asks whether the key is there: neither a rule for a missing key nor one for its values can go with that.
        return ConditionOperator.Find(name) is { } found && (found.Kind != ValueKinds.Null || name == text)
            ? (found, quantifier, ifExists)
            : throw statement.Refusal($"unknown condition operator `{text}`", Element, text);
    }

    private PolicyValue[] ReadValues(ConditionOperator found, string operatorText, ConditionKey known, JsonProperty key)
    {
        var place = $"the condition `{operatorText}` on `{key.Name}`";
        IReadOnlyList<JsonElement> items = key.Value.ValueKind == JsonValueKind.Array ? [.. key.Value.EnumerateArray()] : [key.Value];
        if (items.Count == 0)
        {
            throw statement.Refusal($"{place} has no value", Element, operatorText, key.Name);
        }

        List<PolicyValue> values = [];
        foreach (var (i, item) in items.Index())
        {
            if (item.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False))
            {
                throw statement.Refusal($"{place} must have strings, numbers or booleans for values", Element, operatorText, key.Name, StatementReader.Place(i));
            }

            var text = known.IsAddress ? AddressSpelling.Of(PolicyReader.Shown(item), found.HasWildcards) : PolicyReader.Shown(item);
            values.Add(PolicyValue.TryParse(found, text, hasVariables, out var value, out var problem)
                ? value
                : throw statement.Refusal($"{problem}, in {place}", Element, operatorText, key.Name, StatementReader.Place(i)));
        }

        return [.. values];
    }
}
