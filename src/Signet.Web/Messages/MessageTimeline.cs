using System.Globalization;
using System.Text.Json;
using Signet.Archive;
using Signet.Events;
using Signet.Queue;

namespace Signet.Web.Messages;

/// <summary>One thing that happened to a message, for people.</summary>
/// <param name="At">When.</param>
/// <param name="Title">A few words.</param>
/// <param name="Tone"><c>good</c>, <c>bad</c>, <c>wait</c> or <c>plain</c>.</param>
/// <param name="Recipients">The recipients it concerns; empty for all.</param>
/// <param name="Facts">What else is known, name by name.</param>
internal sealed record TimelineEntry(
    DateTimeOffset At, string Title, string Tone, IReadOnlyList<string> Recipients, IReadOnlyList<(string Name, string Value)> Facts);

/// <summary>
/// What happened to a message, in order of time: when and why it was accepted, every attempt with its host and reply, and every event. An
/// event that an attempt caused is shown with the attempt.
/// </summary>
internal static class MessageTimeline
{
    public static IReadOnlyList<TimelineEntry> Of(ArchivedMessage message, IReadOnlyList<ArchivedAttempt> attempts, IReadOnlyList<MessageEvent> events)
    {
        var recipients = message.Deliveries.ToDictionary(d => d.Ordinal, d => d.Recipient);
        var shown = events.Where(e => e.Type == EventType.Send).ToHashSet();
        List<TimelineEntry> entries = [Accepted(message)];
        foreach (var (ordinal, attempt) in attempts)
        {
            var recipient = recipients.GetValueOrDefault(ordinal, "");
            var caused = events.FirstOrDefault(e => !shown.Contains(e) && e.At == attempt.At && e.Recipients.Contains(recipient));
            if (caused is not null)
            {
                shown.Add(caused);
            }

            entries.Add(Attempted(recipient, attempt, caused));
        }

        entries.AddRange(events.Where(e => !shown.Contains(e)).Select(Happened));
        return [.. entries.OrderBy(e => e.At)];
    }

    private static TimelineEntry Accepted(ArchivedMessage message) => new(
        message.AcceptedAt,
        $"Accepted by {message.Operation}",
        "plain",
        [],
        Given(
            ("caller", message.Principal),
            ("from address", message.SourceIp),
            ("identity", message.SourceArn),
            ("envelope from", message.EnvelopeFrom),
            ("feedback to", message.BounceAddress),
            ("allowed because", message.Decision.Reason)));

    private static TimelineEntry Attempted(string recipient, Attempt attempt, MessageEvent? caused)
    {
        var (word, tone) = attempt.Outcome switch
        {
            DeliveryState.Delivered => ("Delivered", "good"),
            DeliveryState.Failed => ("Failed", "bad"),
            DeliveryState.Deferred => ("Deferred", "wait"),
            var other => ($"{other}", "plain"),
        };
        return new TimelineEntry(
            attempt.At,
            attempt.Number == 1 ? word : string.Create(CultureInfo.InvariantCulture, $"{word}, attempt {attempt.Number}"),
            tone,
            [recipient],
            Given(
                ("reply", attempt.Reply),
                ("host", attempt.Host),
                ("address", attempt.Address),
                ("TLS", attempt.Host is null ? null : attempt.Tls is { } tls ? string.Join(", ", new[] { tls, attempt.Cipher }.OfType<string>()) : "none: in clear"),
                ("certificate", attempt.Certificate),
                ("TLS policy", attempt.TlsPolicy),
                ("took", string.Create(CultureInfo.InvariantCulture, $"{attempt.Duration.TotalMilliseconds:0} ms")),
                ("event", caused is null or { Type: EventType.Delivery } ? null : Describe(caused))));
    }

    private static TimelineEntry Happened(MessageEvent happened) => new(
        happened.At,
        $"{happened.Type}",
        happened.Type switch
        {
            EventType.Delivery => "good",
            EventType.Bounce or EventType.Complaint or EventType.Reject => "bad",
            EventType.DeliveryDelay => "wait",
            _ => "plain",
        },
        happened.Recipients,
        Members(happened.Detail));

    private static string Describe(MessageEvent happened) =>
        string.Join(", ", [$"{happened.Type}", .. Members(happened.Detail).Where(m => m.Name is "bounceType" or "bounceSubType" or "delayType").Select(m => m.Value)]);

    // SES's own names: who reads event records knows them.
    private static List<(string Name, string Value)> Members(string detail)
    {
        using var json = JsonDocument.Parse(detail);
        return
        [
            .. json.RootElement.EnumerateObject()
                .Where(m => m.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
                .Select(m => (m.Name, m.Value.ToString())),
        ];
    }

    private static List<(string Name, string Value)> Given(params (string Name, string? Value)[] facts) =>
        [.. facts.Where(f => f.Value is { Length: > 0 }).Select(f => (f.Name, f.Value!))];
}
