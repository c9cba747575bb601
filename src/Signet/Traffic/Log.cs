using Microsoft.Extensions.Logging;

namespace Signet.Traffic;

internal static partial class Log
{
    [LoggerMessage(800, LogLevel.Error, "traffic could not be counted; the next attempt is in {Interval}")]
    public static partial void CountFailed(ILogger logger, TimeSpan interval, Exception exception);
}
