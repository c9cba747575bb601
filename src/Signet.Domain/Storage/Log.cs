using Microsoft.Extensions.Logging;

namespace Signet.Storage;

/// <summary>Event ids 900 to 999, and 1207, which keeps the number that alerts may know.</summary>
internal static partial class Log
{
    [LoggerMessage(900, LogLevel.Information,
        "a connection pooler stands before PostgreSQL: statements are not kept prepared; `Max Auto Prepare` in the connection string decides otherwise")]
    public static partial void NotPrepared(ILogger logger);

    [LoggerMessage(1207, LogLevel.Warning, "DKIM keys are expected below {Zone} from now on, and no longer below {Before}: the aliases of all domains have to lead there (--dkim-zone, --hostname)")]
    public static partial void ZoneChanged(ILogger logger, string zone, string before);
}
