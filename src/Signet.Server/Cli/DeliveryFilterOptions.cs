using System.CommandLine;
using System.Globalization;
using Signet.Addresses;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;
using Signet.Telemetry;

namespace Signet.Server.Cli;

/// <summary>The options that say which deliveries a queue command is about.</summary>
/// <param name="ofSuspension">Only those by which mail can be suspended.</param>
internal sealed class DeliveryFilterOptions(bool ofSuspension = false)
{
    private static readonly DeliveryState[] States = [DeliveryState.Queued, DeliveryState.Deferred, DeliveryState.Held];

    private readonly Option<string> message = new("--message") { HelpName = "ID", Description = "those of one message" };
    private readonly Option<string> account = new("--account") { HelpName = "ID", Description = "those of messages that one account sent" };
    private readonly Option<string> recipient = new("--recipient") { HelpName = "ADDRESS", Description = "those to one address" };
    private readonly Option<string> domain = new("--domain") { HelpName = "NAME", Description = "those to one recipient domain" };
    private readonly Option<string> identity = new("--identity") { HelpName = "ARN|NAME", Description = "those sent from an identity, by its ARN or its name" };
    private readonly Option<string> destination = new("--destination") { HelpName = "HOSTS", Description = "those to all domains that these hosts serve" };
    private readonly Option<string> state = new("--state") { HelpName = "queued|deferred|held", Description = "those in one state" };

    public void AddTo(Command command)
    {
        foreach (var option in Options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Their names, for a refusal: <c>`--account` and `--domain`</c>.</summary>
    public string Names => string.Join(", ", Options.SkipLast(1).Select(o => $"`{o.Name}`")) + $" and `{Options[^1].Name}`";

    private Option[] Options => ofSuspension
        ? [account, identity, domain, destination]
        : [message, account, identity, recipient, domain, destination, state];

    /// <summary>The filter; <see cref="DeliveryFilter.Everything"/> when none of them is given.</summary>
    /// <exception cref="CommandException">One of them makes no sense.</exception>
    public DeliveryFilter Read(ParseResult parsed) => DeliveryFilter.Everything with
    {
        Message = Given(parsed, message) is not { } id ? null
            : MessageId.TryParse(id, out var messageId) ? messageId
            : throw new CommandException($"`{id}` is not a MessageId", ExitCode.Usage),
        Account = Given(parsed, account) is not { } sender ? null
            : AccountId.TryParse(sender, out var accountId) ? accountId
            : throw new CommandException($"`{sender}` is not an account: an account is twelve digits", ExitCode.Usage),
        Recipient = Given(parsed, recipient) is not { } to ? null
            : EmailAddress.TryParse(to, out var address) ? address
            : throw new CommandException($"`{to}` is not an email address", ExitCode.Usage),
        Domain = Given(parsed, domain) is not { } name ? null
            : DomainName.TryParse(name, out var domainName) ? domainName
            : throw new CommandException($"`{name}` is not a domain", ExitCode.Usage),
        Identity = Given(parsed, identity) is not { } from ? null
            : IdentitySelector.TryParse(from, out var selector) ? selector
            : throw new CommandException($"`{from}` is not an identity: give its ARN, a domain or an address", ExitCode.Usage),
        Destination = Given(parsed, destination) is not { } hosts ? null
            : DestinationName.TryParse(hosts, out var destinationName) ? destinationName
            : throw new CommandException($"`{hosts}` is not a destination: give up to {DestinationName.MaxHosts} host names with commas between them", ExitCode.Usage),
        State = Given(parsed, state) is { } label ? State(label) : null,
    };

    // Null also for an option that the command does not have.
    private static string? Given(ParseResult parsed, Option<string> option) => parsed.GetResult(option) is null ? null : parsed.GetValue(option);

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
