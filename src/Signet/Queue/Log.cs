using Microsoft.Extensions.Logging;

namespace Signet.Queue;

/// <summary>Event ids 300 to 399.</summary>
internal static partial class Log
{
    [LoggerMessage(300, LogLevel.Warning, "the store is unavailable ({User}: {Count} since the last line): {Cause}")]
    public static partial void StoreUnavailable(ILogger logger, StoreUser user, long count, string cause);
}
