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

    private PostgresDatabase(SecretBox secrets, NpgsqlDataSource source)
        : base(secrets) => _source = source;

    internal override Dialect Dialect => Dialect.Postgres;

    public static async Task<PostgresDatabase> OpenAsync(string connectionString, SecretBox secrets, CancellationToken cancel)
    {
        var source = Source(connectionString);
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            await using var session = new Session(connection, Dialect.Postgres, transaction);
            await session.CountAsync(MigrationLock);
            await Migrations.ApplyAsync(session, secrets);
            await transaction.CommitAsync(cancel);
            return new PostgresDatabase(secrets, source);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            await source.DisposeAsync();
            throw Explain(e, connectionString);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    internal override async Task<T> WriteAsync<T>(Func<Session, Task<T>> unit, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(cancel);
                await using var transaction = await connection.BeginTransactionAsync(cancel);
                await using var session = new Session(connection, Dialect, transaction, BeforeStatement);
                var result = await unit(session);
                BeforeStatement?.Invoke("COMMIT");
                await transaction.CommitAsync(CancellationToken.None);
                return result;
            }
            catch (PostgresException e) when (attempt < MaxAttempts
                && e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected)
            {
                // Undone by the server for the good of another unit: begin again.
            }
            catch (Exception e) when (IsOfTheEngine(e))
            {
                throw new StoreUnavailableException($"the store cannot be written: {OneLine.Of(e)}", e);
            }
        }
    }

    internal override async Task<T> ReadAsync<T>(Func<Session, Task<T>> query, CancellationToken cancel)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancel);
            await using var session = new Session(connection, Dialect, cancel: cancel);
            return await query(session);
        }
        catch (Exception e) when (IsOfTheEngine(e))
        {
            throw new StoreUnavailableException($"the store cannot be read: {OneLine.Of(e)}", e);
        }
    }

    private static NpgsqlDataSource Source(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            if (settings.MaxAutoPrepare == 0)
            {
                settings.MaxAutoPrepare = 64;
                settings.AutoPrepareMinUsages = 2;
            }

            return NpgsqlDataSource.Create(settings);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new StoreOpenException($"the PostgreSQL connection string is not valid: {OneLine.Of(e)}", e);
        }
    }

    // What the statement cannot help: connection lost, server going down (57P), out of resources (53), disk (58), read-only standby.
    private static bool IsOfTheEngine(Exception e) => e switch
    {
        PostgresException p => p.IsTransient || p.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction
            || p.SqlState.StartsWith("53", StringComparison.Ordinal)
            || p.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || p.SqlState.StartsWith("58", StringComparison.Ordinal)
            || p.SqlState.StartsWith("28", StringComparison.Ordinal),
        NpgsqlException or SocketException or TimeoutException => true,
        _ => false,
    };

    private static StoreOpenException Explain(Exception e, string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
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
