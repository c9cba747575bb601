namespace Signet.Server.Hosting;

internal static partial class Log
{
    [LoggerMessage(1202, LogLevel.Warning, "{Address} is reached from other machines without TLS: see --tls-certificate")]
    public static partial void NoTls(ILogger logger, string address);

    [LoggerMessage(1203, LogLevel.Warning, "{Address} shows all mail without login to whoever can reach it")]
    public static partial void OpenInspection(ILogger logger, string address);
}
