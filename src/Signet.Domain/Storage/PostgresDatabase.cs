using System.Net.Sockets;
using Npgsql;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>A PostgreSQL database: each unit is a transaction on a pooled connection; the server groups the commits.</summary>
internal sealed class PostgresDatabase : Database
{
    /// <summary>How often a unit is begun that loses to others (deadlock, serialization) before its caller hears of it.</summary>
    private const int MaxAttempts = 8;

    // Any number that other programs in the same database are unlikely to choose.
    private const string MigrationLock = "SELECT 1 FROM (SELECT pg_advisory_xact_lock(6003114226452745044)) AS held";

    private readonly NpgsqlDataSource _source;

    private PostgresDatabase(SecretBox secrets, NpgsqlDataSource source, DatabaseOptions options)
        : base(Dialect.Postgres, secrets, options) => _source = source;

    public static async Task<PostgresDatabase> OpenAsync(
        string connectionString, SecretBox secrets, DatabaseOptions options, CancellationToken cancel)
    {
        var settings = PostgresSettings.Read(connectionString, options);
        try
        {
            var isDirect = await BringUpToDateAsync(settings, secrets, options.MustExist, cancel);
            if (PostgresSettings.LeavesPreparingOpen(settings))
            {
                if (isDirect)
                {
                    PostgresSettings.Prepare(settings);
                }
                else
                {
                    Log.NotPrepared(options.Logger);
                }
            }

            return new PostgresDatabase(secrets, NpgsqlDataSource.Create(settings), options);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            throw Explain(e, settings);
        }
    }

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    internal override Task<T> WriteAsync<T>(Func<Session, Task<T>> unit, CancellationToken cancel) =>
        Options.WaitAsync(TransactAsync(unit, cancel));

    private protected override async Task<T> QueryAsync<T>(Func<Session, Task<T>> query, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(cancel);
                await using var session = new Session(connection, Dialect, cancel: cancel);
                return await query(session);
            }
            catch (PostgresException e) when (attempt == 1 && e.IsOfTheSession())
            {
                // Another session may do.
            }
            catch (Exception e) when (e.IsOfTheEngine())
            {
                throw new StoreUnavailableException($"the store cannot be read: {OneLine.Of(e)}", e);
            }
        }
    }

    private async Task<T> TransactAsync<T>(Func<Session, Task<T>> unit, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var isCommitting = false;
            try
            {
                await using var connection = await _source.OpenConnectionAsync(cancel);
                await using var transaction = await connection.BeginTransactionAsync(cancel);
                await using var session = new Session(connection, Dialect, transaction, BeforeStatement);
                var result = await unit(session);
                BeforeStatement?.Invoke("COMMIT");
                isCommitting = true;
                await transaction.CommitAsync(CancellationToken.None);
                return result;
            }
            catch (PostgresException e) when (attempt < MaxAttempts
                && e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected)
            {
                // Undone by the server for the good of another unit: begin again.
            }
            catch (PostgresException e) when (attempt == 1 && !isCommitting && e.IsOfTheSession())
            {
                // Nothing is stored: begin again, in another session. Once, for that may be no better.
            }
            catch (Exception e) when (e.IsOfTheEngine())
            {
                throw new StoreUnavailableException($"the store cannot be written: {OneLine.Of(e)}", e);
            }
        }
    }

    /// <summary>
    /// Makes the tables or brings them up to date. True when the session is PostgreSQL's own: a pooler (PgBouncer and others) gives its
    /// clients keys of its own making to cancel by, and in transaction mode another session to each transaction. A statement that
    /// was prepared in one is missing in the next, or is another client's of the same name.
    /// </summary>
    private static async Task<bool> BringUpToDateAsync(
        NpgsqlConnectionStringBuilder settings, SecretBox secrets, bool mustExist, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(PostgresSettings.ForMigrations(settings));
        await connection.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var session = new Session(connection, Dialect.Postgres, transaction);
        await session.CountAsync(MigrationLock);
        await Migrations.ApplyAsync(session, secrets, mustExist);
        var server = await session.CountAsync("SELECT pg_backend_pid()::BIGINT");
        await transaction.CommitAsync(cancel);
        return server == connection.ProcessID;
    }

    private static StoreOpenException Explain(Exception e, NpgsqlConnectionStringBuilder settings)
    {
        var where = $"PostgreSQL at `{settings.Host}`";
        return (e as PostgresException)?.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                new($"{where} refuses the user `{settings.Username}` or the password", e),
            PostgresErrorCodes.InvalidCatalogName => new($"{where} has no database `{settings.Database}`", e),
            PostgresErrorCodes.InvalidSchemaName => new($"{where} has no schema for the tables: {OneLine.Of(e)}", e),
            PostgresErrorCodes.InsufficientPrivilege =>
                new($"{where} does not let the user `{settings.Username}` make or use the tables: {OneLine.Of(e)}", e),
            null => new($"{where} cannot be reached: {OneLine.Of(e)}", e),
            _ => new($"{where} cannot be used: {OneLine.Of(e)}", e),
        };
    }
}
