using Microsoft.Extensions.Logging;

namespace Signet.Storage;

/// <summary>Event ids 900 to 999, and 1207, which keeps the number that alerts may know.</summary>
internal static partial class Log
{
    [LoggerMessage(900, LogLevel.Information,
        "a connection pooler stands before PostgreSQL: statements are not kept prepared; `Max Auto Prepare` in the connection string decides otherwise")]
    public static partial void NotPrepared(ILogger logger);

    [LoggerMessage(901, LogLevel.Warning, "PostgreSQL at {Host} is used from now on, the primary of timeline {Timeline}; it was {Before}")]
    public static partial void HostReplaced(ILogger logger, string host, string before, long timeline);

    [LoggerMessage(902, LogLevel.Warning,
        "PostgreSQL at {Host} calls itself a primary, of timeline {Timeline}, but there is a newer one of timeline {Newest}: it is not used. Stop it, and make it a standby")]
    public static partial void HostStale(ILogger logger, string host, long timeline, long newest);

    [LoggerMessage(903, LogLevel.Warning, "the PostgreSQL hosts could not be looked at: {Cause}")]
    public static partial void HostsNotSeen(ILogger logger, string cause);

    [LoggerMessage(1207, LogLevel.Warning, "DKIM keys are expected below {Zone} from now on, and no longer below {Before}: the aliases of all domains have to lead there (--dkim-zone, --hostname)")]
    public static partial void ZoneChanged(ILogger logger, string zone, string before);
}
