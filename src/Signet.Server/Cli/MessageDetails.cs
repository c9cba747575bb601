using System.Globalization;
using System.Text.Json;
using Signet.Archive;
using Signet.Display;
using Signet.Events;
using Signet.Policies;
using Signet.Telemetry;

namespace Signet.Server.Cli;

/// <summary>All that is known of one message, as text and as JSON.</summary>
/// <param name="message">Who sent it, why that was allowed (in full), the state of each delivery.</param>
/// <param name="attempts">Each attempt that ended, by recipient.</param>
/// <param name="events">What happened, oldest first.</param>
internal sealed class MessageDetails(
    ArchivedMessage message, IReadOnlyList<ArchivedAttempt> attempts, IReadOnlyList<MessageEvent> events)
{
    /// <summary>Facts, deliveries, attempts, events and the decision, one after the other.</summary>
    public void Print(CommandOutput output)
    {
        (string Name, string? Value)[] facts =
        [
            ("message", message.Id.Value),
            ("accepted", Time(message.AcceptedAt)),
            ("account", message.Owner is { } owner ? $"{owner.Account} in {owner.Region}" : "none: this is the server's own mail"),
            ("principal", message.Principal),
            ("operation", message.Operation),
            ("source", message.Source),
            ("identity", message.SourceArn ?? "none"),
            ("envelope-from", message.EnvelopeFrom),
            ("feedback", message.BounceAddress),
            ("subject", message.Subject),
            ("size", $"{message.Size} bytes"),
            ("source-ip", message.SourceIp),
            ("tags", message.Tags.Count == 0 ? null : string.Join(", ", message.Tags.Select(t => $"{t.Name}={t.Value}"))),
        ];
        foreach (var (name, value) in facts.Where(f => f.Value is not null))
        {
            output.Line($"{name} {VisibleText.Cut(value!, ViewLimits.Value)}");
        }

        output.Line("");
        output.Table(["RECIPIENT", "STATE", "ATTEMPTS", "NEXT ATTEMPT", "RESULT"], message.Deliveries.Select(IReadOnlyList<string> (d) =>
        [
            d.Recipient, SuspensionCommands.State(d.State, d.Suspension) + (d.Route is { } route ? $", rerouted to {route}" : ""),
            d.Attempts.ToString(CultureInfo.InvariantCulture), d.NextAttemptAt is { } next ? Time(next) : "-", d.Result ?? "-",
        ]));
        output.Line("");
        output.Table(["TIME", "RECIPIENT", "ATTEMPT", "OUTCOME", "HOST", "ADDRESS", "TLS", "CIPHER", "CERTIFICATE", "TLS POLICY", "TOOK", "REPLY"], attempts.Select(IReadOnlyList<string> (a) =>
        [
            Time(a.Attempt.At), Recipient(a), a.Attempt.Number.ToString(CultureInfo.InvariantCulture),
            SignetMetrics.Label(a.Attempt.Outcome), a.Attempt.Host ?? "-", a.Attempt.Address ?? "-",
            a.Attempt.Tls ?? "-", a.Attempt.Cipher ?? "-", a.Attempt.Certificate ?? "-", a.Attempt.TlsPolicy ?? "-", string.Create(CultureInfo.InvariantCulture, $"{Millis(a)} ms"), a.Attempt.Reply,
        ]));
        output.Line("");
        output.Table(["TIME", "EVENT", "RECIPIENTS", "DETAIL"], events.Select(IReadOnlyList<string> (e) =>
        [
            Time(e.At), $"{e.Type}", string.Join(", ", e.Recipients),
            e.Detail == EventDetail.None ? "" : e.Detail,
        ]));
        output.Line("");
        foreach (var line in DecisionText.Lines(message.Decision))
        {
            output.Line(line);
        }
    }

    /// <summary>Writes the members of one object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("messageId", message.Id.Value);
        json.WriteString("acceptedAt", message.AcceptedAt);
        json.WriteString("account", message.Owner?.Account.Value);
        json.WriteString("region", message.Owner?.Region.Value);
        json.WriteString("principal", message.Principal);
        json.WriteString("operation", message.Operation);
        json.WriteString("source", message.Source);
        json.WriteString("sourceArn", message.SourceArn);
        json.WriteString("envelopeFrom", message.EnvelopeFrom);
        json.WriteString("feedbackAddress", message.BounceAddress);
        json.WriteString("subject", message.Subject);
        json.WriteNumber("size", message.Size);
        json.WriteString("sourceIp", message.SourceIp);
        WriteArray(json, "tags", message.Tags, tag =>
        {
            json.WriteString("name", tag.Name);
            json.WriteString("value", tag.Value);
        });
        WriteArray(json, "deliveries", message.Deliveries, delivery =>
        {
            json.WriteString("recipient", delivery.Recipient);
            json.WriteString("state", SignetMetrics.Label(delivery.State));
            json.WriteNumber("attempts", delivery.Attempts);
            if (delivery.NextAttemptAt is { } next)
            {
                json.WriteString("nextAttemptAt", next);
            }
            else
            {
                json.WriteNull("nextAttemptAt");
            }

            json.WriteString("result", delivery.Result);
            json.WriteString("route", delivery.Route);
            SuspensionCommands.WriteNumber(json, "suspension", delivery.Suspension);
        });
        WriteArray(json, "attempts", attempts, a =>
        {
            json.WriteString("recipient", Recipient(a));
            json.WriteNumber("number", a.Attempt.Number);
            json.WriteString("at", a.Attempt.At);
            json.WriteNumber("durationMillis", Millis(a));
            json.WriteString("host", a.Attempt.Host);
            json.WriteString("address", a.Attempt.Address);
            json.WriteString("tls", a.Attempt.Tls);
            json.WriteString("cipher", a.Attempt.Cipher);
            json.WriteString("certificate", a.Attempt.Certificate);
            json.WriteString("tlsPolicy", a.Attempt.TlsPolicy);
            json.WriteString("reply", a.Attempt.Reply);
            json.WriteString("outcome", SignetMetrics.Label(a.Attempt.Outcome));
        });
        WriteArray(json, "events", events, happened =>
        {
            json.WriteString("at", happened.At);
            json.WriteString("type", $"{happened.Type}");
            json.WriteStartArray("recipients");
            foreach (var recipient in happened.Recipients)
            {
                json.WriteStringValue(recipient);
            }

            json.WriteEndArray();
            json.WritePropertyName("detail");
            json.WriteRawValue(happened.Detail);
        });
        json.WritePropertyName("decision");
        json.WriteRawValue(DecisionJson.Write(message.Decision, BoundedDecision.Shown));
    }

    private string Recipient(ArchivedAttempt attempt) => message.RecipientOf(attempt.Ordinal);

    private static long Millis(ArchivedAttempt attempt) => (long)attempt.Attempt.Duration.TotalMilliseconds;

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> writeMembers)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            writeMembers(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // With milliseconds: attempts follow each other closely.
    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
