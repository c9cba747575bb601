using Microsoft.Extensions.Logging;

namespace Signet.Storage;

/// <summary>Event ids 900 to 999.</summary>
internal static partial class Log
{
    [LoggerMessage(900, LogLevel.Information,
        "a connection pooler stands before PostgreSQL: statements are not kept prepared; `Max Auto Prepare` in the connection string decides otherwise")]
    public static partial void NotPrepared(ILogger logger);
}
