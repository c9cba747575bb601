using Signet.Archive;
using Signet.Events;
using Signet.Messages;
using Signet.Viewing;
using Signet.Web.Shell;

namespace Signet.Web.Messages;

/// <summary>What the page of one message shows, but for what its views read of the content (<see cref="ContentView"/>).</summary>
/// <param name="Message">Who sent it, why that was allowed, where its deliveries stand.</param>
/// <param name="HasContent">False once its bytes are forgotten, or when they are not shown.</param>
/// <param name="HasHtml">Whether there is HTML to show.</param>
/// <param name="HasText">Whether there is plain text to show.</param>
/// <param name="Attachments">How many other parts there are.</param>
/// <param name="Addressees">
/// To, Cc and Reply-To as the header has them, and as Bcc the recipients that it does not name; empty ones are left out. All recipients as
/// To when the content is not there.
/// </param>
/// <param name="Attempts">Attempts to deliver it that ended.</param>
/// <param name="Events">What happened, oldest first.</param>
public sealed record ShownMessage(
    ArchivedMessage Message,
    bool HasContent,
    bool HasHtml,
    bool HasText,
    int Attachments,
    IReadOnlyList<(string Name, IReadOnlyList<string> Addresses)> Addressees,
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
        var view = MessageView.Read(content ?? ReadOnlyMemory<byte>.Empty);
        return new ShownMessage(
            message,
            content is not null,
            view.Html is not null,
            view.Text is not null,
            view.Attachments.Count,
            [.. AddresseesOf(message, content is null ? null : view).Where(a => a.Addresses.Count > 0)],
            await archive.GetAttemptsAsync(id, cancel),
            await archive.GetEventsAsync(id, cancel));
    }

    private static IEnumerable<(string Name, IReadOnlyList<string> Addresses)> AddresseesOf(ArchivedMessage message, MessageView? view)
    {
        IReadOnlyList<string> recipients = [.. message.Deliveries.Select(d => d.Recipient)];
        return view is null ? [("To", recipients)]
            : [("To", view.To), ("Cc", view.Cc), ("Bcc", view.BlindCopies(recipients)), ("Reply-To", view.ReplyTo)];
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
