namespace Signet.Bench.Peers;

/// <summary>A PostgreSQL of its own, as it is installed: with <c>fsync</c>, on a socket in its directory.</summary>
internal sealed class Postgres : IAsyncDisposable
{
    private readonly string _programs;
    private readonly string _directory;

    private Postgres(string programs, string directory) => (_programs, _directory) = (programs, directory);

    /// <exception cref="PeerMissingException">It is not installed.</exception>
    public static async Task<Postgres> StartAsync(CancellationToken cancel)
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(d => Path.Combine(d, "bin")).LastOrDefault()
            : null;
        if (programs is null)
        {
            throw new PeerMissingException("PostgreSQL is not installed");
        }

        // Made by initdb itself, for it has to belong to the user that the server runs as.
        var server = new Postgres(programs, Path.Combine(Path.GetTempPath(), $"signet-bench-pg-{Environment.ProcessId}"));
        await server.RunAsync(["initdb", "-D", server._directory, "-U", "signet", "-A", "trust", "-E", "UTF8", "--no-locale"], cancel);
        await server.RunAsync(
            [
                "pg_ctl", "-D", server._directory, "-o", $"-k {server._directory} -c listen_addresses=''",
                "-l", Path.Combine(server._directory, "log"), "-w", "start",
            ],
            cancel);
        return server;
    }

    /// <summary>A new database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> NewDatabaseAsync(string name, CancellationToken cancel)
    {
        await RunAsync(["createdb", "-h", _directory, "-U", "signet", name], cancel);
        return $"Host={_directory};Username=signet;Database={name}";
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync(["pg_ctl", "-D", _directory, "-m", "immediate", "-w", "stop"], CancellationToken.None);
        Directory.Delete(_directory, recursive: true);
    }

    // It refuses to run as root. Its output goes nowhere: the server inherits it, and reading it would never end.
    private Task RunAsync(string[] command, CancellationToken cancel) => ChildProcess.RunAsync(
        "/bin/sh", Path.GetTempPath(),
        [
            "-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh",
            .. Environment.UserName == "root" ? (string[])["setpriv", "--reuid=postgres", "--clear-groups", "--"] : [],
            Path.Combine(_programs, command[0]), .. command[1..],
        ],
        cancel);
}
