using System.CommandLine;

namespace Signet.Server.Cli;

/// <summary>The table of commands.</summary>
internal static class CliVerbs
{
    private static readonly Func<CommandSurroundings, Command>[] All =
    [
        DevCommand.Create,
        ServeCommand.Create,
        AccountCommands.Create,
        UserCommands.Create,
        KeyCommands.Create,
        OperatorCommands.Create,
        IdentityCommands.Create,
        PolicyCommands.Create,
        QueueCommands.Create,
        ReceiverCommands.Create,
        MessageCommands.Create,
        SendCommand.Create,
    ];

    public static RootCommand Root(CommandSurroundings surroundings)
    {
        var root = new RootCommand("Signet accepts mail over the Amazon SES API, decides whether the caller may send it, and delivers it.");
        foreach (var create in All)
        {
            root.Subcommands.Add(create(surroundings));
        }

        return root;
    }
}
