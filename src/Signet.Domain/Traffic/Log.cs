using Microsoft.Extensions.Logging;

namespace Signet.Traffic;

internal static partial class Log
{
    [LoggerMessage(800, LogLevel.Error, "traffic could not be counted; the next attempt is in {Interval}")]
    public static partial void CountFailed(ILogger logger, TimeSpan interval, Exception exception);

    [LoggerMessage(801, LogLevel.Error, "{Count} events or attempts cannot be read and are not counted: another version wrote them, or they were changed by hand")]
    public static partial void NotCounted(ILogger logger, int count);

    [LoggerMessage(802, LogLevel.Warning, "traffic could not be counted; the next attempt is in {Interval}: {Cause}")]
    public static partial void StoreAway(ILogger logger, TimeSpan interval, string cause);
}
