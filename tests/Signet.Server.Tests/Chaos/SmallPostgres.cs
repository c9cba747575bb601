using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Npgsql;
using Signet.Server.Tests.Clients;
using Signet.Tests.Storage;

namespace Signet.Server.Tests.Chaos;

/// <summary>
/// A PostgreSQL whose data are on a file system of a few megabytes, which only it sees. It is started again whenever it ends, as a supervisor
/// would: a full disk ends it. Where a mount of one's own is not allowed the test is skipped (in CI it fails).
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class SmallPostgres : IAsyncDisposable
{
    // The root of its own name space may mount; PostgreSQL refuses to run as root, so it gets another number.
    private const string Script =
        """
        mount -t tmpfs -o size=$3,mode=0700 tmpfs "$1" && exec unshare -U --map-user=1000 -- sh -c '
          "$0/initdb" -D "$1/data" -U signet -A trust -N -E UTF8 --no-locale --wal-segsize=1 >/dev/null || exit 1
          while "$0/postgres" -D "$1/data" -k "$2" -c listen_addresses= -c fsync=off -c min_wal_size=2MB -c max_wal_size=8MB >>"$2/log" 2>&1; test -e "$2/run"; do sleep 0.2; done
        ' "$0" "$1" "$2"
        """;

    private readonly Process _process;
    private readonly string _data;
    private readonly string _sockets;

    private SmallPostgres(Process process, string data, string sockets) => (_process, _data, _sockets) = (process, data, sockets);

    public string ConnectionString => $"Host={_sockets};Username=signet;Database=postgres";

    private string Filler => $"/proc/{_process.Id.ToString(CultureInfo.InvariantCulture)}/root{_data}/filler";

    public static async Task<SmallPostgres> StartAsync(string size)
    {
        await Counterpart.RequireAsync(
            "a mount of one's own", "unshare", "-rm", "--", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /tmp && unshare -U --map-user=1000 -- true");
        var programs = PostgresInstance.FindPrograms();
        Assert.SkipUnless(programs is not null, "PostgreSQL is missing");
        var (data, sockets) = (Directory.CreateTempSubdirectory("signet-small-").FullName, Directory.CreateTempSubdirectory("signet-small-").FullName);
        foreach (var folder in (string[])[data, sockets])
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        }

        await File.WriteAllTextAsync(Path.Combine(sockets, "run"), "");
        var command = PostgresInstance.AsServerUser("unshare", "-rm", "--", "sh", "-c", Script, programs!, data, sockets, size);
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = Path.GetTempPath() })!;
        var server = new SmallPostgres(process, data, sockets);
        await Eventually.TrueAsync(server.AnswersAsync, what: "that PostgreSQL answers");
        return server;
    }

    /// <summary>Takes all the room that is left, until <see cref="MakeRoomAsync"/>.</summary>
    public Task FillAsync() => RunAsync("dd", "if=/dev/zero", $"of={Filler}", "bs=4k", "oflag=append", "conv=notrunc", "status=none");

    public Task MakeRoomAsync() => RunAsync("rm", "-f", Filler);

    public async ValueTask DisposeAsync()
    {
        File.Delete(Path.Combine(_sockets, "run"));
        _process.Kill(entireProcessTree: true);
        await _process.InTimeAsync();
        _process.Dispose();
        Directory.Delete(_sockets, recursive: true);
        Directory.Delete(_data, recursive: true);
    }

    // As the server's user: the owner of the file system's files must be one that its name space knows.
    private static async Task RunAsync(params string[] command)
    {
        command = PostgresInstance.AsServerUser(command);
        await Counterpart.RunAsync(command[0], command[1..], new Dictionary<string, string>(), TestContext.Current.CancellationToken);
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.False(_process.HasExited, "PostgreSQL on a small disk has ended");
        try
        {
            await using var source = NpgsqlDataSource.Create($"{ConnectionString};Pooling=false");
            await using var command = source.CreateCommand("SELECT 1");
            return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
