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

    /// <param name="level">The least that is logged of Signet itself.</param>
    /// <param name="format">How.</param>
    /// <param name="time">The clock.</param>
    /// <param name="open">Opens the place where it goes; closed with the factory.</param>
    public static ILoggerFactory Create(LogLevel level, LogFormat format, TimeProvider time, Func<Stream> open) =>
        LoggerFactory.Create(logging =>
        {
            // Libraries log requests, headers and claims below Warning, which are nobody's business.
            logging.SetMinimumLevel(Max(level, LogLevel.Warning));
            logging.AddFilter("Signet", level);

            // It warns that its keys are stored in clear: the store seals them.
            logging.AddFilter("Microsoft.AspNetCore.DataProtection", Max(level, LogLevel.Error));

            // The console says it in one line.
            logging.AddFilter("Microsoft.AspNetCore.Authentication.OpenIdConnect", LogLevel.None);
            logging.Services.AddSingleton<ILoggerProvider>(_ => new LogWriter(FormatterFor(format, time), open()));
        });

    private static ConsoleFormatter FormatterFor(LogFormat format, TimeProvider time) =>
        format == LogFormat.Json ? new JsonLogFormatter(time) : new TextLogFormatter(time);

    private static LogLevel Max(LogLevel one, LogLevel other) => one > other ? one : other;
}
