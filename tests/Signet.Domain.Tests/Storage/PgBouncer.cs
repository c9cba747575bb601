using System.Diagnostics;
using Npgsql;

namespace Signet.Tests.Storage;

/// <summary>
/// PgBouncer in transaction mode before a PostgreSQL of its own: each transaction of a client may go to another of two sessions. Without
/// the programs the test is skipped with the reason; under <c>CI=true</c> it fails.
/// </summary>
public sealed class PgBouncer : IAsyncDisposable
{
    /// <summary>Another version than the system's may be tried by <c>TEST_PGBOUNCER</c>.</summary>
    private static readonly string Program = Environment.GetEnvironmentVariable("TEST_PGBOUNCER") is { Length: > 0 } given ? given : "/usr/sbin/pgbouncer";

    private static readonly Version FirstThatTracks = new(1, 21);

    private readonly PostgresInstance _server;
    private readonly string _directory;
    private readonly Process _process;

    private PgBouncer(PostgresInstance server, string directory, Process process) =>
        (_server, _directory, _process) = (server, directory, process);

    /// <summary>By way of PgBouncer.</summary>
    public string ConnectionString => $"Host={_directory};Port=6432;Username=signet;Database=postgres";

    /// <summary>Whether it keeps account of its clients' prepared statements: it is asked to, and is new enough.</summary>
    public bool TracksStatements { get; private init; }

    /// <param name="cancel">Gives up.</param>
    /// <param name="tracksStatements">Whether it is to keep account of its clients' prepared statements, if it is new enough.</param>
    /// <param name="sessions">How many sessions of PostgreSQL it has for all its clients.</param>
    public static async Task<PgBouncer> StartAsync(CancellationToken cancel, bool tracksStatements = false, int sessions = 2)
    {
        Require();
        var server = await PostgresInstance.StartNewAsync(cancel);
        var canTrack = await VersionAsync(cancel) >= FirstThatTracks;
        tracksStatements &= canTrack;
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
            default_pool_size = {sessions}
            max_client_conn = 400
            {(canTrack ? $"max_prepared_statements = {(tracksStatements ? 200 : 0)}" : "")}
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
        var bouncer = new PgBouncer(server, directory, process) { TracksStatements = tracksStatements };
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

    private static void Require()
    {
        if (!File.Exists(Program))
        {
            var reason = $"{Program} is missing: install the package pgbouncer";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Fail(reason);
        }
    }

    private static async Task<Version> VersionAsync(CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, "--version") { RedirectStandardOutput = true })!;
        var line = await process.StandardOutput.ReadLineAsync(cancel);
        await process.InTimeAsync(cancel: cancel);
        return Version.Parse(line!.Split(' ')[1]);
    }
}
