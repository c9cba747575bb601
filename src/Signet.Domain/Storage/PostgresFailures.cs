using System.Net.Sockets;
using Npgsql;

namespace Signet.Storage;

/// <summary>Which failures of PostgreSQL are the engine's and which are a statement's own.</summary>
internal static class PostgresFailures
{
    private const string IdleInTransaction = "25P03";

    /// <summary>
    /// The engine's: no connection (class 08) or right to one (28), a session that is missing what was prepared in it, out of resources
    /// (53), a lock or a statement that was waited for too long, the server going down (57), its disk (58), a read-only standby.
    /// </summary>
    public static bool IsOfTheEngine(this Exception e) => e switch
    {
        PostgresException p => p.IsTransient || p.IsOfTheSession()
            || p.SqlState is ['0', '8', ..] or ['2', '8', ..] or ['5', '3' or '7' or '8', ..]
            || p.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.LockNotAvailable or IdleInTransaction,
        NpgsqlException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>
    /// What a pooler that changes sessions between transactions does to prepared statements: missing (26000), there already (42P05), or
    /// another's that takes other parameters (08P01). PgBouncer gives the last code to its own refusals as well.
    /// </summary>
    public static bool IsOfTheSession(this PostgresException e) => e.SqlState is PostgresErrorCodes.InvalidSqlStatementName
        or PostgresErrorCodes.DuplicatePreparedStatement or PostgresErrorCodes.ProtocolViolation;
}
