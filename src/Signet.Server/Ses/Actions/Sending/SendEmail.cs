using Signet.Sending;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Sending;

/// <summary>Sends a message that the server makes of a subject and bodies.</summary>
internal static class SendEmail
{
    private static readonly Member<string> Source = Member.Required("Source", Shapes.Text());
    private static readonly Member<Fields> Destination = Member.Required("Destination", DestinationShape.Shape);
    private static readonly Member<Fields> Message = Member.Required("Message", MessageShape.Shape);
    private static readonly Member<IReadOnlyList<string>?> ReplyTo = Member.Optional("ReplyToAddresses", Shapes.ListOf(Shapes.Text()));
    private static readonly Member<string?> ReturnPath = Member.Optional("ReturnPath", Shapes.Text());

    public static Structure Input { get; } = new(
        Source,
        Destination,
        Message,
        ReplyTo,
        ReturnPath,
        SendParameters.SourceArn,
        SendParameters.ReturnPathArn,
        TagsShape.Tags,
        SendParameters.ConfigurationSetName);

    public static Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        // SES visits the addresses in this order and reports the first malformed one.
        var source = MailboxText.Parse(input.Get(Source));
        var (to, cc, bcc) = DestinationShape.Parse(input.Get(Destination));
        var returnPath = MailboxText.Parse(input.Get(ReturnPath));
        var replyTo = MailboxText.ParseAll(input.Get(ReplyTo));
        var (subject, text, html) = MessageShape.Parse(input.Get(Message));

        var request = new SubmissionRequest
        {
            Caller = context.Caller,
            Action = "ses:SendEmail",
            Source = source,
            ReturnPath = returnPath,
            SourceArn = SendParameters.Arn(input.Get(SendParameters.SourceArn)),
            ReturnPathArn = SendParameters.Arn(input.Get(SendParameters.ReturnPathArn)),
            Content = new SubmissionContent.Parts(to, cc, bcc, replyTo, subject, text, html),
            Tags = TagsShape.Parse(input.Get(TagsShape.Tags)),
            ConfigurationSet = input.Get(SendParameters.ConfigurationSetName),
        };
        return SendParameters.AcceptAsync(context, request, cancel);
    }
}
