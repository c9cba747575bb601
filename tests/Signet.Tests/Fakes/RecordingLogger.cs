using Microsoft.Extensions.Logging;

namespace Signet.Tests.Fakes;

/// <summary>Keeps what is logged, as it would be printed.</summary>
internal sealed class RecordingLogger<T>(LogLevel least = LogLevel.Information) : ILogger<T>
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Lines.Add(formatter(state, exception));
        }
    }
}
