using Signet.Addresses;
using Signet.Display;
using Signet.Messages;
using Signet.Queue;
using Signet.Sending.Limits;

namespace Signet.Sending;

/// <summary>Makes the message to be stored, and gives it its MessageId.</summary>
internal sealed class Composition(DomainName hostname, Random random) : ISendRule
{
    public async ValueTask<Refusal?> CheckAsync(Send send, CancellationToken cancel)
    {
        var (request, parsed) = (send.Request, send.Parsed);
        var id = MessageId.New(request.Caller.Region, send.At, random);
        var content = await parsed.ComposeAsync(new MessageStamp(id, hostname, send.At), cancel);
        if (!MessageLayout.TryRead(content, out var layout, out var problem))
        {
            // What is composed of parts, or gets fields of ours, may have grown beyond what is read again.
            return new Refusal.Invalid(problem);
        }

        IReadOnlyList<EmailAddress> recipients = [.. parsed.Recipients.Select(r => r.Address).Distinct()];
        send.Message = new NewMessage
        {
            Id = id,
            Owner = request.Caller.Scope,
            AcceptedAt = send.At,
            Principal = request.Caller.Principal.Arn,
            Operation = request.Action[(request.Action.IndexOf(':', StringComparison.Ordinal) + 1)..],
            Source = parsed.Source.AsWritten,
            SourceArn = send.Decision.Checks.Count > 0 ? send.Decision.Checks[0].Identity : null,
            BounceAddress = parsed.Feedback,
            EnvelopeFrom = new EmailAddress(id.Value, hostname),
            Subject = VisibleText.Cut(parsed.Subject, MessageLimits.MaxKeptSubject),
            SourceIp = request.Caller.SourceIp?.ToString(),
            Tags = parsed.Tags,
            Decision = send.Decision,
            Content = content,
            Layout = layout,
            Recipients = recipients,
            QuotaUse = SendQuota.UseOf(recipients),
        };
        return null;
    }
}
