using System.CommandLine;
using Signet.Delivery.Destinations;

namespace Signet.Server.Cli;

/// <summary><c>signet receivers print</c>.</summary>
internal static class ReceiverCommands
{
    public static Command Create(CommandSurroundings surroundings) => new("receivers", "What receivers take: limits by mail exchanger")
    {
        Print(surroundings),
    };

    private static Command Print(CommandSurroundings surroundings)
    {
        var command = new Command("print", "Print the file that comes with the program, which --receivers reads another one over");
        command.SetAction(_ =>
        {
            surroundings.Output.Write(Receivers.ShippedFile);
            return ExitCode.Done;
        });
        return command;
    }
}
