using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signet.Policies;

/// <summary>
/// The JSON of decisions, as stored with a message and as the inspection API serves it: names in camelCase, enums by name, nothing
/// left out.
/// </summary>
public static class DecisionJson
{
    public static string Write(SendDecision decision) => JsonSerializer.Serialize(decision, DecisionJsonContext.Default.SendDecision);

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
internal sealed partial class DecisionJsonContext : JsonSerializerContext;
