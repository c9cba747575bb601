namespace Signet.Server.Hosting;

/// <summary>The least that is logged, which may change while the server runs.</summary>
/// <param name="level">Of Signet itself.</param>
internal sealed class LogThreshold(LogLevel level)
{
    private volatile int _level = (int)level;

    public LogLevel Level
    {
        get => (LogLevel)_level;
        set => _level = (int)value;
    }

    /// <summary>Whether an entry of the category is logged.</summary>
    public bool Allows(string? category, LogLevel level) => level >= Least(category ?? "");

    private LogLevel Least(string category) =>
        category.StartsWith("Signet", StringComparison.OrdinalIgnoreCase) ? Level

        // It warns that its keys are stored in clear: the store seals them.
        : category.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) ? Max(Level, LogLevel.Error)

        // The console says it in one line.
        : category.StartsWith("Microsoft.AspNetCore.Authentication.OpenIdConnect", StringComparison.Ordinal) ? LogLevel.None

        // Libraries log requests, headers and claims below Warning, which are nobody's business.
        : Max(Level, LogLevel.Warning);

    private static LogLevel Max(LogLevel one, LogLevel other) => one > other ? one : other;
}
