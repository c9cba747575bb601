using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signet.Policies;

/// <summary>
/// The JSON of decisions, as stored with a message and as the inspection API serves it: names in camelCase, enums by name.
/// </summary>
public static class DecisionJson
{
    /// <summary>As much of a decision as the bound leaves (<see cref="BoundedDecision"/>).</summary>
    public static string Write(SendDecision decision, int maxBytes = BoundedDecision.Kept)
    {
        // Nearly every decision fits, and is written once. All that is not ASCII is escaped, so a character is a byte.
        if (BoundedDecision.IsShort(decision) && Whole(decision) is var json && json.Length < maxBytes)
        {
            return json;
        }

        return Whole(BoundedDecision.Of(decision, maxBytes));

        static string Whole(SendDecision decision) => JsonSerializer.Serialize(decision, DecisionJsonContext.Default.SendDecision);
    }

    /// <summary>
    /// Reads what <see cref="Write"/> of this or another version wrote, as far as it makes sense: members that are not known are passed
    /// over, those that are missing are empty, and what is no decision at all says that it cannot be read.
    /// </summary>
    /// <param name="json">As stored.</param>
    /// <param name="wasAllowed">The verdict, which whoever stored it knows.</param>
    public static SendDecision Read(string json, bool wasAllowed)
    {
        try
        {
            return JsonSerializer.Deserialize(json, DecisionJsonContext.Default.SendDecision) is { } read ? Whole(read) : Unreadable(wasAllowed);
        }
        catch (JsonException)
        {
            return Unreadable(wasAllowed);
        }
    }

    private static SendDecision Unreadable(bool wasAllowed) => new(wasAllowed, "the stored decision cannot be read", "", "", "", []);

    // What was not in the JSON is null, whatever the types say.
    private static SendDecision Whole(SendDecision read) => read with
    {
        Reason = read.Reason ?? "the stored reason cannot be read",
        Principal = read.Principal ?? "",
        Action = read.Action ?? "",
        Region = read.Region ?? "",
        Checks = Whole(read.Checks, c => c with
        {
            Address = c.Address ?? "",
            Reason = c.Reason ?? "",
            OwnerPolicies = Whole(c.OwnerPolicies),
            AddressPolicies = Whole(c.AddressPolicies),
            CallerPolicies = Whole(c.CallerPolicies),
        }),
    };

    private static Decision? Whole(Decision? read) => read is null ? null : new Decision(
        read.Outcome,
        Whole(read.Statements, s => s with
        {
            Policy = s.Policy ?? "",
            Conditions = Whole(s.Conditions, c => c with { Operator = c.Operator ?? "", Key = c.Key ?? "", PolicyValues = c.PolicyValues ?? [] }),
        }),
        Math.Max(0, read.LeftOut));

    private static List<T> Whole<T>(IReadOnlyList<T>? read, Func<T, T> whole) => [.. (read ?? []).Where(item => item is not null).Select(whole)];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(SendDecision))]
[JsonSerializable(typeof(AddressCheck))]
[JsonSerializable(typeof(StatementTrace))]
[JsonSerializable(typeof(ConditionTrace))]
internal sealed partial class DecisionJsonContext : JsonSerializerContext;
