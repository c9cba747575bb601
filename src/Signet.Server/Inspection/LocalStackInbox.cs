using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Signet.Archive;
using Signet.Messages;
using Signet.Names;
using Signet.Viewing;

namespace Signet.Server.Inspection;

/// <summary>
/// <c>/_aws/ses</c>: the inbox in the shape of LocalStack's endpoint of that path, so that tests written for it need another URL
/// and nothing else. Oldest first; <c>email</c> is the whole Source, not a part of it. A message of SendEmail has Destination,
/// Subject and Body, and so has mail of the server itself; any other has RawData. Messages whose content is no longer kept, or not shown,
/// are left out.
/// </summary>
internal static class LocalStackInbox
{
    public const string Path = "/_aws/ses";

    private const int PageSize = 500;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes message by message: one content at a time is in memory.</summary>
    public static async Task ListAsync(IMessageArchive archive, string? id, string? email, HttpResponse response, CancellationToken cancel)
    {
        var messages = await MatchingAsync(archive, id, email, cancel);
        response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(response.BodyWriter, Options);
        json.WriteStartObject();
        json.WriteStartArray("messages");
        foreach (var message in messages.Reverse())
        {
            if (await archive.GetContentAsync(message.Id, cancel) is { } content)
            {
                Write(json, message, content);
                await json.FlushAsync(cancel);
                await response.BodyWriter.FlushAsync(cancel);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>204 when done, as there; a message that is not there is 404, where LocalStack fails.</summary>
    public static async Task<IResult> DeleteAsync(IMessageArchive archive, string? id, string? email, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(id) && string.IsNullOrEmpty(email))
        {
            await archive.DeleteAsync(new MessageFilter { WithServerMail = true }, cancel);
            return TypedResults.NoContent();
        }

        var messages = await MatchingAsync(archive, id, email, cancel);
        if (messages.Count == 0 && !string.IsNullOrEmpty(id))
        {
            throw InspectionException.NotFound($"no message `{id}`");
        }

        foreach (var message in messages)
        {
            await archive.DeleteAsync(new MessageFilter { Id = message.Id, WithServerMail = true }, cancel);
        }

        return TypedResults.NoContent();
    }

    private static async Task<IReadOnlyList<ArchivedMessage>> MatchingAsync(
        IMessageArchive archive, string? id, string? email, CancellationToken cancel)
    {
        var filter = new MessageFilter { From = string.IsNullOrEmpty(email) ? null : email, WithServerMail = true };
        if (!string.IsNullOrEmpty(id))
        {
            if (!MessageId.TryParse(id, out var parsed))
            {
                return [];
            }

            filter = filter with { Id = parsed };
        }

        List<ArchivedMessage> messages = [];
        IReadOnlyList<ArchivedMessage> page;
        do
        {
            page = await archive.FindAsync(filter, PageSize, cancel);
            messages.AddRange(page.Where(m => string.IsNullOrEmpty(email) || m.Source == email));
            filter = page is [.., var last] ? filter with { Before = last.Id } : filter;
        }
        while (page.Count == PageSize);

        return messages;
    }

    private static void Write(Utf8JsonWriter json, ArchivedMessage message, ReadOnlyMemory<byte> content)
    {
        json.WriteStartObject();
        json.WriteString("Id", message.Id.Value);
        json.WriteString("Region", (message.Owner?.Region ?? Region.Default).Value);
        if (message.Owner is null || message.Operation == "SendEmail")
        {
            WriteParts(json, message, MessageView.Read(content));
        }
        else
        {
            json.WriteString("Source", message.Source);
            json.WriteString("RawData", Encoding.UTF8.GetString(content.Span));
        }

        json.WriteString("Timestamp", message.AcceptedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, ArchivedMessage message, MessageView view)
    {
        json.WriteStartObject("Destination");
        WriteList(json, "ToAddresses", view.To);
        WriteList(json, "CcAddresses", view.Cc);
        WriteList(json, "BccAddresses", view.BlindCopies(message.Deliveries.Select(d => d.Recipient)));
        json.WriteEndObject();
        json.WriteString("Source", message.Source);
        json.WriteString("Subject", Subject(message, view));
        json.WriteStartObject("Body");
        json.WriteString("text_part", view.Text);
        json.WriteString("html_part", view.Html);
        json.WriteEndObject();
    }

    // Of a long one only the beginning is kept beside the message.
    private static string Subject(ArchivedMessage message, MessageView view) =>
        message.Subject.Length > MessageLimits.MaxKeptSubject && view.Headers.FirstOrDefault(h => h.Name == "Subject") is { } whole
            ? whole.Value
            : message.Subject;

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
