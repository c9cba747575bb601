using Microsoft.Extensions.Logging;
using Signet.Messages;

namespace Signet.Delivery;

/// <summary>Event ids 400 to 499.</summary>
internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Error, "{MessageId}: delivering it broke; it is tried again when its lease is over")]
    public static partial void DeliveryBroke(ILogger logger, MessageId messageId, Exception exception);

    [LoggerMessage(401, LogLevel.Warning, "{Count} delivery results could not be written and are kept, next try in {Delay}: {Cause}")]
    public static partial void ResultsNotWritten(ILogger logger, int count, TimeSpan delay, string cause);

    [LoggerMessage(402, LogLevel.Warning, "the queue could not be read: {Cause}")]
    public static partial void NothingLeased(ILogger logger, string cause);

    [LoggerMessage(403, LogLevel.Warning, "leases could not be given back and run out by themselves within {LeaseTime}: {Cause}")]
    public static partial void LeasesNotReleased(ILogger logger, TimeSpan leaseTime, string cause);

    [LoggerMessage(404, LogLevel.Warning, "leases could not be renewed; those older than {LeaseTime} may be delivered twice: {Cause}")]
    public static partial void LeasesNotRenewed(ILogger logger, TimeSpan leaseTime, string cause);

    [LoggerMessage(415, LogLevel.Warning, "mail to {Host} ({EndPoint}) goes in clear text although the host offers STARTTLS: {Cause}")]
    public static partial void Downgraded(ILogger logger, string host, System.Net.IPEndPoint endPoint, string cause);
}
