using System.CommandLine;
using System.Globalization;
using Signet.Addresses;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;
using Signet.Telemetry;

namespace Signet.Server.Cli;

/// <summary>The options that say which deliveries a queue command is about.</summary>
internal sealed class DeliveryFilterOptions
{
    private static readonly DeliveryState[] States = [DeliveryState.Queued, DeliveryState.Deferred, DeliveryState.Held];

    private readonly Option<string> message = new("--message") { HelpName = "ID", Description = "those of one message" };
    private readonly Option<string> account = new("--account") { HelpName = "ID", Description = "those of messages that one account sent" };
    private readonly Option<string> recipient = new("--recipient") { HelpName = "ADDRESS", Description = "those to one address" };
    private readonly Option<string> domain = new("--domain") { HelpName = "NAME", Description = "those to one recipient domain" };
    private readonly Option<string> state = new("--state") { HelpName = "queued|deferred|held", Description = "those in one state" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[message, account, recipient, domain, state])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The filter; <see cref="DeliveryFilter.Everything"/> when none of them is given.</summary>
    /// <exception cref="CommandException">One of them makes no sense.</exception>
    public DeliveryFilter Read(ParseResult parsed) => DeliveryFilter.Everything with
    {
        Message = parsed.GetValue(message) is not { } id ? null
            : MessageId.TryParse(id, out var messageId) ? messageId
            : throw new CommandException($"`{id}` is not a MessageId", ExitCode.Usage),
        Account = parsed.GetValue(account) is not { } sender ? null
            : AccountId.TryParse(sender, out var accountId) ? accountId
            : throw new CommandException($"`{sender}` is not an account: an account is twelve digits", ExitCode.Usage),
        Recipient = parsed.GetValue(recipient) is not { } to ? null
            : EmailAddress.TryParse(to, out var address) ? address
            : throw new CommandException($"`{to}` is not an email address", ExitCode.Usage),
        Domain = parsed.GetValue(domain) is not { } name ? null
            : DomainName.TryParse(name, out var domainName) ? domainName
            : throw new CommandException($"`{name}` is not a domain", ExitCode.Usage),
        State = parsed.GetValue(state) is { } label ? State(label) : null,
    };

    private static DeliveryState State(string label)
    {
        var found = Array.FindIndex(States, s => SignetMetrics.Label(s) == label);
        return found >= 0 ? States[found]
            : throw new CommandException($"`--state` is `queued`, `deferred` or `held`, not `{label}`", ExitCode.Usage);
    }
}

/// <summary><c>--limit N</c>: how much a list shows.</summary>
internal sealed class LimitOption(int usual)
{
    private const int Most = 1_000_000;

    public Option<string> Option { get; } = new("--limit") { HelpName = "N", Description = $"show no more than that ({usual})" };

    /// <exception cref="CommandException">It is no number, or none that makes sense.</exception>
    public int Read(ParseResult parsed) => parsed.GetValue(Option) switch
    {
        null => usual,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= Most => limit,
        var text => throw new CommandException($"`--limit` is a number from 1 to {Most}, not `{text}`", ExitCode.Usage),
    };
}
