using System.CommandLine;
using System.CommandLine.Invocation;
using Signet.Display;
using Signet.Queue;
using Signet.Server.Hosting;

namespace Signet.Server.Cli;

/// <summary>
/// The program as a user calls it: <c>signet COMMAND …</c>. What fails is one sentence on standard error and an exit code other
/// than 0, decided here and nowhere else.
/// </summary>
internal sealed class CommandLine(CommandSurroundings surroundings)
{
    /// <summary>Runs one command and returns the exit code. No arguments at all are <c>dev</c>, and so are options of it alone.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancel)
    {
        var root = CliVerbs.Root(surroundings);
        var parsed = root.Parse(args);
        if (args.Count == 0 || (parsed.CommandResult.Command == root && parsed.Action is ParseErrorAction && args[0].StartsWith('-')))
        {
            parsed = root.Parse(["dev", .. args]);
        }

        if (parsed.Action is ParseErrorAction)
        {
            var problem = parsed.UnmatchedTokens is [var token, ..] ? $"there is no command or option `{token}`" : parsed.Errors[0].Message.TrimEnd('.');
            await WriteErrorAsync($"{problem} (see `signet --help`)");
            return ExitCode.Usage;
        }

        // Signals belong to the server, which has its own way to stop; a command that ends by itself may simply be killed.
        var invocation = new InvocationConfiguration
        {
            Output = surroundings.Output,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(invocation, cancel);
        }
        catch (SettingsException exception)
        {
            await WriteErrorAsync(exception.Message);
            return ExitCode.Failed;
        }
        catch (CommandException exception)
        {
            await WriteErrorAsync(exception.Message);
            return exception.ExitCode;
        }
        catch (Exception exception) when (exception is StartException or StoreUnavailableException)
        {
            await WriteErrorAsync(exception.Message);
            return ExitCode.Failed;
        }
    }

    // It may quote what a stranger wrote.
    private Task WriteErrorAsync(string sentence) => surroundings.Error.WriteLineAsync($"signet: {VisibleText.Of(sentence, ViewLimits.Value)}");
}
