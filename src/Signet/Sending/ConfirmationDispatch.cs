using Signet.Addresses;
using Signet.Identities;
using Signet.Messages;
using Signet.Names;

namespace Signet.Sending;

/// <summary>Hands confirmation mails in at the door, so that they take the way of all mail.</summary>
public static class ConfirmationDispatch
{
    /// <summary>Sends one, from <c>no-reply</c> at this server's name. It is stored when the task ends.</summary>
    /// <exception cref="Queue.StoreUnavailableException">The store cannot take it now.</exception>
    public static async Task SendAsync(Submission submission, ConfirmationMail mail, DomainName hostname, CancellationToken cancel)
    {
        var sender = new EmailAddress("no-reply", hostname);
        var result = await submission.AcceptAsync(
            new SubmissionRequest
            {
                Caller = new Caller(new Principal(mail.Owner.Account, null), mail.Owner.Region, null, null, null, null, IsSignet: true),
                Action = "ses:SendEmail",
                Source = new Mailbox("Signet", sender, $"Signet <{sender}>"),
                Content = new SubmissionContent.Parts(
                    [new Mailbox(null, mail.To, mail.To.ToString())], [], [], [],
                    new TextPart(mail.Subject, null), new TextPart(mail.Text, null), new TextPart(mail.Html, null)),
            },
            cancel);
        if (result is SubmissionResult.Refused refused)
        {
            throw new InvalidOperationException($"a confirmation mail was refused: {refused.Refusal.Text}");
        }
    }
}
