using System.CommandLine;
using Signet.Archive;
using Signet.Messages;
using Signet.Queue;

namespace Signet.Server.Cli;

/// <summary><c>signet message show</c>.</summary>
internal static class MessageCommands
{
    public static Command Create(CommandSurroundings surroundings) => new("message", "The history of a message")
    {
        Show(surroundings),
    };

    private static Command Show(CommandSurroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = "the MessageId that its sender was given" };
        var raw = new Option<bool>("--raw") { Description = "the message itself, byte by byte, instead of its history", Arity = ArgumentArity.Zero };
        var command = new Command("show", "Show who sent it, why that was allowed, and the result of each delivery") { id, raw };
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var text = call.Parsed.GetRequiredValue(id);
            var messageId = MessageId.TryParse(text, out var known) ? known
                : throw new CommandException($"`{text}` is not a MessageId", ExitCode.Usage);
            var message = await call.System.Archive.GetAsync(messageId, call.Cancel)
                ?? throw new CommandException($"there is no message `{messageId}`, or it is no longer kept");
            if (call.Parsed.GetValue(raw))
            {
                await WriteContentAsync(call, message);
                return ExitCode.Done;
            }

            var details = new MessageDetails(
                message with { Decision = await call.System.PastDecisions.ExplainAsync(message.Decision, call.Cancel) },
                await call.System.Archive.GetAttemptsAsync(messageId, call.Cancel),
                await call.System.Archive.GetEventsAsync(messageId, call.Cancel));
            if (call.Output.IsJson)
            {
                call.Output.JsonObject(details.Write);
            }
            else
            {
                details.Print(call.Output);
            }

            return ExitCode.Done;
        }, takesAccount: false);
    }

    private static async Task WriteContentAsync(StoreCall call, ArchivedMessage message)
    {
        if (call.Output.IsJson)
        {
            throw new CommandException("`--raw` and `--json` exclude each other", ExitCode.Usage);
        }

        var content = await call.System.Archive.GetContentAsync(message.Id, call.Cancel)
            ?? throw new CommandException(
                message.IsContentHidden ? ServerMail.NotShown : $"the content of message `{message.Id}` is no longer kept; its history is");
        await call.Output.BytesAsync(content, call.Cancel);
    }
}
