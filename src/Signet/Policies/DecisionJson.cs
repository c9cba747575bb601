using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signet.Policies;

/// <summary>
/// The JSON of decisions, as stored with a message and as the inspection API serves it: names in camelCase, enums by name.
/// </summary>
public static class DecisionJson
{
    /// <summary>As much of a decision as the bound leaves (<see cref="BoundedDecision"/>).</summary>
    public static string Write(SendDecision decision, int maxBytes = BoundedDecision.Kept) =>
        JsonSerializer.Serialize(BoundedDecision.Of(decision, maxBytes), DecisionJsonContext.Default.SendDecision);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static SendDecision Read(string json) =>
        JsonSerializer.Deserialize(json, DecisionJsonContext.Default.SendDecision) ?? throw new JsonException("a decision cannot be null");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SendDecision))]
[JsonSerializable(typeof(AddressCheck))]
[JsonSerializable(typeof(StatementTrace))]
[JsonSerializable(typeof(ConditionTrace))]
internal sealed partial class DecisionJsonContext : JsonSerializerContext;
