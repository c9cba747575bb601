using Signet.Sending;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Sending;

/// <summary>Sends a MIME message as the caller made it.</summary>
internal static class SendRawEmail
{
    private static readonly Member<ReadOnlyMemory<byte>> Data = Member.Required("Data", Shapes.Blob);

    private static readonly Member<string?> Source = Member.Optional("Source", Shapes.Text());
    private static readonly Member<IReadOnlyList<string>?> Destinations = Member.Optional("Destinations", Shapes.ListOf(Shapes.Text()));
    private static readonly Member<Fields> RawMessage = Member.Required("RawMessage", new Structure(Data));
    private static readonly Member<string?> FromArn = Member.Optional("FromArn", Shapes.Text());

    public static Structure Input { get; } = new(
        Source,
        Destinations,
        RawMessage,
        FromArn,
        SendParameters.SourceArn,
        SendParameters.ReturnPathArn,
        TagsShape.Tags,
        SendParameters.ConfigurationSetName);

    public static Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var request = new SubmissionRequest
        {
            Caller = context.Caller,
            Action = "ses:SendRawEmail",
            Source = MailboxText.Parse(input.Get(Source)),
            SourceArn = SendParameters.Arn(input.Get(SendParameters.SourceArn)),
            FromArn = SendParameters.Arn(input.Get(FromArn)),
            ReturnPathArn = SendParameters.Arn(input.Get(SendParameters.ReturnPathArn)),
            Content = new SubmissionContent.Raw(input.Get(RawMessage).Get(Data), MailboxText.ParseAll(input.Get(Destinations))),
            Tags = TagsShape.Parse(input.Get(TagsShape.Tags)),
            ConfigurationSet = input.Get(SendParameters.ConfigurationSetName),
        };
        return SendParameters.AcceptAsync(context, request, cancel);
    }
}
