using Signet.Addresses;
using Signet.Messages;

namespace Signet.Sending.Content;

/// <summary>A MIME message that the caller made (SendRawEmail).</summary>
/// <param name="Message">The message as it came.</param>
/// <param name="SourceParameter">Becomes the From header where there is none; null when the call has none.</param>
internal sealed record Raw(RawMessage Message, Mailbox? SourceParameter) : ParsedSubmission
{
    public static Raw Read(SubmissionRequest request, SubmissionContent.Raw raw, int maxBytes)
    {
        if (raw.Data.Length > maxBytes)
        {
            throw new RefusedException(Refusal.Invalid.TooLarge(raw.Data.Length, maxBytes));
        }

        if (!RawMessage.TryRead(raw.Data, out var message, out var problem)
            || !message.TryReadAddresses(out var addresses, out problem)
            || !message.TryCheck(request.Source is not null, raw.Destinations.Count > 0, out problem))
        {
            throw RefusedException.Invalid(problem);
        }

        if (XSesHeaders.Unsupported.FirstOrDefault(name => message.Value(name) is not null) is { } unsupported)
        {
            throw RefusedException.Invalid($"Signet does not support the header '{unsupported}'.");
        }

        // INVARIANT: without a Source there is a From that names somebody, as was checked.
        var source = request.Source ?? addresses.From[0];
        var recipients = raw.Destinations.Count > 0 ? raw.Destinations : [.. addresses.To, .. addresses.Cc, .. addresses.Bcc];
        FormRules.CheckRecipients(recipients);
        FormRules.CheckLengths(
        [
            source, .. addresses.From, .. recipients, .. FormRules.One(addresses.ReturnPath), .. addresses.ReplyTo,
            .. FormRules.One(addresses.Sender),
        ]);
        return new Raw(message, request.Source)
        {
            Source = source,
            From = addresses.From,
            Sender = addresses.Sender,
            ReturnPath = addresses.ReturnPath,
            Feedback = (request.Source ?? addresses.ReturnPath ?? source).Address,
            Recipients = recipients,
            Subject = message.Subject,
            Tags = request.Tags is { } tags ? FormRules.Checked(tags) : HeaderTags(message),
            ConfigurationSet = string.IsNullOrEmpty(request.ConfigurationSet) ? message.Value(XSesHeaders.ConfigurationSet) : request.ConfigurationSet,
            SourceArn = FormRules.Read("SourceArn", request.SourceArn) ?? HeaderArn(message, XSesHeaders.SourceArn),
            FromArn = FormRules.Read("FromArn", request.FromArn) ?? HeaderArn(message, XSesHeaders.FromArn),
            ReturnPathArn = FormRules.Read("ReturnPathArn", request.ReturnPathArn) ?? HeaderArn(message, XSesHeaders.ReturnPathArn),
            Remark = message.LongLines is { } lines ? $"{lines} The message leaves as it is, and a receiver may refuse it or break the line." : null,
        };
    }

    public override ValueTask<ReadOnlyMemory<byte>> ComposeAsync(MessageStamp stamp, CancellationToken cancel) =>
        new(Message.ToOutgoing(stamp, SourceParameter));

    private static IReadOnlyList<MessageTag> HeaderTags(RawMessage message) =>
        message.Value(XSesHeaders.MessageTags) is not { } header ? []
        : MessageTags.TryParse(header, out var tags, out var problem) ? tags
        : throw RefusedException.Invalid(problem);

    private static NamedArn? HeaderArn(RawMessage message, string name) =>
        message.Value(name) is { } value ? FormRules.Read(name, new ArnText(value)) : null;
}
