using Npgsql;

[assembly: AssemblyFixture(typeof(Signet.Tests.Storage.PostgresServer))]

namespace Signet.Tests.Storage;

/// <summary>
/// A PostgreSQL for this run of the tests: the one that <c>TEST_POSTGRES</c> names, else a temporary one that is started when the
/// first test asks for it and stopped at the end. Without its programs those tests are skipped; under <c>CI=true</c> they fail.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1);
    private PostgresInstance? _instance;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A connection string to a new, empty schema.</summary>
    public async Task<string> NewSchemaAsync(CancellationToken cancel)
    {
        var server = await ConnectionStringAsync(cancel);
        var schema = $"test_{Guid.NewGuid():N}";
        await using var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand($"CREATE SCHEMA {schema}");
        await command.ExecuteNonQueryAsync(cancel);
        return new NpgsqlConnectionStringBuilder(server) { SearchPath = schema }.ToString();
    }

    /// <summary>The session of a program that was killed may still be at its last statement: the drop is tried again then.</summary>
    public static async Task DropSchemaAsync(string connectionString)
    {
        const int tries = 5;
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        await using var source = NpgsqlDataSource.Create(settings);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var command = source.CreateCommand($"DROP SCHEMA {settings.SearchPath} CASCADE");
                await command.ExecuteNonQueryAsync();
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < tries)
            {
                // PostgreSQL has waited a second before it said so.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_instance is not null)
        {
            await _instance.DisposeAsync();
        }
    }

    private async Task<string> ConnectionStringAsync(CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable("TEST_POSTGRES") is { Length: > 0 } given)
        {
            return given;
        }

        await _starting.InTimeAsync();
        try
        {
            _instance ??= await PostgresInstance.StartNewAsync(cancel);
            return _instance.ConnectionString;
        }
        finally
        {
            _starting.Release();
        }
    }
}
