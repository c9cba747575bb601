using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Signet.Storage;

/// <summary>The key that all secrets of a store are sealed with; it lies beside the store, not in it.</summary>
public static partial class MasterKey
{
    /// <summary>In bytes.</summary>
    public const int Length = 32;

    /// <summary>The file in the data directory: one line of base64.</summary>
    public const string FileName = "secret.key";

    /// <summary>
    /// Reads <c>secret.key</c>; for a store that is being made, makes it (mode 0600) if there is none. The file appears whole or not at
    /// all; of two programs that make it at once, both end with the same key.
    /// </summary>
    /// <param name="directory">The data directory; made if need be.</param>
    /// <param name="forNewStore">False for a store that has secrets already: a new key would open none of them.</param>
    /// <exception cref="StoreOpenException">
    /// The file is missing, cannot be read, cannot be made, or is no key. Nothing is put in its place.
    /// </exception>
    public static byte[] Load(string directory, bool forNewStore)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            if (!File.Exists(path))
            {
                if (!forNewStore)
                {
                    throw new StoreOpenException(
                        $"the master key `{path}` of this store is missing: put it back from a backup, or give it with `--secret-key`, "
                        + "for the store's secrets need it");
                }

                Directory.CreateDirectory(directory);
                Create(path);
            }

            var key = new byte[Length];
            return Convert.TryFromBase64String(File.ReadAllText(path).TrimEnd('\n', '\r'), key, out var length) && length == Length
                ? key
                : throw new StoreOpenException($"the master key `{path}` is damaged: put it back from a backup, for the store's secrets need it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreOpenException($"the master key `{path}` cannot be read or made: {OneLine.Of(e)}", e);
        }
    }

    private static void Create(string path)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var file = new FileStream(draft, options))
            {
                using var text = new StreamWriter(file, leaveOpen: true);
                text.Write(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length)) + "\n");
                text.Flush();
                file.Flush(flushToDisk: true);
            }

            Publish(draft, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another program was first: its key counts.
        }
        finally
        {
            File.Delete(draft);
        }
    }

    // Fails when the file is there. On Unix a move that does not overwrite looks first and renames then, so that of two programs the
    // later one would win after the earlier has read its own key; a link is made or refused in one step.
    private static void Publish(string draft, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            File.Move(draft, path, overwrite: false);
        }
        else if (Link(draft, path) != 0)
        {
            throw new IOException($"it cannot be made: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string made);
}
