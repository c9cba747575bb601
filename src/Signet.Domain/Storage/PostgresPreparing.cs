using Npgsql;

namespace Signet.Storage;

/// <summary>
/// Whether a connection keeps the statements that are prepared on it. PostgreSQL's own does. A pooler (PgBouncer and others) in transaction
/// mode gives each transaction another session: a statement that was prepared in one is missing in the next, or is another client's of
/// the same name.
/// </summary>
internal static class PostgresPreparing
{
    /// <summary>The beginning of the names that PgBouncer (1.21 and later, with <c>max_prepared_statements</c>) gives to the statements of its clients.</summary>
    private const string Tracked = "PGBOUNCER_";

    /// <summary>True when statements that are prepared on such a connection are there when they are used.</summary>
    /// <param name="settings">Of the connection. One of its own is opened and closed.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<bool> AreKeptAsync(NpgsqlConnectionStringBuilder settings, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false, MaxAutoPrepare = 0 }.ToString());
        await connection.OpenAsync(cancel);

        // A pooler gives its clients process ids of its own making, to cancel by.
        await using var id = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return await id.ExecuteScalarAsync(cancel) is int server && server == connection.ProcessID || await AreTrackedAsync(connection, cancel);
    }

    // In one transaction, and so in one session, where nothing is left behind: other clients would meet the statement there.
    private static async Task<bool> AreTrackedAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            await using var command = new NpgsqlCommand("SELECT name FROM pg_prepared_statements WHERE statement LIKE '%Signet looks%'", connection, transaction);
            await command.PrepareAsync(cancel);
            var name = await command.ExecuteScalarAsync(cancel) as string;
            await command.UnprepareAsync(cancel);
            await transaction.CommitAsync(cancel);
            return name?.StartsWith(Tracked, StringComparison.Ordinal) == true;
        }
        catch (PostgresException e) when (e.IsOfTheSession())
        {
            return false;
        }
    }
}
