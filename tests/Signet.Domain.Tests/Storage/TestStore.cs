using Microsoft.Data.Sqlite;
using Npgsql;
using Signet.Storage;

namespace Signet.Tests.Storage;

/// <summary>A place for one store, empty at first, which can be opened, closed and opened again.</summary>
public abstract class TestStore : IAsyncDisposable
{
    /// <summary>One key for all opens of all stores.</summary>
    protected static SecretBox Secrets { get; } = new(Enumerable.Range(0, MasterKey.Length).Select(i => (byte)i).ToArray());

    public Task<Database> OpenAsync(CancellationToken cancel) => OpenAsync(new DatabaseOptions(), cancel);

    public abstract Task<Database> OpenAsync(DatabaseOptions options, CancellationToken cancel);

    /// <summary>Makes the store of an earlier version, with what it had in it; before <see cref="OpenAsync(CancellationToken)"/>, which then brings it up to date.</summary>
    internal abstract Task MakeOldAsync(long version, Func<Session, Task> fill, CancellationToken cancel);

    public abstract ValueTask DisposeAsync();
}

/// <summary>A SQLite file in a directory of its own.</summary>
public sealed class SqliteStore : TestStore
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("signet-").FullName;

    public string File => Path.Combine(Folder, "signet.db");

    public override Task<Database> OpenAsync(DatabaseOptions options, CancellationToken cancel) =>
        Database.OpenSqliteAsync(File, Secrets, options, cancel);

    internal override async Task MakeOldAsync(long version, Func<Session, Task> fill, CancellationToken cancel)
    {
        await using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        await connection.OpenAsync(cancel);
        await using var session = new Session(connection, Dialect.Sqlite);
        await SqliteFile.MarkAsync(session);
        await Migrations.ApplyAsync(session, Secrets, upTo: version);
        await fill(session);
    }

    /// <summary>Opens whatever file, waiting only a second for locks.</summary>
    public static async Task<Database> OpenFileAsync(string file, CancellationToken cancel) =>
        await SqliteDatabase.OpenAsync(file, Secrets, TimeSpan.FromSeconds(1), new DatabaseOptions(), cancel);

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A schema in the PostgreSQL of this test run.</summary>
public sealed class PostgresStore(PostgresServer server) : TestStore
{
    private string? _connectionString;

    internal override async Task MakeOldAsync(long version, Func<Session, Task> fill, CancellationToken cancel)
    {
        _connectionString = await server.NewSchemaAsync(cancel);
        await using var source = NpgsqlDataSource.Create(_connectionString);
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var session = new Session(connection, Dialect.Postgres);
        await Migrations.ApplyAsync(session, Secrets, upTo: version);
        await fill(session);
    }

    public override async Task<Database> OpenAsync(DatabaseOptions options, CancellationToken cancel)
    {
        _connectionString ??= await server.NewSchemaAsync(cancel);
        return await Database.OpenPostgresAsync(_connectionString, Secrets, options, cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_connectionString is not null)
        {
            await PostgresServer.DropSchemaAsync(_connectionString);
        }
    }
}
