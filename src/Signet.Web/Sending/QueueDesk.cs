using Signet.Delivery;
using Signet.Queue;
using Signet.Web.Shell;

namespace Signet.Web.Sending;

/// <summary>What a viewer changes of the queue: asks whether they may, then does it to what they see.</summary>
public sealed class QueueDesk(ConsoleContext console, Viewer viewer)
{
    private const string NotAllowed = "only operators may change the queue";

    private const string NotOfAll = "only operators of the whole server may suspend, resume and reroute mail";

    public bool MayChange => viewer.MayOperate;

    /// <summary>Whether they may suspend, resume and reroute: what the operator of a server stops, that of one account does not start again.</summary>
    public bool MayChangeAll => viewer.MayOperate && viewer.Account is null;

    /// <summary>The suspensions of what the viewer sees.</summary>
    public async Task<IReadOnlyList<SuspensionStatus>> ListSuspensionsAsync(CancellationToken cancel) =>
        [.. (await console.Domain.Suspensions.ListAsync(cancel)).Where(s => viewer.Account is null || s.Suspension.Scope.Account == viewer.Account)];

    /// <inheritdoc cref="QueueAction.RunAsync"/>
    /// <returns>What was done, or the refusal in one sentence. A session that ends while it is being done does not stop it.</returns>
    public async Task<(QueueChange? Done, string? Refusal)> RunAsync(
        QueueAction action, DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel)
    {
        var needsAll = action.IsSuspension || action.Act == QueueAction.Reroute.Act;
        if (await viewer.ObjectionAsync(needsAll ? MayChangeAll : MayChange, needsAll ? NotOfAll : NotAllowed, console, cancel) is { } objection)
        {
            Note(objection);
            return (null, objection);
        }

        try
        {
            var (done, refusal) = action.IsSuspension
                ? await SuspendAsync(action, filter, progress, cancel)
                : (await action.RunAsync(console.Domain.QueueControl, viewer, filter, now, progress, cancel), null);
            Note(refusal, $"{done}");
            return (done, refusal);
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

        void Note(string? refusal, string outcome = "") => console.Acts.Write(
            viewer, action.Act, action.Act == QueueAction.Reroute.Act ? $"{filter} to {action.Text ?? RerouteTarget.Default}" : $"{filter}",
            viewer.Narrow(filter.Account), refusal, outcome);
    }

    private async Task<(QueueChange? Done, string? Refusal)> SuspendAsync(
        QueueAction action, DeliveryFilter filter, IProgress<long>? progress, CancellationToken cancel)
    {
        if (action.Act == QueueAction.Resume.Act)
        {
            var resumed = await console.Domain.Suspensions.ResumeAsync(filter.Suspension ?? 0, progress, cancel);
            return (resumed, resumed is null ? "somebody has ended this suspension already" : null);
        }

        var result = await console.Domain.Suspensions.SuspendAsync(
            filter with { WithServerMail = viewer.SeesServerMail }, action.Text ?? "", viewer.Name, progress, cancel);
        return result.Refusal is null ? (result.Change, null) : (null, result.Refusal);
    }
}
