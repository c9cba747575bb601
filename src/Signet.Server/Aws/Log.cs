namespace Signet.Server.Aws;

/// <summary>Log messages of the AWS APIs: events 2000 to 2099.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Debug, "{Action} of {Principal} in {Region} ended with {Code} (request {RequestId})")]
    public static partial void Answered(ILogger logger, string action, string? principal, string? region, string code, string requestId);

    [LoggerMessage(2002, LogLevel.Error, "{Action} failed by a fault of Signet (request {RequestId})")]
    public static partial void Failed(ILogger logger, Exception exception, string action, string requestId);
}
