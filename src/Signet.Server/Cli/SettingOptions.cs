using System.CommandLine;

namespace Signet.Server.Cli;

/// <summary>The options of a command that are settings, made from <see cref="SettingsTable"/>.</summary>
internal sealed class SettingOptions
{
    private readonly IReadOnlyList<(SettingOption Setting, Option Option)> options;

    private SettingOptions(IReadOnlyList<(SettingOption Setting, Option Option)> options) => this.options = options;

    /// <summary>Adds to the command every setting that <paramref name="use"/> takes.</summary>
    public static SettingOptions AddTo(Command command, SettingUse use)
    {
        List<(SettingOption, Option)> options = [];
        foreach (var setting in SettingsTable.All.Where(s => s.Use.HasFlag(use)))
        {
            var option = Make(setting);
            command.Options.Add(option);
            options.Add((setting, option));
        }

        return new SettingOptions(options);
    }

    /// <summary>What was given, by name; <see cref="SettingsReader"/> makes sense of it.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Given(ParseResult parsed)
    {
        var given = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (setting, option) in options)
        {
            if (parsed.GetResult(option) is { Implicit: false } result)
            {
                given[setting.Name] = setting.Argument is null ? ["true"] : [.. result.Tokens.Select(t => t.Value)];
            }
        }

        return given;
    }

    // Every value is text here, and any number of them parses: the reader knows the rules and says them with the value's origin.
    private static Option Make(SettingOption setting) => setting.Argument is null
        ? new Option<bool>(setting.Flag) { Description = setting.Meaning, Arity = ArgumentArity.Zero }
        : new Option<string[]>(setting.Flag)
        {
            Description = setting.Meaning,
            HelpName = setting.Argument,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };
}
