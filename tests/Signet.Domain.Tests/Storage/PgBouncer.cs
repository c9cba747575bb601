using System.Diagnostics;
using Npgsql;

namespace Signet.Tests.Storage;

/// <summary>
/// PgBouncer in transaction mode before a PostgreSQL of its own: each transaction of a client may go to another of two sessions. Without
/// the programs the test is skipped with the reason; under <c>CI=true</c> it fails.
/// </summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";

    private readonly PostgresInstance _server;
    private readonly string _directory;
    private readonly Process _process;

    private PgBouncer(PostgresInstance server, string directory, Process process) =>
        (_server, _directory, _process) = (server, directory, process);

    /// <summary>By way of PgBouncer.</summary>
    public string ConnectionString => $"Host={_directory};Port=6432;Username=signet;Database=postgres";

    public static async Task<PgBouncer> StartAsync(CancellationToken cancel)
    {
        if (!File.Exists(Program))
        {
            const string reason = $"{Program} is missing: install the package pgbouncer";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Fail(reason);
        }

        var server = await PostgresInstance.StartNewAsync(cancel);
        var directory = Directory.CreateTempSubdirectory("signet-pgb-").FullName;
        var upstream = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        var file = Path.Combine(directory, "pgbouncer.ini");

        // The port only names the socket's file: nothing listens on the network.
        await File.WriteAllTextAsync(
            file,
            $"""
            [databases]
            postgres = host={upstream.Host} user=signet
            [pgbouncer]
            listen_port = 6432
            unix_socket_dir = {directory}
            auth_type = any
            pool_mode = transaction
            default_pool_size = 2
            max_client_conn = 200
            """,
            cancel);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(directory, (UnixFileMode)0b111_111_111);
        }

        var command = PostgresInstance.AsServerUser(Program, file);
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        var bouncer = new PgBouncer(server, directory, process);
        var isUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                isUp.TrySetException(new InvalidOperationException("pgbouncer ended"));
            }
            else if (line.Data.Contains("process up", StringComparison.Ordinal))
            {
                isUp.TrySetResult();
            }
        };
        process.BeginErrorReadLine();
        try
        {
            await isUp.Task.InTimeAsync("that PgBouncer is up");
            return bouncer;
        }
        catch
        {
            await bouncer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.InTimeAsync();
        }

        _process.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
