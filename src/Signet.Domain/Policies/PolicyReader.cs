using System.Text.Json;
using Signet.Names;

namespace Signet.Policies;

/// <summary>Reads the elements of a document outside its statements; <see cref="StatementReader"/> reads those.</summary>
internal static class PolicyReader
{
    /// <summary>The version with policy variables.</summary>
    private const string WithVariables = "2012-10-17";

    /// <exception cref="PolicyFormatException">It is not a policy.</exception>
    public static Statement[] Read(JsonElement root, IdentityArn? identity)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new PolicyFormatException("The policy must be a JSON object.");
        }

        var hasVariables = false;
        JsonElement? statements = null;
        foreach (var element in root.EnumerateObject())
        {
            switch (element.Name)
            {
                case "Version":
                    hasVariables = ReadVersion(element.Value);
                    break;
                case "Id":
                    if (element.Value.ValueKind != JsonValueKind.String)
                    {
                        throw new PolicyFormatException("Id must be a string.") { Path = ["Id"] };
                    }

                    break;
                case "Statement":
                    statements = element.Value;
                    break;
                default:
                    throw new PolicyFormatException($"The policy has an unknown element `{element.Name}`.") { Path = [element.Name] };
            }
        }

        return statements switch
        {
            { ValueKind: JsonValueKind.Object } one => [new StatementReader(0, hasVariables, identity).Read(one)],
            { ValueKind: JsonValueKind.Array } many when many.GetArrayLength() > 0 =>
                [.. many.EnumerateArray().Select((s, i) => new StatementReader(i, hasVariables, identity).Read(s))],
            _ => throw new PolicyFormatException("The policy must have a Statement: an object, or a list of at least one.")
            {
                Path = statements is null ? null : ["Statement"],
            },
        };
    }

    private static bool ReadVersion(JsonElement version) =>
        version.ValueKind == JsonValueKind.String && version.GetString() is WithVariables or "2008-10-17"
            ? version.ValueEquals(WithVariables)
            : throw new PolicyFormatException($"Version must be `2012-10-17` or `2008-10-17`, not `{Shown(version)}`.") { Path = ["Version"] };

    /// <summary>A value as a message shows it: a string's text, all else as written.</summary>
    public static string Shown(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
