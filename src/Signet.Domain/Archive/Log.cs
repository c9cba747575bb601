using Microsoft.Extensions.Logging;

namespace Signet.Archive;

internal static partial class Log
{
    [LoggerMessage(700, LogLevel.Information, "forgot the content of {Count} finished messages")]
    public static partial void Pruned(ILogger logger, int count);

    [LoggerMessage(701, LogLevel.Error, "old messages could not be forgotten; the next attempt is in {Interval}")]
    public static partial void PruneFailed(ILogger logger, TimeSpan interval, Exception exception);

    [LoggerMessage(702, LogLevel.Error, "messages could not be indexed for searching; the next attempt is in {Interval}")]
    public static partial void IndexFailed(ILogger logger, TimeSpan interval, Exception exception);

    [LoggerMessage(703, LogLevel.Error, "{MessageId} is found by its addresses and subject only: the words of its text could not be indexed")]
    public static partial void MessageNotCut(ILogger logger, string messageId, Exception exception);

    [LoggerMessage(704, LogLevel.Warning, "old messages could not be forgotten; the next attempt is in {Interval}: {Cause}")]
    public static partial void NotPruned(ILogger logger, TimeSpan interval, string cause);

    [LoggerMessage(705, LogLevel.Warning, "messages could not be indexed for searching; the next attempt is in {Interval}: {Cause}")]
    public static partial void NotIndexed(ILogger logger, TimeSpan interval, string cause);
}
