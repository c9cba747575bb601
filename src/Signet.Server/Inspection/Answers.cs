using System.Text.Json;
using Signet.Archive;
using Signet.Events;
using Signet.Messages;
using Signet.Policies;
using Signet.Sending;
using Signet.Telemetry;
using Signet.Viewing;

namespace Signet.Server.Inspection;

/// <param name="Error">One sentence.</param>
internal sealed record ErrorAnswer(string Error);

/// <param name="Messages">Newest first.</param>
/// <param name="Next">What to give as <c>before</c> for the next page; null on the last one.</param>
internal sealed record MessageList(IReadOnlyList<MessageAnswer> Messages, string? Next);

/// <summary>An accepted message without its content. Mail of the server itself has neither account nor region.</summary>
internal sealed record MessageAnswer(
    string Id,
    string? Account,
    string? Region,
    DateTimeOffset AcceptedAt,
    string Operation,
    string Principal,
    string Source,
    string? SourceArn,
    string EnvelopeFrom,
    string FeedbackAddress,
    string Subject,
    string? SourceIp,
    int Size,
    IReadOnlyList<MessageTag> Tags,
    IReadOnlyList<DeliveryAnswer> Deliveries)
{
    public static MessageAnswer Of(ArchivedMessage message) => new(
        message.Id.Value,
        message.Owner?.Account.Value,
        message.Owner?.Region.Value,
        message.AcceptedAt,
        message.Operation,
        message.Principal,
        message.Source,
        message.SourceArn,
        message.EnvelopeFrom,
        message.BounceAddress,
        message.Subject,
        message.SourceIp,
        message.Size,
        message.Tags,
        [.. message.Deliveries.Select(DeliveryAnswer.Of)]);
}

/// <param name="Recipient">RCPT TO.</param>
/// <param name="State"><c>queued</c>, <c>deferred</c>, <c>held</c>, <c>delivered</c> or <c>failed</c>.</param>
/// <param name="Attempts">How many attempts ended.</param>
/// <param name="NextAttemptAt">When it is tried again, if so.</param>
/// <param name="Result">What the other side or the route said last.</param>
internal sealed record DeliveryAnswer(string Recipient, string State, int Attempts, DateTimeOffset? NextAttemptAt, string? Result)
{
    public static DeliveryAnswer Of(ArchivedDelivery delivery) =>
        new(delivery.Recipient, SignetMetrics.Label(delivery.State), delivery.Attempts, delivery.NextAttemptAt, delivery.Result);
}

/// <summary>A message with its content as people read it and with the decision that let it be sent.</summary>
/// <param name="Message">What the list shows of it.</param>
/// <param name="ContentKept">False once the content is forgotten, and for mail of the server itself; what is read from it is then empty.</param>
/// <param name="To">To addresses as the header has them, decoded.</param>
/// <param name="Cc">Cc addresses.</param>
/// <param name="Bcc">The recipients that neither names.</param>
/// <param name="ReplyTo">Reply-To addresses.</param>
/// <param name="Text">The plain text body.</param>
/// <param name="Html">The HTML body as text, for tests to look into; never to be shown as it is.</param>
/// <param name="Headers">All header fields.</param>
/// <param name="Attachments">All other parts.</param>
/// <param name="MoreParts">
/// True when the message has more parts than are accepted now, and <see cref="Attachments"/> only the first of them; its bytes have all.
/// </param>
/// <param name="Decision">Why it was allowed.</param>
/// <param name="Attempts">How its deliveries were attempted, recipient by recipient, oldest first.</param>
internal sealed record MessageDetail(
    MessageAnswer Message,
    bool ContentKept,
    IReadOnlyList<string> To,
    IReadOnlyList<string> Cc,
    IReadOnlyList<string> Bcc,
    IReadOnlyList<string> ReplyTo,
    string? Text,
    string? Html,
    IReadOnlyList<HeaderView> Headers,
    IReadOnlyList<AttachmentView> Attachments,
    bool MoreParts,
    SendDecision Decision,
    IReadOnlyList<AttemptAnswer> Attempts);

/// <param name="Attempts">Recipient by recipient, oldest first.</param>
internal sealed record AttemptList(IReadOnlyList<AttemptAnswer> Attempts);

