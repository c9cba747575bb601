using Microsoft.Extensions.Logging;

namespace Signet.Console.Shell;

internal static partial class Log
{
    [LoggerMessage(1300, LogLevel.Error, "a page of the console failed")]
    public static partial void PageFailed(ILogger logger, Exception exception);

    [LoggerMessage(1301, LogLevel.Warning, "a sign-in by OpenID Connect failed: {Why}")]
    public static partial void ExternalSignInFailed(ILogger logger, string why);
}
