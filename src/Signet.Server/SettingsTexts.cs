using System.Text.Json;

namespace Signet.Server;

/// <summary>A setting as it was written, and where.</summary>
/// <param name="Value">The text.</param>
/// <param name="Origin">For the operator: <c>given on the command line</c>, <c>from SIGNET_HTTP</c>, <c>from signet.json</c>.</param>
internal readonly record struct SettingText(string Value, string Origin);

/// <summary>What settings are gathered from beside the command line.</summary>
/// <param name="Variable">The value of an environment variable, or null.</param>
/// <param name="Directory">Where <c>signet.json</c> is looked for and relative paths begin.</param>
/// <param name="MachineName">The default of <c>--hostname</c>.</param>
internal sealed record SettingsSurroundings(Func<string, string?> Variable, string Directory, string MachineName)
{
    /// <summary>Opens the place where the log goes.</summary>
    public Func<Stream> OpenLog { get; init; } = Console.OpenStandardError;

    /// <summary>Those of this process.</summary>
    public static SettingsSurroundings OfProcess() =>
        new(Environment.GetEnvironmentVariable, Environment.CurrentDirectory, Environment.MachineName);
}

/// <summary>
/// The settings as texts: the command line wins over the environment, the environment over the file, each setting as a whole (a
/// repeated one is not put together from several places). An empty variable counts as none.
/// </summary>
internal sealed class SettingsTexts
{
    private const string DefaultFile = "signet.json";

    private static readonly JsonDocumentOptions FileOptions = new()
    {
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        CommentHandling = JsonCommentHandling.Skip,
    };

    // What Docker's links and Kubernetes put into every container beside a service: SIGNET_MX_PORT=tcp://10.0.0.1:25 for one that is called
    // `signet-mx`. No setting takes such a value.
    private static readonly string[] ServiceLinks = ["tcp://", "udp://", "sctp://"];

    private readonly Dictionary<string, IReadOnlyList<SettingText>> texts = [];
    private readonly List<string> passedOver = [];

    private SettingsTexts()
    {
    }

    /// <summary>What was written for the option; empty if nothing was.</summary>
    public IReadOnlyList<SettingText> this[SettingOption option] => texts.GetValueOrDefault(option.Name, []);

    /// <summary>Names of variables that hold the address of a service, not a setting.</summary>
    public IReadOnlyList<string> PassedOver => passedOver;

    /// <exception cref="SettingsException">The file cannot be read, or has a key that is no setting.</exception>
    public static SettingsTexts Gather(
        SettingUse use, IReadOnlyDictionary<string, IReadOnlyList<string>> commandLine, SettingsSurroundings surroundings)
    {
        var result = new SettingsTexts();
        result.AddVariables(surroundings);
        result.AddCommandLine(commandLine);

        // The file yields to what is there by now; its own name has just become known.
        if (result[SettingsTable.Config] is [var named, ..])
        {
            result.AddFile(Path.Combine(surroundings.Directory, named.Value), named.Value);
        }
        else if (use != SettingUse.Dev && Path.Combine(surroundings.Directory, DefaultFile) is var path && File.Exists(path))
        {
            result.AddFile(path, DefaultFile);
        }

        return result;
    }

    private void AddVariables(SettingsSurroundings surroundings)
    {
        foreach (var option in SettingsTable.All)
        {
            if (surroundings.Variable(option.Variable) is not { Length: > 0 } value)
            {
                continue;
            }

            if (Array.Exists(ServiceLinks, scheme => value.StartsWith(scheme, StringComparison.Ordinal)))
            {
                passedOver.Add(option.Variable);
            }
            else
            {
                string[] values = option.Repeatable ? value.Split(',', StringSplitOptions.TrimEntries) : [value];
                texts[option.Name] = [.. values.Select(v => new SettingText(v, $"from {option.Variable}"))];
            }
        }
    }

    private void AddCommandLine(IReadOnlyDictionary<string, IReadOnlyList<string>> commandLine)
    {
        foreach (var (name, values) in commandLine)
        {
            texts[name] = [.. values.Select(v => new SettingText(v, "given on the command line"))];
        }
    }

    private void AddFile(string path, string shownAs)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllBytes(path), FileOptions);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"the settings file `{shownAs}` cannot be read: {Sentence(exception)}");
        }
        catch (JsonException exception)
        {
            throw new SettingsException($"the settings file `{shownAs}` is not JSON: {Sentence(exception)}");
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new SettingsException($"the settings file `{shownAs}` does not hold a JSON object");
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                var option = SettingsTable.All.FirstOrDefault(o => o.Name == property.Name && o != SettingsTable.Config)
                    ?? throw new SettingsException($"`{property.Name}` in the settings file `{shownAs}` is not a setting");
                texts.TryAdd(option.Name, [.. Values(option, property.Value, shownAs).Select(v => new SettingText(v, $"from {shownAs}"))]);
            }
        }
    }

    private static IEnumerable<string> Values(SettingOption option, JsonElement value, string file) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Number => [value.GetRawText()],
        JsonValueKind.True => ["true"],
        JsonValueKind.False => ["false"],
        JsonValueKind.Array when option.Repeatable && value.GetArrayLength() == 0 => throw new SettingsException(
            $"`{option.Name}` in the settings file `{file}` is an empty array: leave it out for its default"),
        JsonValueKind.Array when option.Repeatable && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String) =>
            [.. value.EnumerateArray().Select(v => v.GetString()!)],
        _ => throw new SettingsException(
            $"`{option.Name}` in the settings file `{file}` is not a text{(option.Repeatable ? " or an array of texts" : ", a number, true or false")}"),
    };

    private static string Sentence(Exception exception) => exception.Message.TrimEnd('.').ReplaceLineEndings(" ");
}
