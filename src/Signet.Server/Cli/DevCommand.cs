using System.CommandLine;

namespace Signet.Server.Cli;

/// <summary><c>signet dev</c>.</summary>
internal static class DevCommand
{
    public static Command Create(CommandSurroundings surroundings)
    {
        var command = new Command("dev", "Run everything on one machine without configuration; mail goes to a built-in inbox (the default)");
        var options = SettingOptions.AddTo(command, SettingUse.Dev);
        command.SetAction((parsed, cancel) =>
            ServerRun.RunAsync(surroundings, () => SettingsReader.Read(isDev: true, options.Given(parsed), surroundings.Settings), cancel));
        return command;
    }
}
