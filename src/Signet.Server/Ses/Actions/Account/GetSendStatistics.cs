using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Account;

/// <summary>Counts in periods of 15 minutes over the last two weeks, oldest first; empty periods are left out.</summary>
internal static class GetSendStatistics
{
    public static Structure Input { get; } = new();

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var points = await context.Domain.History.StatisticsAsync(context.Scope, context.Domain.Time.GetUtcNow(), cancel);
        return result => result.List("SendDataPoints", points, point =>
        {
            result.Time("Timestamp", point.Start);
            result.Count("DeliveryAttempts", point.DeliveryAttempts);
            result.Count("Bounces", point.Bounces);
            result.Count("Complaints", point.Complaints);
            result.Count("Rejects", point.Rejects);
        });
    }
}
