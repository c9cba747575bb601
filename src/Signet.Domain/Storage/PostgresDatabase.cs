using System.Net.Sockets;
using Npgsql;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>
/// A PostgreSQL database: each unit is a transaction on a pooled connection to the primary; the server groups the commits. What waits for a server
/// that another one has replaced ends at once, and fails: nobody can tell whether the new one has it.
/// </summary>
internal sealed class PostgresDatabase : Database
{
    /// <summary>How often a unit is begun that loses to others (deadlock, serialization) before its caller hears of it.</summary>
    private const int MaxAttempts = 8;

    // Any number that other programs in the same database are unlikely to choose.
    private const string MigrationLock = "SELECT 1 FROM (SELECT pg_advisory_xact_lock(6003114226452745044)) AS held";

    private readonly PostgresHosts _hosts;

    private PostgresDatabase(SecretBox secrets, PostgresHosts hosts, DatabaseOptions options)
        : base(Dialect.Postgres, secrets, options) => _hosts = hosts;

    public static async Task<PostgresDatabase> OpenAsync(
        string connectionString, SecretBox secrets, DatabaseOptions options, CancellationToken cancel)
    {
        var settings = PostgresSettings.Read(connectionString, options);
        PostgresDatabase? database = null;
        PostgresHosts? hosts = null;
        try
        {
            // A version of the configuration that two servers gave may stand for different values.
            hosts = await PostgresHosts.FindAsync(settings, options, () => Volatile.Read(ref database)?.Configuration.Forget(), cancel);
            await BringUpToDateAsync(hosts.CurrentSettings, secrets, options.MustExist, cancel);
            Volatile.Write(ref database, new PostgresDatabase(secrets, hosts, options));
            return database;
        }
        catch (Exception e)
        {
            if (hosts is not null)
            {
                await hosts.DisposeAsync();
            }

            if (e is NpgsqlException or SocketException or TimeoutException)
            {
                throw Explain(e, settings);
            }

            throw;
        }
    }

    public override ValueTask DisposeAsync() => _hosts.DisposeAsync();

    internal override Task<T> WriteAsync<T>(Func<Session, Task<T>> unit, CancellationToken cancel) =>
        Options.WaitAsync(TransactAsync(unit, cancel));

    private protected override async Task<T> QueryAsync<T>(Func<Session, Task<T>> query, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var host = _hosts.Current;
            try
            {
                return await host.WhileInUseAsync(QueryAsync(host, query, cancel));
            }
            catch (Exception e) when (attempt == 1 && ((e is PostgresException p && p.IsOfTheSession()) || IsOfReplacement(e, host, cancel)))
            {
                // Another session may do, or another host.
            }
            catch (Exception e) when (e.IsOfTheEngine() || IsOfReplacement(e, host, cancel))
            {
                _hosts.Suspect();
                throw new StoreUnavailableException($"the store cannot be read: {OneLine.Of(e)}", e);
            }
        }
    }

    private async Task<T> QueryAsync<T>(PostgresHost host, Func<Session, Task<T>> query, CancellationToken cancel)
    {
        await using var connection = await host.Source.OpenConnectionAsync(cancel);
        await using var session = new Session(connection, Dialect, cancel: cancel);
        return await query(session);
    }

    private async Task<T> TransactAsync<T>(Func<Session, Task<T>> unit, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var host = _hosts.Current;
            var progress = new Progress();
            try
            {
                var result = await host.WhileInUseAsync(TransactAsync(host, unit, progress, cancel));

                // A server that was replaced meanwhile may have committed what the new one does not have.
                return host.IsReplaced ? throw NoLongerUsed(host, null) : result;
            }
            catch (PostgresException e) when (attempt < MaxAttempts
                && e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected)
            {
                // Undone by the server for the good of another unit: begin again.
            }
            catch (PostgresException e) when (attempt == 1 && !progress.IsCommitting && e.IsOfTheSession())
            {
                // Nothing is stored: begin again, in another session. Once, for that may be no better.
            }
            catch (Exception e) when (IsOfReplacement(e, host, cancel))
            {
                throw NoLongerUsed(host, e);
            }
            catch (Exception e) when (e.IsOfTheEngine())
            {
                _hosts.Suspect();
                throw new StoreUnavailableException($"the store cannot be written: {OneLine.Of(e)}", e);
            }
        }
    }

    private async Task<T> TransactAsync<T>(PostgresHost host, Func<Session, Task<T>> unit, Progress progress, CancellationToken cancel)
    {
        await using var connection = await host.Source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var session = new Session(connection, Dialect, transaction, BeforeStatement);
        var result = await unit(session);
        if (host.IsReplaced)
        {
            throw NoLongerUsed(host, null);
        }

        BeforeStatement?.Invoke("COMMIT");
        progress.IsCommitting = true;
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    private static bool IsOfReplacement(Exception e, PostgresHost host, CancellationToken cancel) =>
        host.IsReplaced && e is OperationCanceledException or ObjectDisposedException && !cancel.IsCancellationRequested;

    private static StoreUnavailableException NoLongerUsed(PostgresHost host, Exception? cause) =>
        new($"the store cannot be written: {host.Name} is no longer used, as another host is the primary", cause);

    private static async Task BringUpToDateAsync(
        NpgsqlConnectionStringBuilder settings, SecretBox secrets, bool mustExist, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(PostgresSettings.ForMigrations(settings));
        await connection.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var session = new Session(connection, Dialect.Postgres, transaction);
        await session.CountAsync(MigrationLock);
        await Migrations.ApplyAsync(session, secrets, mustExist);
        await transaction.CommitAsync(cancel);
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

    private sealed class Progress
    {
        public volatile bool IsCommitting;
    }
}
