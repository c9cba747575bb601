using Signet.Archive;

namespace Signet.Server.Inspection;

/// <summary>Looks for messages, and waits for them.</summary>
/// <param name="archive">Where they are.</param>
/// <param name="arrivals">Signals messages that this node accepts.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">Ends waiting when the server stops.</param>
internal sealed class Inbox(IMessageArchive archive, ArrivalSignal arrivals, TimeProvider time, CancellationToken stopping)
{
    /// <summary>How often a waiting request looks without a signal, for what other nodes accept.</summary>
    public static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);

    public IMessageArchive Archive => archive;

    /// <summary>Matching messages, newest first; with none there, waits until there is one, or until the time is over.</summary>
    public async Task<IReadOnlyList<ArchivedMessage>> FindAsync(
        MessageFilter filter, int limit, TimeSpan wait, CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel, stopping);
        var begin = time.GetTimestamp();
        while (true)
        {
            var arrival = arrivals.Next;
            var found = await archive.FindAsync(filter, limit, cancel);
            var left = wait - time.GetElapsedTime(begin);
            if (found.Count > 0 || left <= TimeSpan.Zero)
            {
                return found;
            }

            try
            {
                await arrival.WaitAsync(left < Recheck ? left : Recheck, time, ending.Token);
            }
            catch (TimeoutException)
            {
                // Time to look again.
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                throw new InspectionException(StatusCodes.Status503ServiceUnavailable, "signet is stopping");
            }
        }
    }
}
