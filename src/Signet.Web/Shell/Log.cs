using Microsoft.Extensions.Logging;

namespace Signet.Web.Shell;

/// <summary>Event ids 1400 to 1499.</summary>
internal static partial class Log
{
    [LoggerMessage(1400, LogLevel.Error, "a page of the console failed")]
    public static partial void PageFailed(ILogger logger, Exception exception);

    [LoggerMessage(1410, LogLevel.Information, "operator={Operator}, act={Act}, on={On}, account={Account}, result={Result}")]
    public static partial void Done(ILogger logger, string @operator, string act, string on, string account, string result);

    [LoggerMessage(1411, LogLevel.Information, "operator={Operator}, act={Act}, on={On}, account={Account}, result=refused ({Reason})")]
    public static partial void Refused(ILogger logger, string @operator, string act, string on, string account, string reason);

    [LoggerMessage(1420, LogLevel.Information, "sign-in: operator={Operator}, method={Method}, client={Client}, result=done")]
    public static partial void SignedIn(ILogger logger, string @operator, string method, string client);

    [LoggerMessage(1421, LogLevel.Warning, "sign-in: operator={Operator}, method={Method}, client={Client}, result=refused ({Reason})")]
    public static partial void SignInRefused(ILogger logger, string @operator, string method, string client, string reason);
}
