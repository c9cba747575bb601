using System.Data.Common;

namespace Signet.Storage;

/// <summary>
/// A connection as the stores see it: statements in, rows out. In a unit of writing its statements belong to the unit's
/// transaction. What is run often is kept compiled where the connection is kept (SQLite's); Npgsql prepares by itself.
/// </summary>
/// <param name="connection">Open.</param>
/// <param name="dialect">Of the connection's engine.</param>
/// <param name="transaction">The unit's, where the driver wants it said.</param>
/// <param name="before">Sees each statement of a write before it runs; tests throw from it.</param>
/// <param name="keepPrepared">True when the connection lives as long as the session.</param>
/// <param name="statements">Runs what answers no rows, in the place of commands; its owner disposes of it.</param>
/// <param name="cancel">For reading; a unit of writing that has begun is not cancelled.</param>
internal sealed class Session(
    DbConnection connection,
    Dialect dialect,
    DbTransaction? transaction = null,
    Action<string>? before = null,
    bool keepPrepared = false,
    SqliteStatements? statements = null,
    CancellationToken cancel = default) : IAsyncDisposable
{
    private readonly Dictionary<string, DbCommand> _prepared = new(StringComparer.Ordinal);

    public Dialect Dialect => dialect;

    /// <summary>Runs one statement and returns the number of rows that it changed.</summary>
    public Task<int> ExecuteAsync(string sql, params (string Name, object? Value)[] values) => ExecuteAsync(new SqlStatement(sql, values));

    /// <summary>Runs statements in order, in one round trip where the driver can; returns the number of rows that each changed.</summary>
    public async Task<IReadOnlyList<int>> ExecuteAllAsync(IReadOnlyList<SqlStatement> all)
    {
        var changed = new int[all.Count];
        if (!connection.CanCreateBatch || all.Count < 2)
        {
            for (var i = 0; i < changed.Length; i++)
            {
                changed[i] = await ExecuteAsync(all[i]);
            }

            return changed;
        }

        await using var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        foreach (var statement in all)
        {
            before?.Invoke(statement.Sql);
            var command = batch.CreateBatchCommand();
            command.CommandText = statement.Sql;
            statement.Bind(command.Parameters, command.CreateParameter);
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancel);
        return [.. batch.BatchCommands.Select(c => c.RecordsAffected)];
    }

    /// <summary>All rows of a query.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] values)
    {
        var command = Command(new SqlStatement(sql, values));
        try
        {
            List<T> rows = [];
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        finally
        {
            await ReleaseAsync(command);
        }
    }

    /// <summary>The rows of a query that can be read: one that makes no sense to this program must not hide the others.</summary>
    public async Task<List<T>> QueryReadableAsync<T>(string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] values)
        where T : class
    {
        var rows = await QueryAsync(sql, r => Rows.TryRead(() => read(r), out var row) ? row : null, values);
        return [.. rows.OfType<T>()];
    }

    /// <summary>The first row of a query, or null.</summary>
    public async Task<T?> FindAsync<T>(string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] values)
        where T : class
    {
        var rows = await QueryAsync(sql, read, values);
        return rows.Count > 0 ? rows[0] : null;
    }

    /// <summary>The number that a query answers.</summary>
    public async Task<long> CountAsync(string sql, params (string Name, object? Value)[] values) =>
        (await QueryAsync(sql, r => r.GetInt64(0), values))[0];

    /// <summary>Keeps units that name the same key apart until this one ends.</summary>
    public async Task LockAsync(string key)
    {
        if (dialect.Lock is { } sql)
        {
            await QueryAsync(sql, _ => 0, ("key", key));
        }
    }

    /// <summary>
    /// Lets the statements of this unit find rows by an index. PostgreSQL keeps the plan of a statement that is run often: the one that was best while
    /// a table was short reads all of it when the table has become long since.
    /// </summary>
    public Task PreferIndexesAsync() => dialect.PreferIndexes is { } sql ? ExecuteAsync(sql) : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _prepared.Values)
        {
            await command.DisposeAsync();
        }
    }

    private async Task<int> ExecuteAsync(SqlStatement statement)
    {
        before?.Invoke(statement.Sql);
        if (statements is not null)
        {
            return statements.Execute(statement);
        }

        var command = Command(statement);
        try
        {
            return await command.ExecuteNonQueryAsync(cancel);
        }
        finally
        {
            await ReleaseAsync(command);
        }
    }

    private DbCommand Command(SqlStatement statement)
    {
        if (!_prepared.TryGetValue(statement.Sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = statement.Sql;
            command.Transaction = transaction;
            if (keepPrepared)
            {
                _prepared.Add(statement.Sql, command);
            }
        }

        statement.Bind(command.Parameters, command.CreateParameter);
        return command;
    }

    private ValueTask ReleaseAsync(DbCommand command) => keepPrepared ? ValueTask.CompletedTask : command.DisposeAsync();
}
