using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Signet.Accounts;
using Signet.Messages;

namespace Signet.Storage;

/// <summary>
/// The columns that hold JSON of our own. A stored object begins with the version of its form, <c>"v":1</c>; a list of plain values is
/// of version 1, and one of a later version would be an object. The history of a message is read as far as it makes sense:
/// another version may have written it, and a part that cannot be read must not block the rest.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(IReadOnlyList<MessageTag>))]
[JsonSerializable(typeof(AccountRules))]
internal sealed partial class StorageJson : JsonSerializerContext
{
    private const string Version = "{\"v\":1";
    private const string CannotBeRead = "cannot be read";
    private const string UnreadableObject = $$"""{"detail":"{{CannotBeRead}}"}""";

    public static string Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    /// <exception cref="JsonException">It is something else.</exception>
    public static T Read<T>(string json, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(json, type) ?? throw new JsonException("a stored document is null");

    /// <summary>An object as it is stored.</summary>
    public static string Versioned(string json) => json == "{}" ? $"{Version}}}" : string.Concat(Version, ",", json.AsSpan(1));

    /// <summary>An object as it was given to <see cref="Versioned"/>, or one that says that it cannot be read.</summary>
    public static string Unversioned(string json)
    {
        if (json.StartsWith("{\"v\":", StringComparison.Ordinal) && json.AsSpan().IndexOfAny(',', '}') is > 0 and var end)
        {
            json = json[end] == ',' ? $"{{{json.AsSpan(end + 1)}" : "{}";
        }

        return IsObject(json) ? json : UnreadableObject;
    }

    /// <summary>A list of texts; one that cannot be read has none.</summary>
    public static IReadOnlyList<string> Texts(string json) => ReadOr(json, Default.IReadOnlyListString, []);

    /// <summary>A list of texts to show.</summary>
    public static IReadOnlyList<string> TextsToShow(string json) => ReadOr(json, Default.IReadOnlyListString, [CannotBeRead]);

    /// <summary>A list of tags to show.</summary>
    public static IReadOnlyList<MessageTag> TagsToShow(string json) =>
        ReadOr(json, Default.IReadOnlyListMessageTag, [new MessageTag("tags", CannotBeRead)]);

    private static IReadOnlyList<T> ReadOr<T>(string json, JsonTypeInfo<IReadOnlyList<T>> type, IReadOnlyList<T> otherwise)
        where T : class
    {
        try
        {
            return [.. Read(json, type).Where(item => item is not null)];
        }
        catch (JsonException)
        {
            return otherwise;
        }
    }

    private static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
