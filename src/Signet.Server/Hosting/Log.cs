namespace Signet.Server.Hosting;

internal static partial class Log
{
    [LoggerMessage(1200, LogLevel.Warning, "the queue could not be counted for the metrics: {Problem}")]
    public static partial void QueueNotCounted(ILogger logger, string problem);

    [LoggerMessage(1202, LogLevel.Warning, "{Address} is reached from other machines without TLS: see --tls-certificate")]
    public static partial void NoTls(ILogger logger, string address);

    [LoggerMessage(1203, LogLevel.Warning, "{Address} shows all mail without login to whoever can reach it")]
    public static partial void OpenInspection(ILogger logger, string address);

    [LoggerMessage(1204, LogLevel.Warning,
        "--regions does not list {Regions}, so requests for these regions are refused; what they hold stays (identities: {Identities}, accounts with settings of their own: {Settings})")]
    public static partial void UnservedRegions(ILogger logger, string regions, int identities, int settings);

    [LoggerMessage(1205, LogLevel.Warning, "the hostname {Hostname} is not a full name: servers refuse mail from it or take it for spam; set --hostname, for instance to mail.example.com")]
    public static partial void ShortHostname(ILogger logger, string hostname);

    [LoggerMessage(1206, LogLevel.Warning, "{Count} entries of the log are lost: nobody read them in time, or they could not be written")]
    public static partial void EntriesDropped(ILogger logger, long count);

    [LoggerMessage(1208, LogLevel.Warning, "{Variable} is passed over: it holds the address of a service, as Kubernetes puts it into every pod, not a setting")]
    public static partial void VariablePassedOver(ILogger logger, string variable);

    [LoggerMessage(1209, LogLevel.Warning, "work waits although the processors are idle, so something blocks the threads of the server: it gets more of them")]
    public static partial void ThreadsBlocked(ILogger logger);

    [LoggerMessage(1210, LogLevel.Warning, "requests for {Hosts} are answered too: web pages under these names can use this server, which asks for no login")]
    public static partial void HostsAllowed(ILogger logger, string hosts);

    [LoggerMessage(1211, LogLevel.Warning, "{Address} lets whoever can reach it read all mail and send, without login: `signet dev` is for development")]
    public static partial void OpenDev(ILogger logger, string address);

    [LoggerMessage(1212, LogLevel.Information, "read again: the log has level {LeastLevel} and above, and new connections get the certificate that is there now")]
    public static partial void ReadAgain(ILogger logger, LogLevel leastLevel);

    [LoggerMessage(1213, LogLevel.Error, "could not be read again, so what was read before stays: {Problem}")]
    public static partial void NotReadAgain(ILogger logger, string problem);
}
