using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Signet.Server.Hosting;

/// <summary>
/// An entry of the log as one line of text: time in UTC, level, category with the event's number, message, exception. See
/// <see cref="LogText"/> for what strangers write.
/// </summary>
internal sealed class TextLogFormatter(TimeProvider time) : ConsoleFormatter(FormatName)
{
    /// <summary>What <see cref="ConsoleFormatter.Name"/> says.</summary>
    public const string FormatName = "signet-text";

    /// <summary>Bytes of message and exception together.</summary>
    public const int MaxEntry = 8 * 1024;

    /// <summary>Bytes of the message: whoever makes it long does not push the exception out.</summary>
    public const int MaxMessage = MaxEntry / 2;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new StringBuilder(512);
        line.Append(CultureInfo.InvariantCulture, $"{time.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff}Z {Word(logEntry.LogLevel)}: ");
        line.Append(CultureInfo.InvariantCulture, $"{logEntry.Category}[{logEntry.EventId.Id}] ");
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception) ?? "";
        var used = LogText.Append(line, message, logEntry.Exception is null ? MaxEntry : MaxMessage);
        if (logEntry.Exception is { } exception)
        {
            line.Append(' ');
            LogText.Append(line, exception.ToString(), MaxEntry - Math.Min(used, MaxMessage));
        }

        textWriter.WriteLine(line);
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
