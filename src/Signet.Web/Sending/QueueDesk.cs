using Signet.Queue;
using Signet.Web.Shell;

namespace Signet.Web.Sending;

/// <summary>What a viewer changes of the queue: asks whether they may, then does it to what they see.</summary>
public sealed class QueueDesk(ConsoleContext console, Viewer viewer)
{
    private const string NotAllowed = "only operators may change the queue";

    public bool MayChange => viewer.MayOperate;

    /// <inheritdoc cref="QueueAction.RunAsync"/>
    /// <returns>What was done, or the refusal in one sentence. A session that ends while it is being done does not stop it.</returns>
    public async Task<(QueueChange? Done, string? Refusal)> RunAsync(
        QueueAction action, DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel)
    {
        if (await viewer.ObjectionAsync(MayChange, NotAllowed, console, cancel) is { } objection)
        {
            Note(objection);
            return (null, objection);
        }

        try
        {
            var done = await action.RunAsync(console.Domain.QueueControl, viewer, filter, now, progress, cancel);
            Note(null, $"{done}");
            return (done, null);
        }
        catch (OperationCanceledException)
        {
            Note(null, "stopped early; changes already made are kept");
            throw;
        }
        catch (StoreUnavailableException)
        {
            Note(null, ActLog.StoreFailed);
            throw;
        }

        void Note(string? refusal, string outcome = "") =>
            console.Acts.Write(viewer, action.Act, $"{filter}", viewer.Narrow(filter.Account), refusal, outcome);
    }
}
