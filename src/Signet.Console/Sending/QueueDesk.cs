using Signet.Console.Shell;
using Signet.Queue;

namespace Signet.Console.Sending;

/// <summary>What a viewer changes of the queue: asks whether they may, then does it to what they see.</summary>
public sealed class QueueDesk(ConsoleDomain domain, Viewer viewer)
{
    private const string NotAllowed = "changing the queue is for operators";

    public bool MayChange => viewer.MayOperate;

    /// <inheritdoc cref="QueueAction.RunAsync"/>
    /// <returns>What was done, or the refusal in one sentence. A session that ends while it is being done does not stop it.</returns>
    public async Task<(QueueChange? Done, string? Refusal)> RunAsync(
        QueueAction action, DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel) =>
        await viewer.ObjectionAsync(MayChange, NotAllowed, domain, cancel) is { } objection
            ? (null, objection)
            : (await action.RunAsync(domain.Queue, viewer, filter, now, progress, cancel), null);
}
