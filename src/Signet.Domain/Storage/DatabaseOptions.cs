using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>How a program uses its store. The defaults suit commands and tools, which wait as long as the engine does.</summary>
public sealed record DatabaseOptions
{
    /// <summary>How many connections to PostgreSQL at most, where neither this nor the connection string says.</summary>
    public const int DefaultConnections = 20;

    /// <summary>
    /// How long a caller in a server waits for a write. With the statements of PostgreSQL bounded more tightly, it leaves time to answer
    /// a request within ten seconds.
    /// </summary>
    public static readonly TimeSpan ServerPatience = TimeSpan.FromSeconds(8);

    /// <summary>How many connections to PostgreSQL at most; null leaves it to the connection string.</summary>
    public int? Connections { get; init; }

    /// <summary>
    /// How long a caller waits for a write. A write that has not begun by then is never run; one that has may still be stored. Unless it
    /// is infinite, the statements of PostgreSQL are bounded as well.
    /// </summary>
    public TimeSpan Patience { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Whether a store that is not there is an error. Otherwise it is made.</summary>
    public bool MustExist { get; init; }

    /// <summary>The clock of patience, and of what the store dates itself.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Waits for a write as long as patience lasts.</summary>
    /// <exception cref="StoreUnavailableException">It did not end by then.</exception>
    internal async Task<T> WaitAsync<T>(Task<T> write)
    {
        try
        {
            return await write.WaitAsync(Patience, Time);
        }
        catch (TimeoutException)
        {
            throw new StoreUnavailableException($"the store did not end a write within {(long)Patience.TotalSeconds} seconds; it may do so yet");
        }
    }
}
