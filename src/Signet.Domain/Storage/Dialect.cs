namespace Signet.Storage;

/// <summary>What differs between the two engines; all other SQL is the same text for both.</summary>
/// <param name="Engine">What the files of migrations that are for it alone are named by.</param>
/// <param name="Text">Column type of text that compares byte by byte.</param>
/// <param name="Blob">Column type of bytes.</param>
/// <param name="Clustered">Ends the definition of a table whose rows are kept in the order of its key, where the engine can.</param>
/// <param name="Now">The engine's clock, in unix milliseconds: nodes whose own clocks differ agree on it.</param>
/// <param name="Among">The texts of the JSON array <c>@ids</c>, as a query in brackets.</param>
/// <param name="SkipLocked">Ends a SELECT that takes rows for this unit alone and passes over those that another unit has taken.</param>
/// <param name="Position">The function that finds text in text: 0 when it is not there.</param>
/// <param name="Lock">Waits until no other unit holds <c>@key</c>, then holds it until this unit ends; null where units never overlap.</param>
/// <param name="PreferIndexes">Lets the statements of this unit find rows by an index; null where they do so anyhow.</param>
/// <param name="CounterSlots">Over how many rows the counters of one minute are spread, so that units do not queue for one row.</param>
/// <param name="QuotaUsed">How the 24-hour quota is read (<see cref="QuotaQueries"/>).</param>
/// <param name="HasSets">Whether an array can be made rows of (<see cref="RowSets"/>).</param>
/// <param name="Words">How the words of messages are kept and found.</param>
/// <param name="Counted">How it is known what traffic has been counted.</param>
/// <param name="RowOfBlob">A column more that lets bytes be read as a stream, with its comma; empty where none is needed.</param>
/// <param name="VersionFreshness">How long a version of the configuration that was read holds (<see cref="ConfigurationCache"/>).</param>
internal sealed record Dialect(
    string Engine, string Text, string Blob, string Clustered, string Now, string Among, string SkipLocked, string Position, string? Lock,
    string? PreferIndexes, int CounterSlots, string QuotaUsed, bool HasSets, WordIndex Words, CountedRows Counted, string RowOfBlob, TimeSpan VersionFreshness)
{
    public static Dialect Sqlite { get; } = new(
        "sqlite", "TEXT", "BLOB", " WITHOUT ROWID", "CAST(unixepoch('subsec') * 1000 AS INTEGER)", "(SELECT value FROM json_each(@ids))", "", "instr", null, null, 1,
        QuotaQueries.UsedOnSqlite, false, WordIndex.Sqlite, CountedRows.Sqlite, ", rowid", TimeSpan.Zero);

    public static Dialect Postgres { get; } = new(
        "postgres", "TEXT COLLATE \"C\"", "BYTEA", "", "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
        "(SELECT jsonb_array_elements_text(CAST(@ids AS JSONB)))", "FOR UPDATE SKIP LOCKED", "strpos",
        "SELECT pg_advisory_xact_lock(hashtextextended(@key, 0))", "SET LOCAL enable_seqscan = off", 8, QuotaQueries.UsedOnPostgres, true,
        WordIndex.Postgres, CountedRows.Postgres, "", TimeSpan.FromMilliseconds(500));
}
