using Microsoft.Extensions.Logging;
using Signet.Queue;
using Signet.Smtp;

namespace Signet.Delivery;

/// <summary>
/// Ends deliveries whose time is over and whose destination is left alone. Only a few of them are claimed while it does not answer, so that most
/// would wait for much longer than they may.
/// </summary>
public sealed class ExpiryLoop(
    IMessageQueue queue, DeliveryWorker worker, Node node, TimeProvider time, ILogger<ExpiryLoop> logger) : RepeatedWork(time)
{
    private const int Portion = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>How long after the end the ordinary way has ended what it can.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(10);

    // A last result is in the story already; this one says why no attempt was made at the end.
    private static readonly Verdict LeftAlone = Verdict.Of(
        SmtpStage.Connect, SmtpReply.Of(421, "4.4.1 its destination let nobody in"));

    /// <summary>Ends what is over now. Returns how many deliveries.</summary>
    public async Task<int> ExpireAsync(CancellationToken cancel)
    {
        if (!worker.LeavesSomeAlone)
        {
            return 0;
        }

        var ended = 0;
        var acceptedBy = Time.GetUtcNow() - RetrySchedule.MaxAge - Late;
        foreach (var domain in await queue.ListOverdueAsync(acceptedBy, cancel))
        {
            while (worker.RoomFor(domain) < 0)
            {
                var inHand = worker.InHand;
                var claimed = await queue.ClaimOverdueAsync(node.Name, domain, acceptedBy, Portion, cancel);
                foreach (var message in claimed)
                {
                    ended += worker.Record(message, message.Deliveries.Where(d => !inHand.Contains(new DeliveryKey(message.Id, d.Ordinal))), LeftAlone);
                }

                foreach (var delivery in claimed.Unreadable)
                {
                    worker.Record(delivery);
                }

                if (!claimed.IsMore)
                {
                    break;
                }
            }
        }

        return ended;
    }

    protected override TimeSpan FirstPause => Interval;

    protected override async Task<TimeSpan> TurnAsync(CancellationToken cancel)
    {
        await ExpireAsync(cancel);
        return Interval;
    }

    protected override TimeSpan Failed(Exception failure)
    {
        Log.NotExpired(logger, Interval, CauseOf(failure));
        return Interval;
    }
}
