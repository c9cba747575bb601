using Signet.Addresses;
using Signet.Identities;
using Signet.Messages;
using Signet.Policies;
using Signet.Queue;

namespace Signet.Sending;

/// <summary>A confirmation mail as a message of the server itself, from <c>no-reply</c> at its name.</summary>
internal static class ConfirmationMessage
{
    private const string Operation = "VerifyEmailIdentity";

    public static NewMessage Of(ConfirmationMail mail, MessageStamp stamp)
    {
        var sender = new EmailAddress("no-reply", stamp.HostName);
        var source = new Mailbox("Signet", sender, $"Signet <{sender}>");
        return new NewMessage
        {
            Id = stamp.Id,
            Owner = null,
            AcceptedAt = stamp.AcceptedAt,
            Principal = ServerMail.Principal,
            Operation = Operation,
            Source = source.AsWritten,
            SourceArn = null,
            BounceAddress = sender,
            EnvelopeFrom = new EmailAddress(stamp.Id.Value, stamp.HostName),
            Subject = mail.Subject,
            SourceIp = null,
            Tags = [],
            Decision = new SendDecision(
                true,
                $"The server's own mail: account {mail.Owner.Account} asks to verify `{mail.To}` in {mail.Owner.Region}.",
                ServerMail.Principal,
                $"ses:{Operation}",
                mail.Owner.Region.Value,
                []),
            Content = MessageComposer.Compose(
                new MessageParts
                {
                    From = source,
                    To = [new Mailbox(null, mail.To, mail.To.ToString())],
                    Subject = new TextPart(mail.Subject, null),
                    Text = new TextPart(mail.Text, null),
                    Html = new TextPart(mail.Html, null),
                },
                stamp),
            Recipients = [mail.To],
            QuotaUse = 0,
        };
    }
}
