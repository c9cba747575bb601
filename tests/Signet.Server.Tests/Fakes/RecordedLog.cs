using Microsoft.Extensions.Logging;
using Signet.Tests.Fakes;

namespace Signet.Server.Tests.Fakes;

/// <summary>Keeps the warnings and errors of all categories of a server.</summary>
internal sealed class RecordedLog : ILoggerProvider
{
    private readonly RecordingLogger<RecordedLog> _logger = new(LogLevel.Warning);

    /// <summary>As they would be printed, oldest first.</summary>
    public IReadOnlyCollection<string> Lines => _logger.Lines;

    public ILogger CreateLogger(string categoryName) => _logger;

    public void Dispose()
    {
    }
}
