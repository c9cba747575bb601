using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>
/// The one writer of a SQLite file. Units that wait run together in one transaction and are answered after one COMMIT: one wait
/// for the disk serves them all. A failing unit fails alone: the transaction is rolled back and the group begins again with a savepoint
/// for each. Savepoints are not free: SQLite copies every page that a unit touches. When the engine
/// fails (disk full, say) the units of that transaction fail with <see cref="StoreUnavailableException"/>, and the writer goes on
/// with the next. A caller whose patience ends hears the same; a unit that has not begun by then is not run.
/// </summary>
internal sealed class SqliteGroupCommit : IAsyncDisposable
{
    /// <summary>Units in one transaction at most: bounds how long the first of them waits.</summary>
    private const int MaxGroup = 256;

    /// <summary>Units that wait at most; further callers wait for room.</summary>
    private const int MaxWaiting = 4096;

    private readonly Channel<Unit> _waiting = Channel.CreateBounded<Unit>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly SqliteStatements _statements;
    private readonly Session _session;
    private readonly DatabaseOptions _options;
    private readonly Task _loop;

    /// <param name="connection">Open; from now on the writer's own.</param>
    /// <param name="before">Sees each statement before it runs.</param>
    /// <param name="options">How long callers wait.</param>
    public SqliteGroupCommit(SqliteConnection connection, Action<string> before, DatabaseOptions options)
    {
        _connection = connection;
        _options = options;
        _statements = new SqliteStatements(connection);
        _session = new Session(connection, Dialect.Sqlite, before: before, keepPrepared: true, statements: _statements);
        _loop = Task.Run(LoopAsync);
    }

    /// <inheritdoc cref="Database.WriteAsync"/>
    public async Task<T> RunAsync<T>(Func<Session, Task<T>> work, CancellationToken cancel)
    {
        var unit = new Unit<T>(work, cancel);
        try
        {
            return await _options.WaitAsync(_waiting.Writer.TryWrite(unit) ? unit.Answer : WaitForRoomAsync(unit, cancel));
        }
        catch (StoreUnavailableException)
        {
            unit.GiveUp();
            throw;
        }
    }

    /// <summary>Takes no more units and ends when those that were handed in are answered.</summary>
    public Task DrainAsync()
    {
        _waiting.Writer.TryComplete();
        return _loop;
    }

    public async ValueTask DisposeAsync()
    {
        await DrainAsync();
        _statements.Dispose();
        await _session.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task<T> WaitForRoomAsync<T>(Unit<T> unit, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(_options.Patience, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            await _waiting.Writer.WriteAsync(unit, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new StoreUnavailableException($"{MaxWaiting} writes wait already, and none of them ends");
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(Database), "the store is closed");
        }

        return await unit.Answer;
    }

    private async Task LoopAsync()
    {
        List<Unit> group = [];
        while (await _waiting.Reader.WaitToReadAsync())
        {
            try
            {
                if (!await TryCommitAsync(group))
                {
                    await CommitEachAloneAsync(group);
                }

                group.ForEach(u => u.Succeed());
            }
            catch (Exception e)
            {
                // The loop must go on, and every unit must be answered.
                await RollBackAsync();
                TakeWaiting(group, group.Count == 0 ? MaxGroup : 0);
                group.ForEach(u => u.Fail(Unavailable(e)));
            }

            group.Clear();
        }
    }

    // A transaction that did not even begin fails those that wait for it: otherwise nobody would hear of it.
    private void TakeWaiting(List<Unit> group, int count)
    {
        while (group.Count < count && _waiting.Reader.TryRead(out var unit))
        {
            group.Add(unit);
        }
    }

    /// <summary>False when a unit failed: then nothing is written, and the group holds the units to begin again.</summary>
    private async Task<bool> TryCommitAsync(List<Unit> group)
    {
        await _session.ExecuteAsync("BEGIN IMMEDIATE");
        while (group.Count < MaxGroup && _waiting.Reader.TryRead(out var unit))
        {
            if (!unit.TryBegin())
            {
                continue;
            }

            group.Add(unit);
            try
            {
                await unit.RunAsync(_session);
            }
            catch (Exception) when (InTransaction)
            {
                // Which of them, and of what, is found out by running each for itself.
                await _session.ExecuteAsync("ROLLBACK");
                return false;
            }
        }

        await _session.ExecuteAsync("COMMIT");
        return true;
    }

    private async Task CommitEachAloneAsync(List<Unit> group)
    {
        await _session.ExecuteAsync("BEGIN IMMEDIATE");
        foreach (var unit in group.ToArray())
        {
            if (!unit.TryBegin())
            {
                group.Remove(unit);
                continue;
            }

            await _session.ExecuteAsync("SAVEPOINT unit");
            try
            {
                await unit.RunAsync(_session);
            }
            catch (Exception e) when (InTransaction)
            {
                // Whatever a unit throws is its caller's; the others go on.
                await _session.ExecuteAsync("ROLLBACK TO unit");
                group.Remove(unit);
                unit.Fail(e is SqliteException failure && failure.IsOfTheEngine() ? Unavailable(e) : e);
            }

            await _session.ExecuteAsync("RELEASE unit");
        }

        await _session.ExecuteAsync("COMMIT");
    }

    private static StoreUnavailableException Unavailable(Exception e) => new($"the store cannot be written: {OneLine.Of(e)}", e);

    // SQLite undoes the whole transaction by itself on some failures: then there is nothing to go on with.
    private bool InTransaction => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    private async Task RollBackAsync()
    {
        if (!InTransaction)
        {
            return;
        }

        try
        {
            await using var rollback = _connection.CreateCommand();
            rollback.CommandText = "ROLLBACK";
            await rollback.ExecuteNonQueryAsync();
        }
        catch (SqliteException)
        {
            // The next group cannot begin before this is undone: it will fail, say so, and try the same again.
        }
    }

    private abstract class Unit
    {
        /// <summary>False when its caller has given up: it is not run.</summary>
        public abstract bool TryBegin();

        public abstract Task RunAsync(Session session);

        public abstract void Succeed();

        public abstract void Fail(Exception e);
    }

    private sealed class Unit<T>(Func<Session, Task<T>> work, CancellationToken cancel) : Unit
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Func<Session, Task<T>>? _work = work;
        private Func<Session, Task<T>>? _begun;
        private T? _result;

        public Task<T> Answer => _answer.Task;

        public override bool TryBegin()
        {
            if (cancel.IsCancellationRequested)
            {
                _answer.SetCanceled(cancel);
                return false;
            }

            _begun = Volatile.Read(ref _work);
            return _begun is not null;
        }

        /// <summary>Nobody waits for it any more: unless it has begun it never will, and what it holds is let go.</summary>
        public void GiveUp() => Volatile.Write(ref _work, null);

        public override async Task RunAsync(Session session) => _result = await _begun!(session);

        public override void Succeed() => _answer.SetResult(_result!);

        public override void Fail(Exception e) => _answer.SetException(e);
    }
}
