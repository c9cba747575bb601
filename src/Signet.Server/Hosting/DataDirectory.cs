using Signet.Storage;

namespace Signet.Server.Hosting;

/// <summary>
/// The data directory: the store and the key that encrypts its secrets lie there, so nobody else may look into it, and nobody else may
/// put anything there. Who could exchange the store would be an operator of the server.
/// </summary>
internal static class DataDirectory
{
    private const UnixFileMode ReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnly = ReadWrite | UnixFileMode.UserExecute;

    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode OthersRead = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const string LockFile = "server.lock";

    // With what SQLite keeps beside its file.
    private static readonly string[] StoreFiles =
        [StoreSettings.DatabaseFile, $"{StoreSettings.DatabaseFile}-wal", $"{StoreSettings.DatabaseFile}-shm", $"{StoreSettings.DatabaseFile}-journal"];

    /// <summary>
    /// Takes the directory for one server, until the result is disposed or the process ends, however it ends. Commands work beside it.
    /// </summary>
    /// <exception cref="StartException">Another server has it.</exception>
    public static IDisposable Lock(string path)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = ReadWrite;
            }

            return new FileStream(Path.Combine(path, LockFile), options);
        }
        catch (IOException exception)
        {
            throw new StartException($"another Signet server runs on the data directory `{path}` (`--data`)", exception);
        }
    }

    /// <summary>
    /// Makes it if it is not there, and makes sure that files can be written and that only its owner can write them. Nothing in it is
    /// changed.
    /// </summary>
    /// <exception cref="StartException">It cannot be made or written, or others can write it.</exception>
    public static void Prepare(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, OwnerOnly);
                RefuseSharing(path);
            }

            var probe = Path.Combine(path, $".probe-{Guid.CreateVersion7():N}");
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"the data directory `{path}` (`--data`) cannot be written: {exception.Message.TrimEnd('.').ReplaceLineEndings(" ")}", exception);
        }
    }

    // Modes are read through links. Whose file it is, is not asked: another owner's can only be used by us if a group or all may, which is
    // refused, or by root, who is to run commands on the directory of the server's user.
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void RefuseSharing(string path)
    {
        if ((File.GetUnixFileMode(path) & OthersWrite) != 0)
        {
            throw new StartException(
                $"the data directory `{path}` (`--data`) can be written by other users of this machine: run `chmod go-w {Quoted(path)}`, or name another one");
        }

        foreach (var above in Way(Path.GetFullPath(path), []))
        {
            // What lies in a directory with the sticky bit, as /tmp has, can be exchanged by its owner only.
            if ((File.GetUnixFileMode(above) & (UnixFileMode.OtherWrite | UnixFileMode.StickyBit)) == UnixFileMode.OtherWrite)
            {
                throw new StartException(
                    $"the directory `{above}` above the data directory (`--data`) can be written by all users of this machine: "
                    + $"run `chmod o-w {Quoted(above)}`, or name another one");
            }
        }

        foreach (var file in StoreFiles.Select(name => Path.Combine(path, name)).Where(File.Exists))
        {
            if ((File.GetUnixFileMode(file) & OthersWrite) != 0)
            {
                throw new StartException($"`{file}` can be written by other users of this machine: run `chmod go-w {Quoted(file)}`");
            }
        }

        var key = Path.Combine(path, MasterKey.FileName);
        if (File.Exists(key) && (File.GetUnixFileMode(key) & (OthersRead | OthersWrite)) != 0)
        {
            throw new StartException($"`{key}` can be read or written by other users of this machine: run `chmod go-rwx {Quoted(key)}`");
        }
    }

    // For a shell.
    private static string Quoted(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_')
            ? path
            : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The directories that the system looks into on its way to a path, those that links on it lead through included.</summary>
    private static IEnumerable<string> Way(string path, HashSet<string> seen)
    {
        for (var at = path; at is not null && seen.Add(at); at = Path.GetDirectoryName(at))
        {
            if (at != path)
            {
                yield return at;
            }

            if (Directory.ResolveLinkTarget(at, returnFinalTarget: false) is { } target)
            {
                // A link may lead to a link.
                foreach (var through in Way(target.FullName, seen))
                {
                    yield return through;
                }
            }
        }
    }
}
