using System.Net.Sockets;
using Npgsql;

namespace Signet.Storage;

/// <summary>Asks one host again and again what it is, on a connection of its own that nothing else waits for.</summary>
/// <param name="index">The host's place in the connection string, from 0.</param>
/// <param name="settings">Of a connection to it alone, see <see cref="PostgresSettings.ForLooking"/>.</param>
internal sealed class PostgresLookout(int index, NpgsqlConnectionStringBuilder settings) : IAsyncDisposable
{
    private const string Role = "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'";

    // The first eight digits of the name of a file of the write-ahead log.
    private const string Timeline = "SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint";

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(settings);
    private bool _hasNoTimeline;

    /// <summary>What the host is. Never fails: silence is an answer too.</summary>
    public async Task<HostAnswer> AskAsync(CancellationToken cancel)
    {
        try
        {
            // Npgsql may wait for longer than it is given, when it tries to cancel at a host that is frozen.
            return await Task.Run(AskOnceAsync, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(settings.Timeout + 1), TimeProvider.System, cancel);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            return new HostAnswer(index, false, 0, e);
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<HostAnswer> AskOnceAsync()
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var role = new NpgsqlCommand(Role, connection);
        var isPrimary = await role.ExecuteScalarAsync() is true;
        return new HostAnswer(index, isPrimary, isPrimary ? await TimelineAsync(connection) : 0);
    }

    private async Task<long> TimelineAsync(NpgsqlConnection connection)
    {
        if (_hasNoTimeline)
        {
            return 0;
        }

        try
        {
            await using var timeline = new NpgsqlCommand(Timeline, connection);
            return await timeline.ExecuteScalarAsync() is long number ? number : 0;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.InsufficientPrivilege
            or PostgresErrorCodes.FeatureNotSupported)
        {
            // An engine that only speaks PostgreSQL's language. Its log is not to have a line for each look.
            _hasNoTimeline = true;
            return 0;
        }
    }
}
