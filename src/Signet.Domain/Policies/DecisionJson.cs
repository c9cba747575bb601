using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signet.Policies;

/// <summary>
/// The JSON of decisions, as the inspection API serves it and as it is stored with a message or a refusal: names in camelCase, enums by name.
/// What is stored has no more statements than those that decided, and one member more, <c>asked</c>, that names the policies and the request:
/// from these the others are explained when somebody looks (docs/decisions/0015). Programs before it stored all statements.
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
    }

    /// <summary>A decision as it is stored with a message or a refusal.</summary>
    /// <param name="decision">As it was made.</param>
    /// <param name="facts">What is stored beside it, as <see cref="Read"/> will be given it.</param>
    /// <param name="maxBytes">How long it may become.</param>
    public static string Store(SendDecision decision, SendFacts facts, int maxBytes = BoundedDecision.Kept)
    {
        if (AskedJson.Of(decision, facts) is { } asked)
        {
            var questions = asked.Write();
            if (BoundedDecision.BriefIfShort(decision, maxBytes) is { } most && TryJoin(most, questions, maxBytes / 4) is { } stored)
            {
                return stored;
            }

            var room = maxBytes - questions.Length;
            if (room > maxBytes / 2)
            {
                var brief = BoundedDecision.Brief(decision, room);
                if (brief.Checks.Count < decision.Checks.Count || brief.Checks.Zip(decision.Checks).Any(c => c.First.Address != c.Second.Address))
                {
                    // What was cut is not asked about.
                    questions = AskedJson.Of(brief, facts)?.Write() ?? AskedJson.None;
                }

                if (TryJoin(brief, questions, maxBytes) is { } cut)
                {
                    return cut;
                }
            }
        }

        return Write(decision, maxBytes);

        string? TryJoin(SendDecision part, string end, int most)
        {
            var json = JsonSerializer.Serialize(Besides(part, facts), StoredDecisionContext.Default.SendDecision);
            return json.Length + end.Length <= most ? $"{json.AsSpan(0, json.Length - 1)}{end}" : null;
        }
    }

    /// <summary>
    /// Reads what <see cref="Write"/> or <see cref="Store"/> of this or another version wrote, as far as it makes sense: unknown members are
    /// ignored, missing ones are empty, and a text that is no decision at all says that it cannot be read.
    /// </summary>
    /// <param name="json">As stored.</param>
    /// <param name="wasAllowed">The verdict, which whoever stored it knows.</param>
    /// <param name="facts">What is stored beside it; null where nothing is to be explained later.</param>
    public static SendDecision Read(string json, bool wasAllowed, SendFacts? facts = null)
    {
        try
        {
            return JsonSerializer.Deserialize(json, DecisionJsonContext.Default.SendDecision) is not { } read ? Unreadable(wasAllowed, facts)
                : facts is not null && AskedJson.Read(json) is { } asked ? asked.AddTo(Completed(read, wasAllowed, facts), facts)
                : Completed(read, wasAllowed, facts);
        }
        catch (JsonException)
        {
            return Unreadable(wasAllowed, facts);
        }
    }

    // What stands beside it, or twice, is left out; null is what is missing to Completed.
    private static SendDecision Besides(SendDecision decision, SendFacts facts) => decision with
    {
        Principal = decision.Principal == facts.Principal ? null! : decision.Principal,
        Action = decision.Action == facts.Action ? null! : decision.Action,
        Region = decision.Region == facts.Region ? null! : decision.Region,
        Checks = [.. decision.Checks.Select(c => c with { Reason = c.Reason == decision.Reason ? null! : c.Reason })],
    };

    private static string Whole(SendDecision decision) => JsonSerializer.Serialize(decision, DecisionJsonContext.Default.SendDecision);

    private static SendDecision Unreadable(bool wasAllowed, SendFacts? facts) => new(
        wasAllowed, "the stored decision cannot be read", facts?.Principal ?? "", facts?.Action ?? "", facts?.Region ?? "", []);

    // What was not in the JSON is null, whatever the types say.
    private static SendDecision Completed(SendDecision read, bool wasAllowed, SendFacts? facts) => read with
    {
        Allowed = read.Allowed || wasAllowed,
        Reason = read.Reason ?? "the stored reason cannot be read",
        Principal = read.Principal ?? facts?.Principal ?? "",
        Action = read.Action ?? facts?.Action ?? "",
        Region = read.Region ?? facts?.Region ?? "",
        Checks = Whole(read.Checks, c => c with
        {
            Address = c.Address ?? "",
            Reason = c.Reason ?? (facts is null ? null : read.Reason) ?? "",
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
        Math.Max(0, read.LeftOut))
    {
        Missing = read.Missing,
    };

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

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SendDecision))]
[JsonSerializable(typeof(AskedJson))]
[JsonSerializable(typeof(AskedJson.Envelope))]
internal sealed partial class StoredDecisionContext : JsonSerializerContext;
