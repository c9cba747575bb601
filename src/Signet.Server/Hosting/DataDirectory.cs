namespace Signet.Server.Hosting;

/// <summary>The data directory: the store and the key that encrypts its secrets lie there, so nobody else may look into it.</summary>
internal static class DataDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const string LockFile = "server.lock";

    /// <summary>
    /// Takes the directory for one server, until the result is disposed or the process ends, however it ends. Commands work beside it.
    /// </summary>
    /// <exception cref="StartException">Another server has it.</exception>
    public static IDisposable Lock(string path)
    {
        try
        {
            return new FileStream(Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new StartException($"another Signet server runs on the data directory `{path}` (`--data`)", exception);
        }
    }

    /// <summary>Makes it if it is not there, and makes sure that files can be written. Nothing in it is changed.</summary>
    /// <exception cref="StartException">It cannot be made or written.</exception>
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
}
