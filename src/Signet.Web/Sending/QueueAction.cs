using Signet.Queue;
using Signet.Web.Shell;

namespace Signet.Web.Sending;

/// <summary>What an operator does to waiting deliveries.</summary>
/// <param name="Word">On its button.</param>
/// <param name="Act">In the log.</param>
/// <param name="Done">What the deliveries are then.</param>
/// <param name="Takes">Whether it changes deliveries in a state.</param>
public sealed record QueueAction(string Word, string Act, string Done, Func<DeliveryState, bool> Takes)
{
    public static QueueAction Retry { get; } = new("Retry now", "queue-retry", "due now", s => s is DeliveryState.Deferred or DeliveryState.Held);

    public static QueueAction Hold { get; } = new("Hold", "queue-hold", "held", s => s is DeliveryState.Queued or DeliveryState.Deferred);

    /// <summary>Cannot be undone: to be confirmed.</summary>
    public static QueueAction Drop { get; } = new("Drop", "queue-drop", "dropped", _ => true);

    /// <summary>Gives them another target: <see cref="Text"/>, null for the configured route. To be confirmed, as it sends mail elsewhere.</summary>
    public static QueueAction Reroute { get; } = new("Reroute", "queue-reroute", "rerouted", _ => true);

    /// <summary>Holds them and what is accepted later, with <see cref="Text"/> as the reason. To be confirmed.</summary>
    public static QueueAction Suspend { get; } = new("Suspend", "queue-suspend", "held", s => s is DeliveryState.Queued or DeliveryState.Deferred);

    /// <summary>Ends the suspension of <see cref="DeliveryFilter.Suspension"/>.</summary>
    public static QueueAction Resume { get; } = new("Resume", "queue-resume", "due now", s => s is DeliveryState.Held);

    /// <summary>Those of single deliveries.</summary>
    public static IReadOnlyList<QueueAction> All { get; } = [Retry, Hold, Drop];

    /// <summary>What somebody wrote for it.</summary>
    public string? Text { get; init; }

    /// <summary>Whether it is about all that match, now and later, and so for those who operate the whole server.</summary>
    public bool IsSuspension => Act == Suspend.Act || Act == Resume.Act;

    /// <summary>How many of these it would change.</summary>
    public long CountOf(QueueCounts counts) =>
        (Takes(DeliveryState.Queued) ? counts.Queued : 0)
        + (Takes(DeliveryState.Deferred) ? counts.Deferred : 0)
        + (Takes(DeliveryState.Held) ? counts.Held : 0);

    /// <summary>
    /// Does it to what matches and the viewer sees. When it is broken off (<see cref="OperationCanceledException"/>), what was done stays
    /// done.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException">The viewer may not; nothing was done.</exception>
    public Task<QueueChange> RunAsync(
        IQueueControl queue, Viewer viewer, DeliveryFilter filter, DateTimeOffset now, IProgress<long>? progress, CancellationToken cancel)
    {
        if (!viewer.MayOperate)
        {
            throw new UnauthorizedAccessException($"{viewer.Name} may look at the queue, not change it");
        }

        var seen = filter with { Account = viewer.Narrow(filter.Account), WithServerMail = viewer.SeesServerMail };
        return Act == Retry.Act ? queue.RetryAsync(seen with { SparesSuspended = viewer.Account is not null }, now, progress, cancel)
            : Act == Hold.Act ? queue.HoldAsync(seen, now, progress, cancel)
            : Act == Drop.Act ? queue.DropAsync(seen, now, progress, cancel)
            : Act == Reroute.Act && viewer.Account is null ? queue.RerouteAsync(seen, Text, now, progress, cancel)
            : throw new UnauthorizedAccessException($"{viewer.Name} may not {Word.ToLowerInvariant()}");
    }

    /// <summary>What came of it, as the command line says it.</summary>
    public string Say(QueueChange change)
    {
        var changed = $"{Numbers.Deliveries(change.Changed)} {(change.Changed == 1 ? "is" : "are")} {Done}.";
        if (change.Pending > 0)
        {
            changed += $" {Numbers.Show(change.Pending)} being attempted right now: {Done} unless the attempt ends them.";
        }

        return change.LeftAlone == 0
            ? changed
            : $"{changed} {Numbers.Show(change.LeftAlone)} left alone: being attempted now, or already ended.";
    }
}

/// <summary>What somebody asks to be done.</summary>
/// <param name="Action">What.</param>
/// <param name="Filter">To which.</param>
/// <param name="Which">The same in words, after "deliveries": <c>to example.net</c>.</param>
public sealed record QueueRequest(QueueAction Action, DeliveryFilter Filter, string Which);
