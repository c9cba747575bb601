using Signet.Addresses;
using Signet.Archive;
using Signet.Delivery;
using Signet.Names;
using Signet.Sending;

namespace Signet.Console.Messages;

/// <summary>A captured message that is sent on to somebody real.</summary>
internal static class Release
{
    /// <summary>The way that mail to the address takes.</summary>
    public static RouteTarget? RouteOf(IReadOnlyList<Route> routes, Mailbox to) => Route.Find(routes, to.Address.Domain);

    /// <summary>Why a message must not be released at all; null if it may.</summary>
    public static string? Objection(RegionSet regions, ArchivedMessage message) =>
        regions.Contains(message.Owner.Region) ? null : regions.Unknown(message.Owner.Region.Value);

    /// <summary>
    /// The same bytes to one recipient, sent by the root of the account that sent them first, with the Source they had. The ARN that was
    /// given is given again: a delegate's mail needs the owner's policy a second time too.
    /// </summary>
    public static SubmissionRequest Request(ArchivedMessage message, ReadOnlyMemory<byte> content, Mailbox to) => new()
    {
        Caller = new Caller(new Principal(message.Owner.Account, null), message.Owner.Region, null, "Signet console", null, null),
        Action = "ses:SendRawEmail",
        Source = Mailbox.TryParse(message.Source, out var source, out _) ? source : null,
        SourceArn = ForeignArn(message),
        Content = new SubmissionContent.Raw(content, [to]),
        Tags = message.Tags,
    };

    private static ArnText? ForeignArn(ArchivedMessage message) =>
        IdentityArn.TryParse(message.SourceArn, out var arn) && arn.Owner.Account != message.Owner.Account
            ? new ArnText(message.SourceArn!)
            : null;
}
