using System.CommandLine;
using Signet.Policies;
using Signet.Sending;

namespace Signet.Server.Cli;

/// <summary><c>signet policy explain</c>.</summary>
internal static class PolicyCommands
{
    public static Command Create(CommandSurroundings surroundings) => new("policy", "Sending authorization")
    {
        Explain(surroundings),
    };

    private static Command Explain(CommandSurroundings surroundings)
    {
        var options = new SendOptions();
        var command = new Command("explain", "Explain whether this may be sent, and why: exit code 0 allowed, 1 denied, 2 invalid");
        options.AddTo(command);
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var send = options.Read(call.Parsed) with { Region = call.Region.Value };
            if (!send.TryRead(call.System.Time.GetUtcNow(), call.System.Regions, out var attempt, out var problem))
            {
                throw new CommandException(problem, ExitCode.Usage);
            }

            var decision = BoundedDecision.Of(await call.System.DecideAsync(attempt, call.Cancel), BoundedDecision.Shown);
            if (call.Output.IsJson)
            {
                call.Output.Json(json => json.WriteRawValue(DecisionJson.Write(decision, BoundedDecision.Shown)));
            }
            else
            {
                foreach (var line in DecisionText.Lines(decision))
                {
                    call.Output.Line(line);
                }
            }

            return decision.Allowed ? ExitCode.Done : ExitCode.Failed;
        }, takesAccount: false);
    }

    /// <summary>The options that describe a send.</summary>
    private sealed class SendOptions
    {
        private readonly Option<string> principal = Text("--principal", "ARN", "the sender: ARN of a user or root, or an account", required: true);
        private readonly Option<string> action = Text("--action", "NAME", "for instance ses:SendEmail", required: true);
        private readonly Option<string> source = Text("--source", "ADDRESS", "the Source parameter");
        private readonly Option<string[]> from = Texts("--from", "a mailbox of the From header");
        private readonly Option<string> sender = Text("--sender", "ADDRESS", "the Sender header");
        private readonly Option<string> returnPath = Text("--return-path", "ADDRESS", "the ReturnPath parameter");
        private readonly Option<string[]> to = Texts("--to", "a recipient");
        private readonly Option<string> sourceArn = Text("--source-arn", "ARN", "the identity named for the source");
        private readonly Option<string> fromArn = Text("--from-arn", "ARN", "the identity named for From");
        private readonly Option<string> returnPathArn = Text("--return-path-arn", "ARN", "the identity named for the return path");
        private readonly Option<string> sourceIp = Text("--source-ip", "IP", "the client's IP address");
        private readonly Option<string> userAgent = Text("--user-agent", "TEXT", "the client's User-Agent");
        private readonly Option<string> secureTransport = Text("--secure-transport", "true|false", "whether the request uses TLS (unknown)");
        private readonly Option<string> apiVersion = Text("--api-version", "1|2", "of the SES API");
        private readonly Option<string> time = Text("--time", "TIME", "ISO 8601; now unless given");

        public void AddTo(Command command)
        {
            Option[] all =
            [
                principal, action, source, from, sender, returnPath, to, sourceArn, fromArn, returnPathArn, sourceIp, userAgent,
                secureTransport, apiVersion, time,
            ];
            foreach (var option in all)
            {
                command.Options.Add(option);
            }
        }

        public DescribedSend Read(ParseResult parsed) => new()
        {
            Principal = parsed.GetValue(principal),
            Action = parsed.GetValue(action),
            Source = parsed.GetValue(source),
            From = parsed.GetValue(from),
            Sender = parsed.GetValue(sender),
            ReturnPath = parsed.GetValue(returnPath),
            To = parsed.GetValue(to),
            SourceArn = parsed.GetValue(sourceArn),
            FromArn = parsed.GetValue(fromArn),
            ReturnPathArn = parsed.GetValue(returnPathArn),
            SourceIp = parsed.GetValue(sourceIp),
            UserAgent = parsed.GetValue(userAgent),
            SecureTransport = parsed.GetValue(secureTransport) switch
            {
                null => null,
                "true" => true,
                "false" => false,
                var other => throw new CommandException($"`--secure-transport` is `true` or `false`, not `{other}`", ExitCode.Usage),
            },
            ApiVersion = parsed.GetValue(apiVersion),
            Time = parsed.GetValue(time),
        };

        private static Option<string> Text(string name, string helpName, string meaning, bool required = false) =>
            new(name) { HelpName = helpName, Description = meaning, Required = required };

        private static Option<string[]> Texts(string name, string meaning) =>
            new(name) { HelpName = "ADDRESS", Description = $"{meaning}; repeatable", Arity = ArgumentArity.OneOrMore };
    }
}
