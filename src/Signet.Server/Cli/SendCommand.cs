using System.CommandLine;
using System.Diagnostics;
using Signet.Addresses;
using Signet.Messages;
using Signet.Names;
using Signet.Sending;

namespace Signet.Server.Cli;

/// <summary>
/// <c>signet send</c>: submits a test mail as the account's root, with all checks. The command delivers nothing
/// itself: the message waits for the server.
/// </summary>
internal static class SendCommand
{
    private const string UserAgent = "signet send";

    public static Command Create(CommandSurroundings surroundings)
    {
        var options = new MailOptions();
        var command = new Command("send", "Send a test mail as the root of an account; a running server delivers it");
        options.AddTo(command);
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var request = await options.ReadAsync(call);
            return await call.System.AcceptAsync(request, call.Cancel) switch
            {
                SubmissionResult.Accepted accepted => Say(call, accepted.Id),
                SubmissionResult.Refused refused => throw new CommandException(refused.Refusal.Text),
                _ => throw new UnreachableException(),
            };
        });
    }

    private static int Say(StoreCall call, MessageId id)
    {
        if (call.Output.IsJson)
        {
            call.Output.JsonObject(json => json.WriteString("messageId", id.Value));
        }
        else
        {
            call.Output.Line($"message {id}");
            call.Output.Line("stored; a running server delivers it, or the next one that starts");
        }

        return ExitCode.Done;
    }

    /// <summary>The options that say what to send.</summary>
    private sealed class MailOptions
    {
        private readonly Option<string> from = Text("--from", "MAILBOX", "the sender; with `--file` the Source, its From header unless given");
        private readonly Option<string[]> to =
            new("--to") { HelpName = "MAILBOX", Description = "a recipient; repeatable; with `--file` those of its header unless given", Arity = ArgumentArity.OneOrMore };

        private readonly Option<string> subject = Text("--subject", "TEXT", "the subject (Test)");
        private readonly Option<string> text = Text("--text", "TEXT", "the text body (a sentence, unless there is an HTML body)");
        private readonly Option<string> html = Text("--html", "TEXT", "the HTML body");
        private readonly Option<string> file = Text("--file", "FILE", "a complete message with its header, sent unchanged");
        private readonly Option<string> sourceArn = Text("--source-arn", "ARN", "the identity of another account to send with");

        public void AddTo(Command command)
        {
            foreach (var option in (Option[])[from, to, subject, text, html, file, sourceArn])
            {
                command.Options.Add(option);
            }
        }

        /// <exception cref="CommandException">An option is missing or makes no sense, or the file cannot be read.</exception>
        public async Task<SubmissionRequest> ReadAsync(StoreCall call)
        {
            var parsed = call.Parsed;
            var isRaw = parsed.GetValue(file) is not null;
            var request = new SubmissionRequest
            {
                Caller = new Caller(new Principal(call.Needed, null), call.Region, null, UserAgent, null, null),
                Action = isRaw ? "ses:SendRawEmail" : "ses:SendEmail",
                Source = parsed.GetValue(from) is { } source ? One(source) : null,
                SourceArn = parsed.GetValue(sourceArn) is { } arn ? new ArnText(arn) : null,
                Content = isRaw ? await RawAsync(parsed, call.Cancel) : Parts(parsed),
            };
            return isRaw || request.Source is not null ? request
                : throw new CommandException("`--from` is missing: name the sender", ExitCode.Usage);
        }

        private SubmissionContent.Parts Parts(ParseResult parsed)
        {
            var htmlBody = parsed.GetValue(html);
            var textBody = parsed.GetValue(text) ?? (htmlBody is null ? "This is a test mail sent by Signet." : null);
            return new SubmissionContent.Parts(
                Recipients(parsed) is { Count: > 0 } recipients ? recipients
                    : throw new CommandException("`--to` is missing: name a recipient", ExitCode.Usage),
                Cc: [],
                Bcc: [],
                ReplyTo: [],
                new TextPart(parsed.GetValue(subject) ?? "Test", null),
                textBody is null ? null : new TextPart(textBody, null),
                htmlBody is null ? null : new TextPart(htmlBody, null));
        }

        private async Task<SubmissionContent.Raw> RawAsync(ParseResult parsed, CancellationToken cancel)
        {
            if (((Option[])[subject, text, html]).FirstOrDefault(o => parsed.GetResult(o) is not null) is { } part)
            {
                throw new CommandException($"`--file` and `{part.Name}` exclude each other: the file is the whole message", ExitCode.Usage);
            }

            var path = parsed.GetRequiredValue(file);
            try
            {
                return new SubmissionContent.Raw(await File.ReadAllBytesAsync(path, cancel), Recipients(parsed));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CommandException($"`{path}` cannot be read: {e.Message.TrimEnd('.').ReplaceLineEndings(" ")}");
            }
        }

        private IReadOnlyList<Mailbox> Recipients(ParseResult parsed) => [.. (parsed.GetValue(to) ?? []).Select(One)];

        private static Mailbox One(string written) =>
            Mailbox.TryParse(written, out var mailbox, out var problem) ? mailbox
            : throw new CommandException($"`{written}` is not an address: {problem}", ExitCode.Usage);

        private static Option<string> Text(string name, string helpName, string meaning) =>
            new(name) { HelpName = helpName, Description = meaning };
    }
}
