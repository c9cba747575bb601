using System.Diagnostics;
using Npgsql;

namespace Signet.Tests.Storage;

/// <summary>
/// A PostgreSQL server of its own in a temporary directory, which a test may stop and start as it likes. Without the programs the
/// test that asks for one is skipped with the reason; under <c>CI=true</c> it fails.
/// </summary>
public sealed class PostgresInstance : IAsyncDisposable
{
    private readonly string _programs;
    private readonly string _directory;
    private bool _runs;
    private bool _isFrozen;

    private PostgresInstance(string programs, string directory) => (_programs, _directory) = (programs, directory);

    /// <summary>Where its socket is: its host in a connection string.</summary>
    public string Host => _directory;

    public string ConnectionString => $"Host={_directory};Username=signet;Database=postgres;Maximum Pool Size=20";

    public static async Task<PostgresInstance> StartNewAsync(CancellationToken cancel)
    {
        var instance = New();
        await instance.RunAsync(
            "initdb", ["-D", instance._directory, "-U", "signet", "-A", "trust", "-N", "-E", "UTF8", "--no-locale"], cancel);
        await instance.StartAsync(cancel);
        return instance;
    }

    /// <summary>A hot standby that follows another server.</summary>
    public static async Task<PostgresInstance> StartStandbyAsync(PostgresInstance primary, CancellationToken cancel)
    {
        var instance = New();
        await instance.FollowAsync(primary, cancel);
        return instance;
    }

    private static PostgresInstance New()
    {
        var programs = FindPrograms();
        if (programs is null)
        {
            const string reason = "PostgreSQL's initdb, pg_ctl and pg_basebackup are neither on the PATH nor in /usr/lib/postgresql, and TEST_POSTGRES is not set";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Fail(reason);
        }

        // Made by initdb itself, for it has to belong to the user that the server runs as.
        return new PostgresInstance(programs, Path.Combine(Path.GetTempPath(), $"signet-pg-{Guid.NewGuid():N}"[..20]));
    }

    /// <summary>Starts the server again; it answers when the task ends.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        var options = $"-k {_directory} -c listen_addresses='' -c max_connections=300 -c fsync=off -c wal_retrieve_retry_interval=200ms";
        await RunAsync("pg_ctl", ["-D", _directory, "-o", options, "-l", Path.Combine(_directory, "log"), "-w", "start"], cancel);
        _runs = true;
    }

    /// <summary>Stops the server in one of its modes: <c>fast</c> ends its sessions in order, <c>immediate</c> is a crash.</summary>
    public async Task StopAsync(string mode, CancellationToken cancel)
    {
        await RunAsync("pg_ctl", ["-D", _directory, "-m", mode, "-w", "stop"], cancel);
        _runs = false;
    }

    /// <summary>Makes a standby the primary.</summary>
    public Task PromoteAsync(CancellationToken cancel) => RunAsync("pg_ctl", ["-D", _directory, "-w", "promote"], cancel);

    /// <summary>Throws away what it has, and follows another server from now on.</summary>
    public async Task FollowAsync(PostgresInstance primary, CancellationToken cancel)
    {
        if (_runs)
        {
            if (_isFrozen)
            {
                await ThawAsync(cancel);
            }

            await StopAsync("immediate", cancel);
        }

        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }

        await RunAsync("pg_basebackup", ["-D", _directory, "-h", primary._directory, "-U", "signet", "-R", "-c", "fast", "--no-sync"], cancel);

        // The primary's, whose socket lies where its data are.
        File.Delete(Path.Combine(_directory, ".s.PGSQL.5432.lock"));
        await StartAsync(cancel);
    }

    /// <summary>Runs a statement and gives the value that it answers.</summary>
    public async Task<object?> AskAsync(string sql, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create($"{ConnectionString};Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(cancel);
    }

    /// <summary>Freezes the server: its sockets stay open, and nobody answers at them. Linux only.</summary>
    public Task FreezeAsync(CancellationToken cancel)
    {
        _isFrozen = true;
        return SignalAsync("STOP", cancel);
    }

    /// <summary>Lets it go on.</summary>
    public Task ThawAsync(CancellationToken cancel)
    {
        _isFrozen = false;
        return SignalAsync("CONT", cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_runs)
        {
            if (_isFrozen)
            {
                await ThawAsync(CancellationToken.None);
            }

            await StopAsync("immediate", CancellationToken.None);
        }

        Directory.Delete(_directory, recursive: true);
    }

    internal static string? FindPrograms()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(d => Path.Combine(d, "bin"))
            : [];
        return path.Concat(debian).FirstOrDefault(d => ((string[])["initdb", "pg_ctl", "pg_basebackup"]).All(p => File.Exists(Path.Combine(d, p))));
    }

    /// <summary>Servers refuse to run as root: then they run as the user that PostgreSQL's package made, or as nobody.</summary>
    internal static string[] AsServerUser(params string[] command)
    {
        if (Environment.UserName != "root")
        {
            return command;
        }

        var user = File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
        return ["setpriv", $"--reuid={user}", "--clear-groups", "--", .. command];
    }

    // The server itself first, so that it starts no more sessions.
    private async Task SignalAsync(string signal, CancellationToken cancel)
    {
        const string script = "kill -$0 $1 && for child in $(cat /proc/$1/task/$1/children); do kill -$0 $child 2>/dev/null || true; done";
        var server = (await File.ReadAllLinesAsync(Path.Combine(_directory, "postmaster.pid"), cancel))[0];
        using var process = Process.Start("/bin/sh", ["-c", script, signal, server]);
        await process.InTimeAsync(cancel: cancel);
        Assert.Equal(0, process.ExitCode);
    }

    private async Task RunAsync(string program, string[] arguments, CancellationToken cancel)
    {
        var command = AsServerUser([Path.Combine(_programs, program), .. arguments]);

        // pg_ctl's server inherits its standard streams: they are not redirected, or reading them would never end.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", .. command])
        {
            WorkingDirectory = Path.GetTempPath(),
        })!;
        await process.InTimeAsync(cancel: cancel);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
