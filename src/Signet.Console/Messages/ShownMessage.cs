using Signet.Archive;
using Signet.Console.Shell;
using Signet.Events;
using Signet.Messages;

namespace Signet.Console.Messages;

/// <summary>All that the views of one message show.</summary>
/// <param name="Message">Who sent it, why that was allowed, where its deliveries stand.</param>
/// <param name="Content">Its bytes; null once they are forgotten, or when they are not shown.</param>
/// <param name="View">Its content as people read it; empty without content.</param>
/// <param name="Attempts">Attempts to deliver it that ended.</param>
/// <param name="Events">What happened, oldest first.</param>
public sealed record ShownMessage(
    ArchivedMessage Message,
    ReadOnlyMemory<byte>? Content,
    MessageView View,
    IReadOnlyList<ArchivedAttempt> Attempts,
    IReadOnlyList<MessageEvent> Events)
{
    /// <summary>The message, unless there is none or the viewer may not see it, which looks the same.</summary>
    public static async Task<ShownMessage?> FindAsync(IMessageArchive archive, Viewer viewer, MessageId id, CancellationToken cancel)
    {
        if (await archive.GetAsync(id, cancel) is not { } message || !viewer.Sees(message.Owner))
        {
            return null;
        }

        var content = await archive.GetContentAsync(id, cancel);
        return new ShownMessage(
            message,
            content,
            MessageView.Read(content ?? ReadOnlyMemory<byte>.Empty),
            await archive.GetAttemptsAsync(id, cancel),
            await archive.GetEventsAsync(id, cancel));
    }

    /// <summary>The same with what has become of it meanwhile; null when nothing has, or it is gone.</summary>
    public async Task<ShownMessage?> RefreshAsync(IMessageArchive archive, CancellationToken cancel)
    {
        if (await archive.GetAsync(Message.Id, cancel) is not { } now || now.Deliveries.SequenceEqual(Message.Deliveries))
        {
            return null;
        }

        return this with
        {
            Message = now,
            Attempts = await archive.GetAttemptsAsync(Message.Id, cancel),
            Events = await archive.GetEventsAsync(Message.Id, cancel),
        };
    }
}
