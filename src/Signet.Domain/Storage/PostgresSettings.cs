using Npgsql;

namespace Signet.Storage;

/// <summary>A PostgreSQL connection string, with what it leaves open filled in as this program needs it. What it says wins.</summary>
internal static class PostgresSettings
{
    private const string Statements = "Max Auto Prepare";

    private const int SecondsToStart = 15;

    private static readonly TimeSpan MigrationTimeout = TimeSpan.FromMinutes(10);

    /// <exception cref="StoreOpenException">The text makes no sense; the message does not repeat it, for it may hold a password.</exception>
    public static NpgsqlConnectionStringBuilder Read(string connectionString, DatabaseOptions options)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new StoreOpenException($"the PostgreSQL connection string is not valid: {OneLine.Of(e)}", e);
        }

        if (settings.Says("Maximum Pool Size") && options.Connections is not null)
        {
            throw new StoreOpenException(
                "`Maximum Pool Size` in the PostgreSQL connection string and `--database-connections` say the same thing: give one of them");
        }

        settings.Fill("Maximum Pool Size", options.Connections ?? DatabaseOptions.DefaultConnections);

        // Also the wait for a connection of the pool. With the wait for a statement and the try to cancel it, less than ten seconds.
        settings.Fill("Timeout", 3);
        if (options.Patience != Timeout.InfiniteTimeSpan)
        {
            settings.Fill("Command Timeout", 5);
            settings.Fill("Cancellation Timeout", 1_000);

            // COMMIT: once it is under way it cannot be taken back. The caller gives up earlier, with an error.
            settings.Fill("Internal Command Timeout", 30);
        }

        // No session keeps anything from one unit to the next: no SET, LISTEN, temporary tables or locks beyond a transaction. So there
        // is nothing to reset, which would be seven statements each time, and a pooler may give each transaction another session.
        settings.Fill("No Reset On Close", true);
        return settings;
    }

    /// <summary>For one connection at the start, when nobody waits for an answer: making the tables may take long in a large store.</summary>
    public static string ForMigrations(NpgsqlConnectionStringBuilder settings) => new NpgsqlConnectionStringBuilder(settings.ConnectionString)
    {
        Pooling = false,
        MaxAutoPrepare = 0,
        Timeout = Math.Max(settings.Timeout, SecondsToStart),
        CommandTimeout = (int)MigrationTimeout.TotalSeconds,
    }.ToString();

    /// <summary>True when the connection string leaves it to us whether statements are kept prepared in the session.</summary>
    public static bool LeavesPreparingOpen(NpgsqlConnectionStringBuilder settings) => !settings.Says(Statements);

    /// <summary>Has statements kept prepared from their second use on.</summary>
    public static void Prepare(NpgsqlConnectionStringBuilder settings)
    {
        settings.MaxAutoPrepare = 64;
        settings.Fill("Auto Prepare Min Usages", 2);
    }

    // Not ContainsKey, which Npgsql answers for every keyword that it knows.
    private static bool Says(this NpgsqlConnectionStringBuilder settings, string keyword) => settings.ShouldSerialize(keyword);

    private static void Fill(this NpgsqlConnectionStringBuilder settings, string keyword, object value)
    {
        if (!settings.Says(keyword))
        {
            settings[keyword] = value;
        }
    }
}
