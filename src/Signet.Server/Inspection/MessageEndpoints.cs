using Microsoft.AspNetCore.Http.HttpResults;
using Signet.Archive;
using Signet.Messages;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;
using Signet.Viewing;

namespace Signet.Server.Inspection;

/// <summary>Answers what is asked below <c>/_signet/messages</c>.</summary>
internal static class MessageEndpoints
{
    public static async Task<Ok<MessageList>> ListAsync(Inbox inbox, MessageQuery query, CancellationToken cancel)
    {
        var limit = query.ReadLimit();
        var found = await inbox.FindAsync(query.Filter(), limit, query.ReadWait(), cancel);
        return TypedResults.Ok(new MessageList(
            [.. found.Select(MessageAnswer.Of)], found.Count == limit ? found[^1].Id.Value : null));
    }

    public static async Task<Ok<CountAnswer>> CountAsync(IMessageArchive archive, MessageSelection query, CancellationToken cancel) =>
        TypedResults.Ok(new CountAnswer(await archive.CountAsync(query.Filter(), cancel)));

    public static async Task<Ok<MessageDetail>> ShowAsync(
        IMessageArchive archive, PastDecisions past, string id, CancellationToken cancel)
    {
        var message = await KnownAsync(archive, id, cancel);
        var content = await archive.GetContentAsync(message.Id, cancel);
        var attempts = await archive.GetAttemptsAsync(message.Id, cancel);
        var view = MessageView.Read(content ?? ReadOnlyMemory<byte>.Empty);
        return TypedResults.Ok(new MessageDetail(
            MessageAnswer.Of(message), content is not null, view.To, view.Cc,
            content is null ? [] : view.BlindCopies(message.Deliveries.Select(d => d.Recipient)), view.ReplyTo, view.Text, view.Html, view.Headers, view.Attachments, !view.IsWhole,
            await past.ExplainAsync(message.Decision, cancel),
            AttemptAnswer.Of(message, attempts)));
    }

    /// <summary>The bytes as delivered. No browser shows them as a page: <c>message/rfc822</c>, to be saved, not to be guessed at.</summary>
    public static async Task<FileContentHttpResult> RawAsync(IMessageArchive archive, string id, CancellationToken cancel)
    {
        var message = await KnownAsync(archive, id, cancel);
        var content = await archive.GetContentAsync(message.Id, cancel)
            ?? throw (message.IsContentHidden
                ? InspectionException.Forbidden(ServerMail.NotShown)
                : InspectionException.NotFound($"the content of `{id}` is no longer kept"));
        return TypedResults.Bytes(content, "message/rfc822", $"{message.Id}.eml");
    }

    public static async Task<Ok<EventList>> EventsAsync(IMessageArchive archive, string id, CancellationToken cancel)
    {
        var message = await KnownAsync(archive, id, cancel);
        var events = await archive.GetEventsAsync(message.Id, cancel);
        return TypedResults.Ok(new EventList([.. events.Select(EventAnswer.Of)]));
    }

    public static async Task<Ok<AttemptList>> AttemptsAsync(IMessageArchive archive, string id, CancellationToken cancel)
    {
        var message = await KnownAsync(archive, id, cancel);
        return TypedResults.Ok(new AttemptList(AttemptAnswer.Of(message, await archive.GetAttemptsAsync(message.Id, cancel))));
    }

    public static async Task<Ok<SendDecision>> DecisionAsync(
        IMessageArchive archive, PastDecisions past, string id, CancellationToken cancel) =>
        TypedResults.Ok(await past.ExplainAsync((await KnownAsync(archive, id, cancel)).Decision, cancel));

    public static async Task<Ok<DeletedAnswer>> DeleteAllAsync(IMessageArchive archive, MessageSelection query, CancellationToken cancel) =>
        TypedResults.Ok(new DeletedAnswer(await archive.DeleteAsync(query.Filter(), cancel)));

    public static async Task<Ok<DeletedAnswer>> DeleteAsync(IMessageArchive archive, string id, CancellationToken cancel)
    {
        var deleted = await archive.DeleteAsync(new MessageFilter { Id = Parsed(id), WithServerMail = true }, cancel);
        return deleted > 0 ? TypedResults.Ok(new DeletedAnswer(deleted)) : throw Unknown(id);
    }

    private static MessageId Parsed(string id) => MessageId.TryParse(id, out var parsed) ? parsed : throw Unknown(id);

    // What is not even shaped like a MessageId is as unknown as one that nobody issued.
    private static async Task<ArchivedMessage> KnownAsync(IMessageArchive archive, string id, CancellationToken cancel) =>
        await archive.GetAsync(Parsed(id), cancel) ?? throw Unknown(id);

    private static InspectionException Unknown(string id) => InspectionException.NotFound($"no message `{id}`");
}
