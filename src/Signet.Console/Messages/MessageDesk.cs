using Signet.Addresses;
using Signet.Archive;
using Signet.Checkup;
using Signet.Console.Shell;
using Signet.Display;
using Signet.Queue;
using Signet.Sending;

namespace Signet.Console.Messages;

/// <summary>
/// What a viewer does with one message: asks whether they may, then does what the commands do. Everything answers with the refusal in
/// one sentence, or null for done.
/// </summary>
public sealed class MessageDesk(ConsoleDomain domain, Viewer viewer, ArchivedMessage message)
{
    private const string NotAllowed = "changing messages is for operators of the account";

    public bool MayChange => viewer.MayOperate && viewer.Sees(message.Owner);

    /// <summary>Deletes it with its history; deliveries that wait are not made.</summary>
    public async Task<string?> DeleteAsync(CancellationToken cancel)
    {
        if (await ObjectionAsync(cancel) is { } objection)
        {
            return objection;
        }

        await domain.Archive.DeleteAsync(new MessageFilter { Id = message.Id, WithServerMail = viewer.SeesServerMail }, cancel);
        return null;
    }

    /// <summary>Sends a copy to somebody, see <see cref="Release"/>.</summary>
    public async Task<string?> ReleaseAsync(Mailbox to, CancellationToken cancel) =>
        (await ObjectionAsync(cancel) ?? Release.Objection(domain.Facts.Regions, message)) is { } objection ? objection
        : await domain.Archive.GetContentAsync(message.Id, cancel) is not { } content ? "the content of the message is no longer kept"
        : await domain.AcceptAsync(Release.Request(message, content, to), cancel) is SubmissionResult.Refused { Refusal: var refusal }
            ? VisibleText.Of(refusal.Text, ViewLimits.Value)
        : null;

    /// <summary>Makes its waiting deliveries due now.</summary>
    public Task<(QueueChange? Done, string? Refusal)> RetryAsync(CancellationToken cancel) => ChangeAsync(domain.Queue.RetryAsync, cancel);

    /// <summary>Keeps its waiting deliveries back.</summary>
    public Task<(QueueChange? Done, string? Refusal)> HoldAsync(CancellationToken cancel) => ChangeAsync(domain.Queue.HoldAsync, cancel);

    /// <summary>Ends its waiting deliveries as failed.</summary>
    public Task<(QueueChange? Done, string? Refusal)> DropAsync(CancellationToken cancel) => ChangeAsync(domain.Queue.DropAsync, cancel);

    /// <summary>Requests the links of the message, which does what a click does.</summary>
    public async Task<(IReadOnlyList<LinkAnswer> Answers, string? Refusal)> CheckLinksAsync(IReadOnlyList<MessageLink> links, CancellationToken cancel)
    {
        if (await ObjectionAsync(cancel) is { } objection)
        {
            return ([], objection);
        }

        var probe = new LinkProbe(domain.Dns, domain.Facts.AllowsPrivateHosts ? _ => true : PublicAddresses.Contains, domain.Time);
        return (await probe.AskAsync(links, cancel), null);
    }

    private async Task<(QueueChange? Done, string? Refusal)> ChangeAsync(
        Func<DeliveryFilter, DateTimeOffset, IProgress<long>?, CancellationToken, Task<QueueChange>> change, CancellationToken cancel) =>
        await ObjectionAsync(cancel) is { } objection
            ? (null, objection)
            : (await change(new DeliveryFilter { Message = message.Id, WithServerMail = viewer.SeesServerMail }, domain.Time.GetUtcNow(), null, cancel), null);

    private Task<string?> ObjectionAsync(CancellationToken cancel) => viewer.ObjectionAsync(MayChange, NotAllowed, domain, cancel);
}
