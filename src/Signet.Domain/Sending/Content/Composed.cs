using Signet.Addresses;
using Signet.Messages;

namespace Signet.Sending.Content;

/// <summary>A subject and bodies, of which Signet makes the message (SendEmail).</summary>
internal sealed record Composed(MessageParts Parts) : ParsedSubmission
{
    public static Composed Read(SubmissionRequest request, SubmissionContent.Parts parts)
    {
        var source = request.Source ?? throw new ArgumentException("a message made of parts needs a source", nameof(request));
        IReadOnlyList<Mailbox> recipients = [.. parts.Recipients];
        FormRules.CheckRecipients(recipients);
        FormRules.CheckNumber(MailboxLimit.ReplyTo, parts.ReplyTo.Count);
        FormRules.CheckLengths([source, .. recipients, .. parts.ReplyTo, .. FormRules.One(request.ReturnPath)]);
        if (parts.Text is null && parts.Html is null)
        {
            throw RefusedException.Invalid("Message body must have a Text or an Html part.");
        }

        return new Composed(PartsOf(source, parts))
        {
            Source = source,
            From = [],
            Sender = null,
            ReturnPath = request.ReturnPath,
            Feedback = (request.ReturnPath ?? source).Address,
            Recipients = recipients,
            Subject = parts.Subject.Data,
            Tags = FormRules.Checked(request.Tags ?? []),
            ConfigurationSet = request.ConfigurationSet,
            SourceArn = FormRules.Read("SourceArn", request.SourceArn),
            FromArn = FormRules.Read("FromArn", request.FromArn),
            ReturnPathArn = FormRules.Read("ReturnPathArn", request.ReturnPathArn),
        };
    }

    public override ValueTask<ReadOnlyMemory<byte>> ComposeAsync(MessageStamp stamp, CancellationToken cancel) =>
        new(MessageComposer.Compose(Parts, stamp));

    private static MessageParts PartsOf(Mailbox source, SubmissionContent.Parts parts) => new()
    {
        From = source,
        ReplyTo = parts.ReplyTo,
        To = parts.To,
        Cc = parts.Cc,
        Subject = parts.Subject,
        Text = parts.Text,
        Html = parts.Html,
    };
}
