using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Signet.Archive;
using Signet.Events;
using Signet.Messages;
using Signet.Policies;
using Signet.Telemetry;

namespace Signet.Server.Cli;

/// <summary><c>signet message show</c>.</summary>
internal static class MessageCommands
{
    public static Command Create(CommandSurroundings surroundings) => new("message", "The story of a message")
    {
        Show(surroundings),
    };

    private static Command Show(CommandSurroundings surroundings)
    {
        var id = new Argument<string>("id") { Description = "the MessageId that its sender was given" };
        var raw = new Option<bool>("--raw") { Description = "the message itself, byte by byte, instead of its story", Arity = ArgumentArity.Zero };
        var command = new Command("show", "Who sent it, why that was allowed, and what became of it") { id, raw };
        return StoreCommand.Over(surroundings, command, async call =>
        {
            var text = call.Parsed.GetRequiredValue(id);
            var messageId = MessageId.TryParse(text, out var known) ? known
                : throw new CommandException($"`{text}` is not a MessageId", ExitCode.Usage);
            var message = await call.System.Archive.GetAsync(messageId, call.Cancel)
                ?? throw new CommandException($"there is no message `{messageId}`: it never was, or it is no longer kept");
            if (call.Parsed.GetValue(raw))
            {
                await WriteContentAsync(call, messageId);
                return ExitCode.Done;
            }

            var events = await call.System.Archive.GetEventsAsync(messageId, call.Cancel);
            if (call.Output.IsJson)
            {
                call.Output.JsonObject(json => Write(json, message, events));
            }
            else
            {
                Print(call.Output, message, events);
            }

            return ExitCode.Done;
        }, takesAccount: false);
    }

    private static async Task WriteContentAsync(StoreCall call, MessageId id)
    {
        if (call.Output.IsJson)
        {
            throw new CommandException("`--raw` and `--json` exclude each other", ExitCode.Usage);
        }

        var content = await call.System.Archive.GetContentAsync(id, call.Cancel)
            ?? throw new CommandException($"the content of message `{id}` is no longer kept; its story is");
        await call.Output.BytesAsync(content, call.Cancel);
    }

    private static void Print(CommandOutput output, ArchivedMessage message, IReadOnlyList<MessageEvent> events)
    {
        (string Name, string? Value)[] facts =
        [
            ("message", message.Id.Value),
            ("accepted", Time(message.AcceptedAt)),
            ("account", $"{message.Owner.Account} in {message.Owner.Region}"),
            ("principal", message.Principal),
            ("operation", message.Operation),
            ("source", message.Source),
            ("identity", message.SourceArn ?? "none"),
            ("envelope-from", message.EnvelopeFrom),
            ("feedback", message.FeedbackAddress),
            ("subject", message.Subject),
            ("size", $"{message.Size} bytes"),
            ("source-ip", message.SourceIp),
            ("tags", message.Tags.Count == 0 ? null : string.Join(", ", message.Tags.Select(t => $"{t.Name}={t.Value}"))),
        ];
        foreach (var (name, value) in facts.Where(f => f.Value is not null))
        {
            output.Line($"{name} {CommandOutput.Printable(value!)}");
        }

        output.Line("");
        output.Table(["RECIPIENT", "STATE", "ATTEMPTS", "NEXT ATTEMPT", "RESULT"], message.Deliveries.Select(IReadOnlyList<string> (d) =>
        [
            CommandOutput.Printable(d.Recipient), SignetMetrics.Label(d.State), d.Attempts.ToString(CultureInfo.InvariantCulture),
            d.NextAttemptAt is { } next ? Time(next) : "-", CommandOutput.Printable(d.Result ?? "-"),
        ]));
        output.Line("");
        output.Table(["TIME", "EVENT", "RECIPIENTS", "DETAIL"], events.Select(IReadOnlyList<string> (e) =>
        [
            Time(e.At), $"{e.Type}", CommandOutput.Printable(string.Join(", ", e.Recipients)),
            e.Detail == EventDetail.None ? "" : CommandOutput.Printable(e.Detail),
        ]));
        output.Line("");
        foreach (var line in DecisionText.Lines(message.Decision))
        {
            output.Line(line);
        }
    }

    private static void Write(Utf8JsonWriter json, ArchivedMessage message, IReadOnlyList<MessageEvent> events)
    {
        json.WriteString("messageId", message.Id.Value);
        json.WriteString("acceptedAt", message.AcceptedAt);
        json.WriteString("account", message.Owner.Account.Value);
        json.WriteString("region", message.Owner.Region.Value);
        json.WriteString("principal", message.Principal);
        json.WriteString("operation", message.Operation);
        json.WriteString("source", message.Source);
        json.WriteString("sourceArn", message.SourceArn);
        json.WriteString("envelopeFrom", message.EnvelopeFrom);
        json.WriteString("feedbackAddress", message.FeedbackAddress);
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
        json.WriteRawValue(DecisionJson.Write(message.Decision));
    }

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
