using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Signet.Tests.Fakes;

/// <summary>Keeps what is logged, as it would be printed.</summary>
public sealed class RecordingLogger<T>(LogLevel least = LogLevel.Information) : ILogger<T>
{
    public ConcurrentQueue<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Lines.Enqueue(formatter(state, exception));
        }
    }
}
