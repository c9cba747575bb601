using Microsoft.Extensions.Logging.Console;

namespace Signet.Server.Hosting;

/// <summary>The log goes to standard error, one line an entry: standard output has the start lines.</summary>
internal static class Logging
{
    public static ILoggerFactory Create(TimeProvider time) => LoggerFactory.Create(logging => Configure(logging, time));

    private static void Configure(ILoggingBuilder logging, TimeProvider time)
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("Signet", LogLevel.Information);

        // It warns that its keys are stored in clear: the store seals them.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        // The console says it in one line.
        logging.AddFilter("Microsoft.AspNetCore.Authentication.OpenIdConnect", LogLevel.None);
        logging.Services.AddSingleton<ConsoleFormatter>(new TextLogFormatter(time));
        logging.AddConsole(console =>
        {
            console.FormatterName = TextLogFormatter.FormatName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
    }
}
