using Microsoft.Data.Sqlite;

namespace Signet.Storage;

/// <summary>The SQLite file before it is a store: made if need be, and looked at before anything is written to it.</summary>
internal static class SqliteFile
{
    /// <summary>In the file's header: the letters <c>SGNT</c>.</summary>
    private const long ApplicationId = 0x53474E54;

    /// <summary>Larger files are not read through at start: it would take too long. SQLite notices damage when it meets it.</summary>
    private const long CheckedWhole = 64L << 20;

    private const int HeaderLength = 100;

    // PRAGMA auto_vacuum of a file whose pages can be given back.
    private const long Incremental = 2;

    /// <summary>Pages given back in one unit of writing: two megabytes.</summary>
    public const int PagesGivenBack = 500;

    // What the next hours fill again is kept: giving it back and taking it again would move pages for nothing.
    private const long MinFreePages = 4_000;

    private const long FreeShare = 10;

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <summary>Makes the directory and an empty file (mode 0600: it will hold mail) if they are missing; refuses a file of another kind.</summary>
    /// <exception cref="StoreOpenException">It cannot be made, read or written, or is no SQLite file.</exception>
    public static void Prepare(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var stream = new FileStream(file, options);
            if (stream.Length == 0)
            {
                return;
            }

            Span<byte> header = stackalloc byte[HeaderLength];
            var length = stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
            if (!header[..Math.Min(length, Magic.Length)].SequenceEqual(Magic))
            {
                throw new StoreOpenException($"`{file}` is not a Signet store: it is not an SQLite database, or its beginning is damaged");
            }

            if (length < HeaderLength)
            {
                throw new StoreOpenException($"the store `{file}` is damaged: it ends within its header");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreOpenException($"the store `{file}` cannot be opened for writing: {OneLine.Of(e)}", e);
        }
    }

    /// <summary>Refuses a damaged file and another program's database; writes nothing. True when the file is empty.</summary>
    /// <exception cref="StoreOpenException">It is one of these.</exception>
    public static async Task<bool> ExamineAsync(Session session, string file)
    {
        var tables = await session.CountAsync("SELECT COUNT(*) FROM sqlite_master");
        if (tables == 0)
        {
            return true;
        }

        if (await session.CountAsync("PRAGMA application_id") != ApplicationId)
        {
            throw new StoreOpenException($"`{file}` is not a Signet store: it is the database of another program");
        }

        if (new FileInfo(file).Length <= CheckedWhole)
        {
            var problem = (await session.QueryAsync("PRAGMA quick_check(1)", r => r.GetString(0)))[0];
            if (problem != "ok")
            {
                throw Damaged(file, problem, null);
            }
        }

        return false;
    }

    /// <summary>Marks the file as ours; part of the transaction that makes the tables.</summary>
    public static Task MarkAsync(Session session) => session.ExecuteAsync($"PRAGMA application_id = {ApplicationId}");

    /// <summary>Free pages beyond a tenth of the file and 16 MB, if the file can give pages back; else 0.</summary>
    public static async Task<long> ExcessPagesAsync(Session session) =>
        await session.CountAsync("PRAGMA auto_vacuum") == Incremental
            ? Math.Max(
                0,
                await session.CountAsync("PRAGMA freelist_count")
                    - Math.Max(MinFreePages, await session.CountAsync("PRAGMA page_count") / FreeShare))
            : 0;

    /// <summary>The one sentence for a failure of SQLite while the store is opened.</summary>
    public static StoreOpenException Explain(SqliteException e, string file) => e.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => Damaged(file, OneLine.Of(e), e),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => new($"the store `{file}` is locked by another program", e),
        SQLitePCL.raw.SQLITE_FULL => new($"the store `{file}` cannot be opened: the disk is full", e),
        _ => new($"the store `{file}` cannot be opened for writing: {OneLine.Of(e)}", e),
    };

    private static StoreOpenException Damaged(string file, string problem, Exception? inner) =>
        new($"the store `{file}` is damaged ({problem.ReplaceLineEndings(" ")}): put it back from a backup", inner);
}
