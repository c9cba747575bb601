using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Signet.Storage;

/// <summary>
/// The statements of a SQLite connection that answer no rows, compiled once and run through the engine's own interface. Accepting
/// a message runs half a dozen of them on the one writer: what an ADO.NET command does around each costs more than the insert.
/// </summary>
/// <param name="connection">Open; it outlives this.</param>
internal sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    private const int NoChange = 0;

    /// <summary>Bytes of a value that is worth more than SQLite's own copy of it.</summary>
    private const int Large = 16 * 1024;

    private readonly Dictionary<string, Compiled> _compiled = new(StringComparer.Ordinal);
    private readonly List<MemoryHandle> _pinned = [];

    /// <summary>Runs one and returns the number of rows that it changed.</summary>
    /// <exception cref="SqliteException">As from a command.</exception>
    public int Execute(SqlStatement statement)
    {
        var database = connection.Handle!;
        if (!_compiled.TryGetValue(statement.Sql, out var compiled))
        {
            _compiled.Add(statement.Sql, compiled = Compile(database, statement));
        }

        try
        {
            for (var i = 0; i < compiled.Positions.Length; i++)
            {
                Check(database, Bind(compiled.Handle, compiled.Positions[i], statement.Values[i].Value));
            }

            return Run(database, compiled);
        }
        finally
        {
            _pinned.ForEach(p => p.Dispose());
            _pinned.Clear();
        }
    }

    private static int Run(sqlite3 database, Compiled compiled)
    {
        int code;
        do
        {
            code = raw.sqlite3_step(compiled.Handle);
        }
        while (code == raw.SQLITE_ROW);

        // The reset repeats the failure of the step; what matters of the statement is its own answer.
        var changed = code == raw.SQLITE_DONE && compiled.Writes ? raw.sqlite3_changes(database) : NoChange;
        var reset = raw.sqlite3_reset(compiled.Handle);
        Check(database, code == raw.SQLITE_DONE ? reset : code);
        return changed;
    }

    public void Dispose()
    {
        foreach (var compiled in _compiled.Values)
        {
            compiled.Handle.Dispose();
        }
    }

    // A statement is always run with the same names in the same order: their positions in its text are looked up once.
    private static Compiled Compile(sqlite3 database, SqlStatement statement)
    {
        Check(database, raw.sqlite3_prepare_v3(database, statement.Sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
        var positions = Array.ConvertAll(statement.Values, v => raw.sqlite3_bind_parameter_index(handle, $"@{v.Name}"));
        if (Array.IndexOf(positions, 0) is >= 0 and var missing)
        {
            handle.Dispose();
            throw new ArgumentException($"the statement has no @{statement.Values[missing].Name}: {statement.Sql}", nameof(statement));
        }

        return new Compiled(handle, positions, raw.sqlite3_stmt_readonly(handle) == 0);
    }

    private int Bind(sqlite3_stmt handle, int position, object? value) => value switch
    {
        long number => raw.sqlite3_bind_int64(handle, position, number),
        string text => BindText(handle, position, text),
        ReadOnlyMemory<byte> { Length: > Large } bytes => BindPinned(handle, position, bytes),
        ReadOnlyMemory<byte> bytes => raw.sqlite3_bind_blob(handle, position, bytes.Span),
        byte[] bytes => raw.sqlite3_bind_blob(handle, position, bytes),
        double number => raw.sqlite3_bind_double(handle, position, number),
        DBNull => raw.sqlite3_bind_null(handle, position),
        _ => Bind(handle, position, Encoded(value)),
    };

    private int BindPinned(sqlite3_stmt handle, int position, ReadOnlyMemory<byte> bytes)
    {
        _pinned.Add(bytes.Pin());
        return SqliteLibrary.BindPinned(handle, position, _pinned[^1], bytes.Length);
    }

    private static object Encoded(object? value) => SqlStatement.Encode(value) is var encoded && encoded.GetType() != value?.GetType()
        ? encoded
        : throw new ArgumentException($"a {value.GetType()} cannot be stored", nameof(value));

    private static int BindText(sqlite3_stmt handle, int position, string text)
    {
        const int onStack = 512;
        if (text.Length == 0)
        {
            // An empty span has no address, which would be NULL.
            return raw.sqlite3_bind_text(handle, position, text);
        }

        var clean = StoredText.Clean(text);
        var most = Encoding.UTF8.GetMaxByteCount(clean.Length);
        var rented = most > onStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        try
        {
            var buffer = rented ?? stackalloc byte[onStack];
            var length = Encoding.UTF8.GetBytes(clean, buffer);
            return raw.sqlite3_bind_text(handle, position, buffer[..length]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static void Check(sqlite3 database, int code)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, database);
        }
    }

    /// <summary>A compiled statement, where its values go, and whether it changes rows.</summary>
    private sealed record Compiled(sqlite3_stmt Handle, int[] Positions, bool Writes);
}
