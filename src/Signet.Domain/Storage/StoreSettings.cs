namespace Signet.Storage;

/// <summary>Which store there is to open.</summary>
/// <param name="Data">Full path of the data directory.</param>
/// <param name="Database">A PostgreSQL connection string; null is the SQLite file in <paramref name="Data"/>.</param>
/// <param name="Connections">How many connections to PostgreSQL at most; null leaves it to the connection string.</param>
/// <param name="SecretKey">32 bytes that encrypt secrets at rest; null is the key file in <paramref name="Data"/>.</param>
public sealed record StoreSettings(string Data, string? Database, int? Connections, byte[]? SecretKey)
{
    /// <summary>The SQLite file in the data directory.</summary>
    public const string DatabaseFile = "signet.db";
}
