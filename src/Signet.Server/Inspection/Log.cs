namespace Signet.Server.Inspection;

internal static partial class Log
{
    [LoggerMessage(1300, LogLevel.Warning, "inspection found the store away: {Problem}")]
    public static partial void StoreUnavailable(ILogger logger, string problem);
}
