using Microsoft.Data.Sqlite;

namespace Signet.Storage;

/// <summary>Which failures of SQLite are the engine's (disk, locks, damage) and which are a statement's own.</summary>
internal static class SqliteFailures
{
    public static bool IsOfTheEngine(this SqliteException e) =>
        e.SqliteErrorCode is not (SQLitePCL.raw.SQLITE_CONSTRAINT or SQLitePCL.raw.SQLITE_ERROR or SQLitePCL.raw.SQLITE_MISUSE
            or SQLitePCL.raw.SQLITE_RANGE or SQLitePCL.raw.SQLITE_MISMATCH or SQLitePCL.raw.SQLITE_TOOBIG);
}
