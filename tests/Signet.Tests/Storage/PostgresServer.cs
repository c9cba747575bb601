using System.Diagnostics;
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
    private string? _connectionString;
    private string? _directory;
    private string? _programs;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>One of the caller's own, to be restarted or broken; also where <c>TEST_POSTGRES</c> names another.</summary>
    public static async Task<PostgresServer> StartOwnAsync(CancellationToken cancel)
    {
        var server = new PostgresServer();
        server._connectionString = await server.StartAsync(cancel);
        return server;
    }

    /// <summary>Restarts one that was started here, and waits until it takes connections again.</summary>
    /// <param name="mode">Of pg_ctl: <c>fast</c> ends all connections first, <c>immediate</c> is a crash that it recovers from.</param>
    /// <param name="cancel">Gives up.</param>
    public Task RestartAsync(string mode, CancellationToken cancel) =>
        RunAsync("pg_ctl", ["-D", _directory!, "-m", mode, "-l", Path.Combine(_directory!, "log"), "-w", "restart"], cancel);

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

    public static async Task DropSchemaAsync(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        await using var source = NpgsqlDataSource.Create(settings);
        await using var command = source.CreateCommand($"DROP SCHEMA {settings.SearchPath} CASCADE");
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_directory is not null)
        {
            await RunAsync("pg_ctl", ["-D", _directory, "-m", "immediate", "-w", "stop"], CancellationToken.None);
            Directory.Delete(_directory, recursive: true);
        }
    }

    private async Task<string> ConnectionStringAsync(CancellationToken cancel)
    {
        await _starting.WaitAsync(cancel);
        try
        {
            return _connectionString ??= Environment.GetEnvironmentVariable("TEST_POSTGRES") is { Length: > 0 } given
                ? given
                : await StartAsync(cancel);
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<string> StartAsync(CancellationToken cancel)
    {
        _programs = FindPrograms();
        if (_programs is null)
        {
            const string reason = "PostgreSQL's initdb is neither on the PATH nor in /usr/lib/postgresql, and TEST_POSTGRES is not set";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Fail(reason);
        }

        // Made by initdb itself, for it has to belong to the user that the server runs as.
        var directory = Path.Combine(Path.GetTempPath(), $"signet-pg-{Guid.NewGuid():N}"[..20]);
        await RunAsync("initdb", ["-D", directory, "-U", "signet", "-A", "trust", "-N", "-E", "UTF8", "--no-locale"], cancel);
        _directory = directory;
        var options = $"-k {directory} -c listen_addresses='' -c max_connections=300 -c fsync=off";
        await RunAsync("pg_ctl", ["-D", directory, "-o", options, "-l", Path.Combine(directory, "log"), "-w", "start"], cancel);
        return $"Host={directory};Username=signet;Database=postgres;Maximum Pool Size=20";
    }

    private static string? FindPrograms()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(d => Path.Combine(d, "bin"))
            : [];
        return path.Concat(debian).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "pg_ctl")));
    }

    // The server refuses to run as root: then it runs as the user that its package made, or as nobody.
    private async Task RunAsync(string program, string[] arguments, CancellationToken cancel)
    {
        string[] command = [Path.Combine(_programs!, program), .. arguments];
        if (Environment.UserName == "root")
        {
            var user = File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
            command = ["setpriv", $"--reuid={user}", "--clear-groups", "--", .. command];
        }

        // pg_ctl's server inherits its standard streams: they are not redirected, or reading them would never end.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", .. command])
        {
            WorkingDirectory = Path.GetTempPath(),
        })!;
        await process.WaitForExitAsync(cancel);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}");
    }
}
