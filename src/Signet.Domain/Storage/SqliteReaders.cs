using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>
/// The readers of a SQLite file: connections that are kept open with their statements prepared, as many as read at once. Accepting
/// a message reads half a dozen rows, each by its key: compiling a statement costs several times what running it does.
/// </summary>
/// <param name="settings">The connection string; without pooling, for this is the pool.</param>
internal sealed class SqliteReaders(string settings) : IAsyncDisposable
{
    /// <summary>Kept while idle; what a burst needed beyond it is closed again.</summary>
    private const int MaxIdle = 16;

    /// <summary>
    /// Reading at once at most; the others wait without a thread. Each keeps a thread until it ends, which it does not while another program
    /// holds the file or the disk does not answer.
    /// </summary>
    private const int MaxReading = 32;

    private readonly ConcurrentBag<Reader> _idle = [];
    private readonly SemaphoreSlim _room = new(MaxReading);
    private volatile bool _closed;

    /// <inheritdoc cref="Database.ReadAsync"/>
    public async Task<T> RunAsync<T>(Func<Session, Task<T>> query, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(Database));
        await _room.WaitAsync(cancel);
        try
        {
            var reader = _idle.TryTake(out var kept) ? kept : await Reader.OpenAsync(settings, cancel);
            var keep = false;
            try
            {
                cancel.ThrowIfCancellationRequested();
                var answer = await query(reader.Session);
                keep = true;
                return answer;
            }
            finally
            {
                // One whose query failed is not trusted with another.
                await ReturnAsync(reader, keep);
            }
        }
        catch (SqliteException e) when (e.IsOfTheEngine())
        {
            throw new StoreUnavailableException($"the store cannot be read: {OneLine.Of(e)}", e);
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>Closes the idle ones; those that still read close when they are done.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        while (_idle.TryTake(out var reader))
        {
            await reader.DisposeAsync();
        }
    }

    private async ValueTask ReturnAsync(Reader reader, bool keep)
    {
        if (!keep || _idle.Count >= MaxIdle)
        {
            await reader.DisposeAsync();
            return;
        }

        _idle.Add(reader);
        if (_closed)
        {
            // Closed in between: nobody else may come for it.
            await DisposeAsync();
        }
    }

    private sealed class Reader(SqliteConnection connection) : IAsyncDisposable
    {
        public Session Session { get; } = new(connection, Dialect.Sqlite, keepPrepared: true);

        public static async Task<Reader> OpenAsync(string settings, CancellationToken cancel)
        {
            var connection = new SqliteConnection(settings);
            try
            {
                await connection.OpenAsync(cancel);
                return new Reader(connection);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Session.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
