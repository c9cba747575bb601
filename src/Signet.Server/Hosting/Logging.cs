using Microsoft.Extensions.Logging.Console;

namespace Signet.Server.Hosting;

/// <summary>How an entry of the log is written.</summary>
internal enum LogFormat
{
    Text,
    Json,
}

/// <summary>The log goes to standard error, one line an entry: standard output has the start lines.</summary>
internal static class Logging
{
    /// <summary>The words of <c>--log-level</c>.</summary>
    public static IReadOnlyDictionary<string, LogLevel> Levels { get; } = new OrderedDictionary<string, LogLevel>
    {
        ["trace"] = LogLevel.Trace,
        ["debug"] = LogLevel.Debug,
        ["information"] = LogLevel.Information,
        ["warning"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
        ["none"] = LogLevel.None,
    };

    /// <summary>The words of <c>--log-format</c>.</summary>
    public static IReadOnlyDictionary<string, LogFormat> Formats { get; } = new OrderedDictionary<string, LogFormat>
    {
        ["text"] = LogFormat.Text,
        ["json"] = LogFormat.Json,
    };

    /// <param name="threshold">The least that is logged.</param>
    /// <param name="format">How.</param>
    /// <param name="time">The clock.</param>
    /// <param name="open">Opens the place where it goes; closed with the factory.</param>
    public static ILoggerFactory Create(LogThreshold threshold, LogFormat format, TimeProvider time, Func<Stream> open) =>
        LoggerFactory.Create(logging =>
        {
            logging.SetMinimumLevel(LogLevel.Trace);
            logging.AddFilter(threshold.Allows);
            logging.Services.AddSingleton<ILoggerProvider>(_ => new LogWriter(FormatterFor(format, time), open()));
        });

    private static ConsoleFormatter FormatterFor(LogFormat format, TimeProvider time) =>
        format == LogFormat.Json ? new JsonLogFormatter(time) : new TextLogFormatter(time);
}
