using System.CommandLine;

namespace Signet.Server.Cli;

/// <summary><c>signet serve</c>.</summary>
internal static class ServeCommand
{
    public static Command Create(CommandSurroundings surroundings)
    {
        var command = new Command("serve", "Production: accounts, verified identities, quotas; reads signet.json");
        var options = SettingOptions.AddTo(command, SettingUse.Serve);
        command.SetAction((parsed, cancel) =>
            ServerRun.RunAsync(surroundings, () => SettingsReader.Read(isDev: false, options.Given(parsed), surroundings.Settings), cancel));
        return command;
    }
}
