using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Signet.Policies;
using Signet.Sending;

namespace Signet.Server.Inspection;

/// <summary>The JSON of inspection and of <c>--json</c>: camel case, enumerations by name.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(MessageList))]
[JsonSerializable(typeof(MessageDetail))]
[JsonSerializable(typeof(AttemptList))]
[JsonSerializable(typeof(EventList))]
[JsonSerializable(typeof(RefusalList))]
[JsonSerializable(typeof(CountAnswer))]
[JsonSerializable(typeof(DeletedAnswer))]
[JsonSerializable(typeof(SendDecision))]
[JsonSerializable(typeof(DescribedSend))]
internal sealed partial class InspectionJson : JsonSerializerContext
{
    /// <summary>
    /// Addresses in angle brackets stay readable. That is safe where nothing takes the JSON for HTML: it is served as JSON with
    /// <c>nosniff</c>.
    /// </summary>
    public static InspectionJson Relaxed { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
