using System.Buffers;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace Signet.Storage;

/// <summary>
/// SQLite's own library in a program that was published as one file. On Linux it is a resource of that file and is loaded from memory: what
/// .NET would do, unpack it into the home directory, fails where there is none or the file system is read-only, as in many containers.
/// </summary>
internal static partial class SqliteLibrary
{
    /// <summary>Signet.Domain.csproj gives the resource this name.</summary>
    private const string Resource = "libe_sqlite3.so";

    /// <summary>What SQLitePCLRaw asks for.</summary>
    private const string Name = "e_sqlite3";

    // MFD_CLOEXEC: no child process gets it. MFD_EXEC: it may be run where `vm.memfd_noexec` says that files in memory may not; kernels
    // before 6.3 do not know it and refuse it.
    private const uint CloseOnExec = 0x1;
    private const uint Executable = 0x10;

    /// <summary>Tells SQLitePCLRaw where the library is, unless it lies beside the program; called once, before the first use of SQLite.</summary>
    public static void Find()
    {
        if (OperatingSystem.IsLinux() && Assembly.GetExecutingAssembly().GetManifestResourceInfo(Resource) is not null)
        {
            var library = new Lazy<IntPtr>(Load);
            foreach (var assembly in new[] { typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Assembly.GetExecutingAssembly() })
            {
                NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => name == Name ? library.Value : IntPtr.Zero);
            }
        }
    }

    /// <summary>
    /// Binds bytes without copying them, which SQLitePCLRaw cannot. They must stay pinned until the statement is reset, and be bound again
    /// before its next step.
    /// </summary>
    /// <returns>A result code of SQLite.</returns>
    public static unsafe int BindPinned(sqlite3_stmt statement, int position, MemoryHandle bytes, int length)
    {
        var added = false;
        try
        {
            statement.DangerousAddRef(ref added);
            return BindBlob(statement.DangerousGetHandle(), position, bytes.Pointer, length, IntPtr.Zero);
        }
        finally
        {
            if (added)
            {
                statement.DangerousRelease();
            }
        }
    }

    // A destructor of zero is SQLITE_STATIC: the bytes stay where they are.
    [LibraryImport(Name, EntryPoint = "sqlite3_bind_blob")]
    private static unsafe partial int BindBlob(IntPtr statement, int position, void* bytes, int length, IntPtr destructor);

    private static IntPtr Load()
    {
        var descriptor = MemoryFile(Resource, CloseOnExec | Executable);
        if (descriptor < 0)
        {
            descriptor = MemoryFile(Resource, CloseOnExec);
        }

        if (descriptor < 0)
        {
            throw new DllNotFoundException($"SQLite cannot be put into memory: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        // What is loaded stays when the descriptor is closed.
        using var file = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write);
        using (var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!)
        {
            resource.CopyTo(file);
        }

        file.Flush();
        return NativeLibrary.Load($"/proc/self/fd/{descriptor}");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemoryFile(string name, uint flags);
}
