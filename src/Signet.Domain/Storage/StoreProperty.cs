using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace Signet.Storage;

/// <summary>Facts about the store itself, by name, as JSON: what a server that starts on it tells the commands beside it.</summary>
internal static class StoreProperty
{
    /// <summary>Null if nobody has written it.</summary>
    public static Task<T?> FindAsync<T>(Database database, string name, JsonTypeInfo<T> type, CancellationToken cancel)
        where T : class => database.ReadAsync(
        session => session.FindAsync(
            "SELECT value FROM store_property WHERE name = @name",
            r => StorageJson.Read(Encoding.UTF8.GetString(r.Bytes(0)), type),
            ("name", name)),
        cancel);

    public static Task<int> PutAsync<T>(Database database, string name, T value, JsonTypeInfo<T> type, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                """
                INSERT INTO store_property (name, value) VALUES (@name, @value)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """,
                ("name", name), ("value", Encoding.UTF8.GetBytes(StorageJson.Write(value, type)))),
            cancel);
}
