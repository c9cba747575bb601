using System.Diagnostics.CodeAnalysis;
using Signet.Addresses;
using Signet.Messages;
using Signet.Names;
using Signet.Queue;
using Signet.Web.Shell;

namespace Signet.Web.Sending;

/// <summary>Which deliveries of the queue, in the words of a page's address: those of <c>signet queue</c>. Empty counts as not given.</summary>
public sealed record DescribedQueueFilter
{
    public static IReadOnlyList<DeliveryState> States { get; } = [DeliveryState.Queued, DeliveryState.Deferred, DeliveryState.Held];

    public string? Account { get; init; }

    public string? Domain { get; init; }

    /// <summary>The ARN or the name of an identity.</summary>
    public string? Identity { get; init; }

    /// <summary>Hosts, as a <see cref="DestinationName"/> has them.</summary>
    public string? Destination { get; init; }

    public string? Recipient { get; init; }

    public string? Message { get; init; }

    /// <summary><c>queued</c>, <c>deferred</c> or <c>held</c>.</summary>
    public string? State { get; init; }

    /// <summary>How many words are given.</summary>
    public int Count => ((string?[])[Account, Domain, Identity, Destination, Recipient, Message, State]).Count(v => Given(v) is not null);

    /// <summary>Reads the words.</summary>
    /// <param name="viewer">What they may see is all that matches.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="problem">The first word that cannot be read, in one sentence that names it.</param>
    public bool TryRead(Viewer viewer, [NotNullWhen(true)] out DeliveryFilter? filter, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            var read = Read();
            (filter, problem) = (read with { Account = viewer.Narrow(read.Account), WithServerMail = viewer.SeesServerMail }, null);
            return true;
        }
        catch (FormatException exception)
        {
            (filter, problem) = (null, exception.Message);
            return false;
        }
    }

    private DeliveryFilter Read() => new()
    {
        Account = Given(Account) is not { } account ? null
            : AccountId.TryParse(account, out var id) ? id
            : throw new FormatException($"`account` is twelve digits, not `{account}`"),
        Domain = Given(Domain) is not { } name ? null
            : DomainName.TryParse(name, out var domain) ? domain
            : throw new FormatException($"`{name}` is not a domain"),
        Identity = Given(Identity) is not { } from ? null
            : IdentitySelector.TryParse(from, out var identity) ? identity
            : throw new FormatException($"`{from}` is not an identity: enter its ARN, a domain or an address"),
        Destination = Given(Destination) is not { } hosts ? null
            : DestinationName.TryParse(hosts, out var destination) ? destination
            : throw new FormatException($"`{hosts}` is not a destination: enter host names with commas between them"),
        Recipient = Given(Recipient) is not { } to ? null
            : EmailAddress.TryParse(to, out var recipient) ? recipient
            : throw new FormatException($"`{to}` is not an email address"),
        Message = Given(Message) is not { } text ? null
            : MessageId.TryParse(text, out var message) ? message
            : throw new FormatException($"`{text}` is not a MessageId"),
        State = Given(State) is not { } label ? null
            : States.Any(s => StateChip.Word(s) == label) ? States.First(s => StateChip.Word(s) == label)
            : throw new FormatException($"`state` is `queued`, `deferred` or `held`, not `{label}`"),
    };

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
