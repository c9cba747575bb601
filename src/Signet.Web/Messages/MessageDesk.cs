using System.Diagnostics;
using Signet.Addresses;
using Signet.Archive;
using Signet.Display;
using Signet.Messages;
using Signet.Preflight;
using Signet.Queue;
using Signet.Sending;
using Signet.Web.Shell;

namespace Signet.Web.Messages;

/// <summary>
/// What a viewer does with one message: asks whether they may, then does what the commands do. Everything answers with the refusal in
/// one sentence, or null for done.
/// </summary>
public sealed class MessageDesk(ConsoleContext console, Viewer viewer, ArchivedMessage message)
{
    private const string NotAllowed = "only operators of the account may change messages";

    public bool MayChange => viewer.MayOperate && viewer.Sees(message.Owner);

    /// <summary>Deletes it with its history; deliveries that wait are not made.</summary>
    public async Task<string?> DeleteAsync(CancellationToken cancel) => Note("message-delete", await TryDeleteAsync(cancel));

    private async Task<string?> TryDeleteAsync(CancellationToken cancel)
    {
        if (await ObjectionAsync(cancel) is { } objection)
        {
            return objection;
        }

        await console.Domain.Archive.DeleteAsync(new MessageFilter { Id = message.Id, WithServerMail = viewer.SeesServerMail }, cancel);
        return null;
    }

    /// <summary>Sends a copy to somebody, see <see cref="Release"/>.</summary>
    public async Task<string?> ReleaseAsync(Mailbox to, CancellationToken cancel)
    {
        var (released, refusal) = await TryReleaseAsync(to, cancel);
        return Note("message-release", refusal, $" to {to.Address}", $"done (as {released})");
    }

    private async Task<(MessageId? Released, string? Refusal)> TryReleaseAsync(Mailbox to, CancellationToken cancel) =>
        (await ObjectionAsync(cancel) ?? Release.Objection(console.Domain.Regions, message)) is { } objection ? (null, objection)
        : await console.Domain.Archive.GetContentAsync(message.Id, cancel) is not { } content ? (null, "the content of the message is no longer kept")
        : await console.Domain.AcceptAsync(Release.Request(message, content, to), cancel) switch
        {
            SubmissionResult.Accepted accepted => (accepted.Id, null),
            SubmissionResult.Refused { Refusal: var refusal } => (null, VisibleText.Of(refusal.Text, ViewLimits.Value)),
            _ => throw new UnreachableException(),
        };

    /// <summary>Makes its waiting deliveries due now; for an operator of one account but those that are suspended.</summary>
    public Task<(QueueChange? Done, string? Refusal)> RetryAsync(CancellationToken cancel) => ChangeAsync(
        "queue-retry",
        (filter, now, progress, stop) => console.Domain.QueueControl.RetryAsync(filter with { SparesSuspended = viewer.Account is not null }, now, progress, stop),
        cancel);

    /// <summary>Keeps its waiting deliveries back.</summary>
    public Task<(QueueChange? Done, string? Refusal)> HoldAsync(CancellationToken cancel) => ChangeAsync("queue-hold", console.Domain.QueueControl.HoldAsync, cancel);

    /// <summary>Ends its waiting deliveries as failed.</summary>
    public Task<(QueueChange? Done, string? Refusal)> DropAsync(CancellationToken cancel) => ChangeAsync("queue-drop", console.Domain.QueueControl.DropAsync, cancel);

    /// <summary>Requests the links of the message, which does what a click does.</summary>
    public async Task<(IReadOnlyList<LinkAnswer> Answers, string? Refusal)> CheckLinksAsync(IReadOnlyList<MessageLink> links, CancellationToken cancel)
    {
        var objection = Note("links-check", await ObjectionAsync(cancel), outcome: $"{links.Count} links");
        if (objection is not null)
        {
            return ([], objection);
        }

        var probe = new LinkProbe(console.Domain.Dns, console.Facts.AllowsPrivateHosts ? _ => true : PublicAddresses.Contains, console.Domain.Time);
        return (await probe.AskAsync(links, cancel), null);
    }

    private async Task<(QueueChange? Done, string? Refusal)> ChangeAsync(
        string act, Func<DeliveryFilter, DateTimeOffset, IProgress<long>?, CancellationToken, Task<QueueChange>> change, CancellationToken cancel)
    {
        if (await ObjectionAsync(cancel) is { } objection)
        {
            return (null, Note(act, objection));
        }

        try
        {
            var done = await change(
                new DeliveryFilter { Message = message.Id, WithServerMail = viewer.SeesServerMail }, console.Domain.Time.GetUtcNow(), null, cancel);
            return (done, Note(act, null, outcome: $"{done}"));
        }
        catch (StoreUnavailableException)
        {
            Note(act, null, outcome: ActLog.StoreFailed);
            throw;
        }
    }

    private string? Note(string act, string? refusal, string on = "", string outcome = "done")
    {
        console.Acts.Write(viewer, act, $"{message.Id}{on}", message.Owner?.Account, refusal, outcome);
        return refusal;
    }

    private Task<string?> ObjectionAsync(CancellationToken cancel) => viewer.ObjectionAsync(MayChange, NotAllowed, console, cancel);
}
