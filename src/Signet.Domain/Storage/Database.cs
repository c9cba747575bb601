using System.Globalization;
using System.Text;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>
/// The store's connection to its engine, SQLite or PostgreSQL, over which the stores of this folder are written once in plain SQL.
/// It promises that a unit of writing is stored whole or not at all, that it is on stable storage when its task ends, and that a
/// failure of the engine shows as <see cref="StoreUnavailableException"/>. What the units mean is left to the stores.
/// </summary>
public abstract class Database : IAsyncDisposable
{
    private protected Database(Dialect dialect, SecretBox secrets, DatabaseOptions options)
    {
        (Dialect, Secrets, Options) = (dialect, secrets, options);
        Configuration = new ConfigurationCache(
            cancel => ReadAsync(session => session.CountAsync("SELECT version FROM configuration_version"), cancel),
            dialect.VersionFreshness,
            options.Time);
    }

    /// <summary>Seals what must not lie in the store in clear.</summary>
    internal SecretBox Secrets { get; }

    internal DatabaseOptions Options { get; }

    /// <summary>Dates what only the store knows of.</summary>
    internal TimeProvider Time => Options.Time;

    internal Dialect Dialect { get; }

    /// <summary>What is kept in memory of what a send reads.</summary>
    internal ConfigurationCache Configuration { get; }

    /// <summary>Sees each statement of a write, <c>COMMIT</c> included, before it runs. For tests: a throw is a failure at that place.</summary>
    internal Action<string>? BeforeStatement { get; set; }

    /// <summary>Runs before each call of <see cref="ReadAsync"/>. For tests: it counts them, and changes the store in between.</summary>
    internal Func<Task>? BeforeRead { get; set; }

    /// <inheritdoc cref="OpenSqliteAsync(string, SecretBox, DatabaseOptions, CancellationToken)"/>
    public static Task<Database> OpenSqliteAsync(string file, SecretBox secrets, CancellationToken cancel) =>
        OpenSqliteAsync(file, secrets, new DatabaseOptions(), cancel);

    /// <summary>Opens the SQLite file, making it (mode 0600) and its directory if need be, and brings its tables up to date.</summary>
    /// <param name="file">Path of the file; <c>-wal</c> and <c>-shm</c> files will lie beside it.</param>
    /// <param name="secrets">Made with the store's master key.</param>
    /// <param name="options">How it is used.</param>
    /// <param name="cancel">Gives up between steps.</param>
    /// <exception cref="StoreOpenException">It cannot be opened; the message says why.</exception>
    public static async Task<Database> OpenSqliteAsync(
        string file, SecretBox secrets, DatabaseOptions options, CancellationToken cancel) =>
        await SqliteDatabase.OpenAsync(file, secrets, SqliteDatabase.DefaultBusyTimeout, options, cancel);

    /// <inheritdoc cref="OpenPostgresAsync(string, SecretBox, DatabaseOptions, CancellationToken)"/>
    public static Task<Database> OpenPostgresAsync(string connectionString, SecretBox secrets, CancellationToken cancel) =>
        OpenPostgresAsync(connectionString, secrets, new DatabaseOptions(), cancel);

    /// <summary>Connects to PostgreSQL and brings the tables in the connection's schema up to date; several nodes may do so at once.</summary>
    /// <param name="connectionString">As Npgsql takes it. Its password shows in no message.</param>
    /// <param name="secrets">Made with the store's master key, the same on every node.</param>
    /// <param name="options">How it is used.</param>
    /// <param name="cancel">Gives up between steps.</param>
    /// <exception cref="StoreOpenException">It cannot be opened; the message says why.</exception>
    public static async Task<Database> OpenPostgresAsync(
        string connectionString, SecretBox secrets, DatabaseOptions options, CancellationToken cancel) =>
        await PostgresDatabase.OpenAsync(connectionString, secrets, options, cancel);

    /// <summary>Writes a few bytes to stable storage: a store that answers but has no room is of no use.</summary>
    /// <exception cref="StoreUnavailableException">The engine failed.</exception>
    public Task CheckAsync(DateTimeOffset now, CancellationToken cancel) => WriteAsync(
        session => session.ExecuteAsync(
            """
            INSERT INTO store_property (name, value) VALUES ('last check', @value)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """,
            ("value", Encoding.UTF8.GetBytes(now.ToString("O", CultureInfo.InvariantCulture)))),
        cancel);

    /// <summary>Finishes the units that were handed in, then closes.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Runs a unit in a transaction and ends when that is on stable storage.</summary>
    /// <param name="unit">
    /// Uses nothing but its session and values of its own: it may be run again from its beginning. An exception of its own undoes
    /// this unit alone and comes back to the caller.
    /// </param>
    /// <param name="cancel">Heeded until the unit begins; later it is not looked at.</param>
    /// <exception cref="StoreUnavailableException">
    /// The engine failed and nothing was stored; or a unit that had begun did not end within <see cref="DatabaseOptions.Patience"/>, or
    /// the connection to PostgreSQL broke while the commit was under way. Of these two nobody can tell yet whether they are stored: the
    /// caller hears of a failure and may send twice, but never believes stored what is not.
    /// </exception>
    internal abstract Task<T> WriteAsync<T>(Func<Session, Task<T>> unit, CancellationToken cancel);

    /// <summary>
    /// Runs queries on a connection of their own; they see all that was answered before. They may be run again from their beginning.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The engine failed.</exception>
    internal async Task<T> ReadAsync<T>(Func<Session, Task<T>> query, CancellationToken cancel)
    {
        if (BeforeRead is { } before)
        {
            await before();
        }

        return await QueryAsync(query, cancel);
    }

    /// <summary>
    /// As <see cref="WriteAsync"/>, for a unit that may change what <see cref="Configuration"/> keeps: when the task ends, whether it succeeded
    /// or not, this node sees the change.
    /// </summary>
    internal async Task<T> WriteConfigurationAsync<T>(Func<Session, Task<T>> unit, CancellationToken cancel)
    {
        try
        {
            return await WriteAsync(unit, cancel);
        }
        finally
        {
            Configuration.LookAgain();
        }
    }

    /// <inheritdoc cref="Archive.IMessageArchive.GiveBackRoomAsync"/>
    internal virtual Task GiveBackRoomAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc cref="ReadAsync"/>
    private protected abstract Task<T> QueryAsync<T>(Func<Session, Task<T>> query, CancellationToken cancel);
}
