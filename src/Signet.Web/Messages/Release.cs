using Signet.Addresses;
using Signet.Archive;
using Signet.Delivery;
using Signet.Names;
using Signet.Sending;

namespace Signet.Web.Messages;

/// <summary>A captured message that is sent on to somebody real.</summary>
internal static class Release
{
    /// <summary>The way that mail to the address takes.</summary>
    public static RouteTarget? RouteOf(IReadOnlyList<Route> routes, Mailbox to) => Route.Find(routes, to.Address.Domain);

    /// <summary>Why a message must not be released at all; null if it may.</summary>
    public static string? Objection(RegionSet regions, ArchivedMessage message) => message.Owner is not { Region: var region }
        ? "mail of the server itself cannot be released"
        : regions.Contains(region) ? null : regions.Unknown(region.Value);

    /// <summary>
    /// The same bytes to one recipient, sent by the root of the account that sent them first, with the Source they had. The ARN that was
    /// given is given again: a delegate's mail needs the owner's policy a second time too.
    /// </summary>
    /// <exception cref="ArgumentException">The message is the server's own, and no account's to send.</exception>
    public static SubmissionRequest Request(ArchivedMessage message, ReadOnlyMemory<byte> content, Mailbox to)
    {
        var owner = message.Owner ?? throw new ArgumentException("mail of the server itself cannot be released", nameof(message));
        return new SubmissionRequest
        {
            Caller = ConsoleCaller.RootOf(owner),
            Action = "ses:SendRawEmail",
            Source = Mailbox.TryParse(message.Source, out var source, out _) ? source : null,
            SourceArn = ForeignArn(message, owner),
            Content = new SubmissionContent.Raw(content, [to]),
            Tags = message.Tags,
        };
    }

    private static ArnText? ForeignArn(ArchivedMessage message, AccountRegion owner) =>
        IdentityArn.TryParse(message.SourceArn, out var arn) && arn.Owner.Account != owner.Account
            ? new ArnText(message.SourceArn!)
            : null;
}
