using Microsoft.Data.Sqlite;

namespace Signet.Storage;

/// <summary>One SQLite file in WAL mode: all writing goes through <see cref="SqliteGroupCommit"/>, all reading through <see cref="SqliteReaders"/>.</summary>
internal sealed class SqliteDatabase : Database
{
    /// <summary>How long another program's transaction on the same file is waited for.</summary>
    public static readonly TimeSpan DefaultBusyTimeout = TimeSpan.FromSeconds(30);

    // Readers wait for nobody but a program that keeps the whole file to itself, and while they do, nothing can take them off.
    private static readonly TimeSpan ReadersBusyTimeout = TimeSpan.FromSeconds(5);

    private readonly SqliteGroupCommit _writer;
    private readonly SqliteReaders _readers;

    // One connection is never used by two threads at once, and nobody asks how much memory SQLite has: it need not take a lock at
    // each call for either. Where another part of the process was first to open a database, it stays as it was: slower, not wrong.
    static SqliteDatabase()
    {
        SqliteLibrary.Find();
        SQLitePCL.Batteries_V2.Init();
        SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
        SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private SqliteDatabase(SecretBox secrets, SqliteConnection connection, SqliteReaders readers, DatabaseOptions options)
        : base(Dialect.Sqlite, secrets, options)
    {
        _writer = new SqliteGroupCommit(connection, sql => BeforeStatement?.Invoke(sql), options);
        _readers = readers;
    }

    public static async Task<SqliteDatabase> OpenAsync(
        string file, SecretBox secrets, TimeSpan busyTimeout, DatabaseOptions options, CancellationToken cancel)
    {
        if (options.MustExist && !File.Exists(file))
        {
            throw new StoreOpenException($"there is no store `{file}`: `signet serve` or `signet account create` makes one; `--data` names another place");
        }

        SqliteFile.Prepare(file);
        cancel.ThrowIfCancellationRequested();
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = Seconds(busyTimeout),
        };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            await connection.OpenAsync(cancel);
            await BringUpToDateAsync(connection, file, secrets, busyTimeout, options.MustExist);
            settings.Mode = SqliteOpenMode.ReadOnly;
            settings.DefaultTimeout = Math.Min(settings.DefaultTimeout, Seconds(ReadersBusyTimeout));
            return new SqliteDatabase(secrets, connection, new SqliteReaders(settings.ToString()), options);
        }
        catch (SqliteException e)
        {
            await connection.DisposeAsync();
            throw SqliteFile.Explain(e, file);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        var reading = _readers.DisposeAsync();
        await _writer.DrainAsync();
        await reading;

        // Last, for the last to close puts the log into the file, which readers cannot.
        await _writer.DisposeAsync();
    }

    internal override Task<T> WriteAsync<T>(Func<Session, Task<T>> unit, CancellationToken cancel) => _writer.RunAsync(unit, cancel);

    internal override async Task GiveBackRoomAsync(CancellationToken cancel)
    {
        while (await ReadAsync(SqliteFile.ExcessPagesAsync, cancel) > 0)
        {
            await WriteAsync(session => session.ExecuteAsync($"PRAGMA incremental_vacuum({SqliteFile.PagesGivenBack})"), cancel);
        }
    }

    private protected override Task<T> QueryAsync<T>(Func<Session, Task<T>> query, CancellationToken cancel) => _readers.RunAsync(query, cancel);

    private static int Seconds(TimeSpan timeout) => (int)Math.Ceiling(timeout.TotalSeconds);

    private static async Task BringUpToDateAsync(
        SqliteConnection connection, string file, SecretBox secrets, TimeSpan busyTimeout, bool mustExist)
    {
        await using var session = new Session(connection, Dialect.Sqlite);
        await session.ExecuteAsync($"PRAGMA busy_timeout = {(long)busyTimeout.TotalMilliseconds}");

        // Before the first transaction, and in an empty file only: in another it would have no effect, but be written.
        if (await session.CountAsync("PRAGMA page_count") == 0)
        {
            await session.ExecuteAsync("PRAGMA auto_vacuum = INCREMENTAL");
        }

        await session.ExecuteAsync("BEGIN EXCLUSIVE");
        if (await SqliteFile.ExamineAsync(session, file))
        {
            await SqliteFile.MarkAsync(session);
        }

        await Migrations.ApplyAsync(session, secrets, mustExist);
        await session.ExecuteAsync("COMMIT");

        // Readers go on while the writer writes; a commit waits for the disk. The log is put into the file every 32 MB, not at
        // every other commit, and what a burst made of it is given back. 32 MB of pages are kept, for the ends of all indexes.
        if (await session.FindAsync("PRAGMA journal_mode = WAL", r => r.GetString(0)) != "wal")
        {
            throw new StoreOpenException($"the store `{file}` lies on a file system without shared memory: put it on a local disk");
        }

        await session.ExecuteAsync("PRAGMA synchronous = FULL");
        await session.ExecuteAsync("PRAGMA wal_autocheckpoint = 8192");
        await session.ExecuteAsync("PRAGMA journal_size_limit = 67108864");
        await session.ExecuteAsync("PRAGMA cache_size = -32768");

        // What a savepoint or a statement could have to undo is kept in memory, not in a file that is written page by page.
        await session.ExecuteAsync("PRAGMA temp_store = MEMORY");
    }
}
