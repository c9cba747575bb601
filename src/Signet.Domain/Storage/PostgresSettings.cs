using System.Globalization;
using Npgsql;

namespace Signet.Storage;

/// <summary>A PostgreSQL connection string, with what it leaves open filled in as this program needs it. What it says wins.</summary>
internal static class PostgresSettings
{
    /// <summary>How often a server looks which host is the primary, unless the connection string says: in seconds.</summary>
    public const int HostRecheckSeconds = 2;

    private const string Statements = "Max Auto Prepare";
    private const string Target = "Target Session Attributes";
    private const string Recheck = "Host Recheck Seconds";
    private const string LoadBalance = "Load Balance Hosts";

    private const int SecondsToStart = 15;

    // A look at a host is one short statement. One that takes longer than this is no answer.
    private const int SecondsToLook = 2;

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

        if (settings.Says(Target) && settings.TargetSessionAttributes!.ToUpperInvariant() is not ("PRIMARY" or "READ-WRITE"))
        {
            throw new StoreOpenException(
                $"`{Target}={settings.TargetSessionAttributes}` in the PostgreSQL connection string may lead to a standby, which cannot store mail:"
                + " leave it out, or give `primary`");
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

    /// <summary>The hosts of a connection string in its order, each with the settings of a connection to it alone.</summary>
    public static IReadOnlyList<NpgsqlConnectionStringBuilder> Hosts(NpgsqlConnectionStringBuilder settings) =>
        [.. (settings.Host ?? "").Split(',', StringSplitOptions.TrimEntries).Select(host => Alone(settings, host))];

    /// <summary>True when there is something to watch: several hosts, or one name that another server may answer to after a failover.</summary>
    public static bool MayFailOver(NpgsqlConnectionStringBuilder settings) => settings.Host?.Contains(',', StringComparison.Ordinal) == true || settings.Says(Target);

    /// <summary>How often a server looks which host is the primary.</summary>
    public static TimeSpan Interval(NpgsqlConnectionStringBuilder settings) =>
        TimeSpan.FromSeconds(settings.Says(Recheck) && settings.HostRecheckSeconds > 0 ? settings.HostRecheckSeconds : HostRecheckSeconds);

    /// <summary>For one connection at the start, when nobody waits for an answer: making the tables may take long in a large store.</summary>
    public static string ForMigrations(NpgsqlConnectionStringBuilder settings) => new NpgsqlConnectionStringBuilder(settings.ConnectionString)
    {
        Pooling = false,
        MaxAutoPrepare = 0,
        Timeout = Math.Max(settings.Timeout, SecondsToStart),
        CommandTimeout = (int)MigrationTimeout.TotalSeconds,
    }.ToString();

    /// <summary>For the connection that asks a host again and again what it is.</summary>
    public static NpgsqlConnectionStringBuilder ForLooking(NpgsqlConnectionStringBuilder settings, bool isStart) => new(settings.ConnectionString)
    {
        MaxPoolSize = 2,
        MinPoolSize = 0,
        MaxAutoPrepare = 0,
        Timeout = isStart ? Math.Max(settings.Timeout, SecondsToStart) : SecondsToLook,
        CommandTimeout = isStart ? SecondsToStart : SecondsToLook,
        CancellationTimeout = -1,
    };

    /// <summary>True when the connection string leaves it to us whether statements are kept prepared in the session.</summary>
    public static bool LeavesPreparingOpen(NpgsqlConnectionStringBuilder settings) => !settings.Says(Statements);

    /// <summary>Has statements kept prepared from their second use on.</summary>
    public static void Prepare(NpgsqlConnectionStringBuilder settings)
    {
        settings.MaxAutoPrepare = 64;
        settings.Fill("Auto Prepare Min Usages", 2);
    }

    private static NpgsqlConnectionStringBuilder Alone(NpgsqlConnectionStringBuilder settings, string host)
    {
        var alone = new NpgsqlConnectionStringBuilder(settings.ConnectionString);
        foreach (var keyword in (string[])[Target, Recheck, LoadBalance])
        {
            alone.Remove(keyword);
        }

        (alone.Host, alone.Port) = SplitPort(host, settings.Port);

        // So that connections that nobody uses are found dead, and are not forgotten by a firewall. A Unix socket has no such options.
        if (!alone.Host.StartsWith('/') && !alone.Host.StartsWith('@') && !alone.Says("TCP Keepalive") && !alone.Says("TCP Keepalive Time"))
        {
            alone.TcpKeepAliveTime = 10;
            alone.TcpKeepAliveInterval = 3;
        }

        return alone;
    }

    // As Npgsql reads it: a colon is a port's unless there are others and no brackets.
    private static (string Host, int Port) SplitPort(string host, int port)
    {
        var colon = host.LastIndexOf(':');
        var isAddress = colon > 0 && host.IndexOf(':', StringComparison.Ordinal) != colon && host.LastIndexOf(']') is var end && (end < 0 || end > colon);
        return colon > 0 && !isAddress && !host.StartsWith('/') && int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var own)
            ? (host[..colon], own)
            : (host, port);
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
