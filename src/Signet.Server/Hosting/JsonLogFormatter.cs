using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Signet.Server.Hosting;

/// <summary>
/// An entry of the log as one JSON object on one line: <c>time</c>, <c>level</c>, <c>category</c>, <c>event</c>, <c>message</c>, the values
/// that the message was made of under their names, <c>exception</c>. Made by hand, for what strangers write has to be escaped and bounded as
/// in the text form; see <see cref="LogText"/>.
/// </summary>
internal sealed class JsonLogFormatter(TimeProvider time) : ConsoleFormatter(FormatName)
{
    /// <summary>What <see cref="ConsoleFormatter.Name"/> says.</summary>
    public const string FormatName = "signet-json";

    /// <summary>Bytes of one value.</summary>
    public const int MaxValue = 1024;

    /// <summary>Bytes of all values together, about.</summary>
    public const int MaxValues = 8 * 1024;

    private const int MaxName = 64;
    private const string Template = "{OriginalFormat}";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new StringBuilder(1024);
        line.Append(CultureInfo.InvariantCulture, $"{{\"time\":\"{time.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff}Z\"");
        line.Append(CultureInfo.InvariantCulture, $",\"level\":\"{Word(logEntry.LogLevel)}\"");
        AppendText(line, "category", logEntry.Category, MaxValue);
        line.Append(CultureInfo.InvariantCulture, $",\"event\":{logEntry.EventId.Id}");
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception) ?? "";
        AppendText(line, "message", message, logEntry.Exception is null ? TextLogFormatter.MaxEntry : TextLogFormatter.MaxMessage);
        AppendValues(line, logEntry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
        if (logEntry.Exception is { } exception)
        {
            AppendText(line, "exception", exception.ToString(), TextLogFormatter.MaxEntry - TextLogFormatter.MaxMessage);
        }

        textWriter.WriteLine(line.Append('}'));
    }

    private static void AppendValues(StringBuilder line, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        // A library may use one of our names, or one twice: an object has each once.
        HashSet<string> used = ["time", "level", "category", "event", "message", "exception"];
        var bytes = 0;
        foreach (var (name, value) in values)
        {
            if (bytes >= MaxValues)
            {
                return;
            }

            if (value is not null && name is { Length: > 0 and <= MaxName } and not Template
                && $"{char.ToLowerInvariant(name[0])}{name.AsSpan(1)}" is var key && used.Add(key))
            {
                bytes += key.Length + Append(line, key, value);
            }
        }
    }

    /// <returns>How many bytes the value has.</returns>
    private static int Append(StringBuilder line, string name, object value)
    {
        var plain = value switch
        {
            bool flag => flag ? "true" : "false",
            int or long or uint or ulong or short or ushort or byte or decimal => Text(value),
            double number when double.IsFinite(number) => Text(value),
            float number when float.IsFinite(number) => Text(value),
            _ => null,
        };
        if (plain is null)
        {
            return AppendText(line, name, Text(value), MaxValue);
        }

        AppendName(line, name);
        line.Append(plain);
        return plain.Length;
    }

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static int AppendText(StringBuilder line, string name, string text, int maxBytes)
    {
        AppendName(line, name);
        line.Append('"');
        var bytes = LogText.AppendJson(line, text, maxBytes);
        line.Append('"');
        return bytes;
    }

    private static void AppendName(StringBuilder line, string name)
    {
        line.Append(",\"");
        LogText.AppendJson(line, name, MaxValue);
        line.Append("\":");
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "information",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
