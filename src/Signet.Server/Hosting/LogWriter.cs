using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Signet.Server.Hosting;

/// <summary>
/// Writes entries on a thread of its own, as many at once as have come together. Whoever logs never waits for whoever reads: when nobody
/// reads the pipe and <see cref="MaxWaiting"/> is reached, further entries are dropped and counted, and a line says how many once there is
/// room again. Delivering mail matters more than the log of it, and every attempt is in the store as well.
/// </summary>
internal sealed class LogWriter : ILoggerProvider
{
    /// <summary>Characters that wait to be written, about.</summary>
    public const int MaxWaiting = 4 * 1024 * 1024;

    private static readonly TimeSpan LastWrites = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _news = new();
    private readonly ConsoleFormatter _formatter;
    private readonly Stream _output;
    private readonly Thread _thread;
    private readonly ILogger _own;
    private StringBuilder _waiting = new();
    private long _entries;
    private long _dropped;
    private volatile bool _isClosing;

    public LogWriter(ConsoleFormatter formatter, Stream output)
    {
        (_formatter, _output) = (formatter, output);
        _own = CreateLogger(typeof(LogWriter).FullName!);
        _thread = new Thread(Run) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <summary>Writes what waits, if that is possible within two seconds. The output stays open while somebody is stuck in it.</summary>
    public void Dispose()
    {
        _isClosing = true;
        _news.Set();
        if (_thread.Join(LastWrites))
        {
            _output.Dispose();
            _news.Dispose();
        }
    }

    private void Add(string entry)
    {
        lock (_gate)
        {
            if (_waiting.Length >= MaxWaiting)
            {
                _dropped++;
                return;
            }

            _waiting.Append(entry);
            _entries++;
        }

        _news.Set();
    }

    private void Run()
    {
        var batch = new StringBuilder();
        var lost = 0L;
        while (true)
        {
            _news.Wait();
            _news.Reset();
            var isLast = _isClosing;
            long entries;
            lock (_gate)
            {
                (batch, _waiting) = (_waiting, batch);
                (entries, _entries) = (_entries, 0);
                (lost, _dropped) = (lost + _dropped, 0);
            }

            if (!TryWrite(batch))
            {
                lost += entries;
            }
            else if (lost > 0)
            {
                Log.EntriesDropped(_own, lost);
                lost = 0;
            }

            batch.Clear();
            if (isLast)
            {
                lock (_gate)
                {
                    TryWrite(_waiting);
                }

                return;
            }
        }
    }

    private bool TryWrite(StringBuilder batch)
    {
        if (batch.Length == 0)
        {
            return true;
        }

        try
        {
            _output.Write(Encoding.UTF8.GetBytes(batch.ToString()));
            _output.Flush();
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // A full disk behind a redirected standard error, say. There is no other place to say so than the log, once it works again.
            return false;
        }
    }

    private sealed class Logger(LogWriter writer, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        // Here and not on the writer's thread: what an entry was made of may be another's by then.
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            using var line = new StringWriter { NewLine = "\n" };
            writer._formatter.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), null, line);
            writer.Add(line.ToString());
        }
    }
}