/// <summary>An attempt to deliver to one recipient, which has ended.</summary>
/// <param name="Recipient">RCPT TO.</param>
/// <param name="Number">From 1.</param>
/// <param name="At">When it ended.</param>
/// <param name="DurationMillis">What it took.</param>
/// <param name="Host">Who was talked to last, if anybody.</param>
/// <param name="Address">Where that host is.</param>
/// <param name="Tls"><c>TLSv1.3</c> or <c>TLSv1.2</c>; null in clear.</param>
/// <param name="Cipher">The cipher suite by its IANA name; null in clear.</param>
/// <param name="Certificate"><c>valid</c>, or why the host's certificate is not; null when there was none.</param>
/// <param name="TlsPolicy">What TLS had to be and who asked for that; null when no host was reached.</param>
/// <param name="Reply">What decided.</param>
/// <param name="Outcome"><c>delivered</c>, <c>deferred</c> or <c>failed</c>.</param>
internal sealed record AttemptAnswer(
    string Recipient,
    int Number,
    DateTimeOffset At,
    long DurationMillis,
    string? Host,
    string? Address,
    string? Tls,
    string? Cipher,
    string? Certificate,
    string? TlsPolicy,
    string Reply,
    string Outcome)
{
    public static IReadOnlyList<AttemptAnswer> Of(ArchivedMessage message, IReadOnlyList<ArchivedAttempt> attempts) =>
    [
        .. attempts.Select(a => new AttemptAnswer(
            message.RecipientOf(a.Ordinal),
            a.Attempt.Number,
            a.Attempt.At,
            (long)a.Attempt.Duration.TotalMilliseconds,
            a.Attempt.Host,
            a.Attempt.Address,
            a.Attempt.Tls,
            a.Attempt.Cipher,
            a.Attempt.Certificate,
            a.Attempt.TlsPolicy,
            a.Attempt.Reply,
            SignetMetrics.Label(a.Attempt.Outcome))),
    ];
}

/// <param name="Events">Newest first; of one message, oldest first.</param>
internal sealed record EventList(IReadOnlyList<EventAnswer> Events);

/// <summary>Something that happened; the members of its detail depend on the type. Account and region as in <see cref="MessageAnswer"/>.</summary>
internal sealed record EventAnswer(
    Guid Id,
    string MessageId,
    string? Account,
    string? Region,
    DateTimeOffset At,
    EventType Type,
    IReadOnlyList<string> Recipients,
    JsonElement Detail)
{
    public static EventAnswer Of(MessageEvent happened)
    {
        using var detail = JsonDocument.Parse(happened.Detail);
        return new EventAnswer(
            happened.Id,
            happened.MessageId.Value,
            happened.Owner?.Account.Value,
            happened.Owner?.Region.Value,
            happened.At,
            happened.Type,
            happened.Recipients,
            detail.RootElement.Clone());
    }
}

/// <param name="Refusals">Newest first.</param>
internal sealed record RefusalList(IReadOnlyList<RefusalAnswer> Refusals);

/// <summary>A request that was refused, in the words that the caller got.</summary>
/// <param name="Id">Of the record.</param>
/// <param name="At">When.</param>
/// <param name="Account">The caller's, or that of the key an unproven request names; null when there is no such key.</param>
/// <param name="Region">The caller's; null like <paramref name="Account"/>.</param>
/// <param name="Proven">Whether a signature proves who the caller is.</param>
/// <param name="Caller">ARN of the principal; of an unproven caller the access key ID that it gave, or empty.</param>
/// <param name="Action">For instance <c>ses:SendEmail</c>; empty when the request names none, or was not read so far.</param>
/// <param name="Code">The error code of the answer.</param>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="Refusal">The text of the answer.</param>
/// <param name="Recipients">As far as they are known.</param>
/// <param name="Decision">How authorization decided; null when the request did not come as far.</param>
internal sealed record RefusalAnswer(
    Guid Id,
    DateTimeOffset At,
    string? Account,
    string? Region,
    bool Proven,
    string Caller,
    string Action,
    string Code,
    int Status,
    string Refusal,
    IReadOnlyList<string> Recipients,
    SendDecision? Decision)
{
    public static RefusalAnswer Of(RefusedRequest refused) => new(
        refused.Id,
        refused.At,
        refused.Owner?.Account.Value,
        refused.Owner?.Region.Value,
        refused.IsProven,
        refused.Caller,
        refused.Action,
        refused.Code,
        refused.Status,
        refused.Refusal,
        refused.Recipients,
        refused.Decision);
}

/// <param name="Count">How many messages match.</param>
internal sealed record CountAnswer(long Count);

/// <param name="Deleted">How many messages went.</param>
internal sealed record DeletedAnswer(int Deleted);
