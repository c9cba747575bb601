using Signet.Addresses;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Sending;

/// <summary>The Destination of a message: three lists of addresses, each of which may be absent or empty.</summary>
internal static class DestinationShape
{
    private static readonly Member<IReadOnlyList<string>?> To = Member.Optional("ToAddresses", Shapes.ListOf(Shapes.Text()));
    private static readonly Member<IReadOnlyList<string>?> Cc = Member.Optional("CcAddresses", Shapes.ListOf(Shapes.Text()));
    private static readonly Member<IReadOnlyList<string>?> Bcc = Member.Optional("BccAddresses", Shapes.ListOf(Shapes.Text()));

    public static Structure Shape { get; } = new(To, Cc, Bcc);

    /// <summary>The three lists, parsed in SES's order: the first malformed address is the one that is reported.</summary>
    /// <exception cref="AwsException">InvalidParameterValue.</exception>
    public static (IReadOnlyList<Mailbox> To, IReadOnlyList<Mailbox> Cc, IReadOnlyList<Mailbox> Bcc) Parse(Fields destination) =>
        (MailboxText.ParseAll(destination.Get(To)), MailboxText.ParseAll(destination.Get(Cc)), MailboxText.ParseAll(destination.Get(Bcc)));
}
