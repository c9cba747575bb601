namespace Signet.Tests.Storage;

/// <summary>
/// Two PostgreSQL servers: a primary, and a standby that has every commit before it is answered. After a failover the other one is the primary, and
/// the old one can be rebuilt as its standby.
/// </summary>
public sealed class PostgresPair : IAsyncDisposable
{
    private PostgresPair(PostgresInstance primary, PostgresInstance standby) =>
        (Primary, Standby, ConnectionString) = (primary, standby, $"Host={primary.Host},{standby.Host};Username=signet;Database=postgres;Maximum Pool Size=20");

    public PostgresInstance Primary { get; private set; }

    public PostgresInstance Standby { get; private set; }

    /// <summary>To whichever is the primary.</summary>
    public string ConnectionString { get; }

    public static async Task<PostgresPair> StartAsync(CancellationToken cancel)
    {
        var primary = await PostgresInstance.StartNewAsync(cancel);
        try
        {
            var pair = new PostgresPair(primary, await PostgresInstance.StartStandbyAsync(primary, cancel));
            await pair.BeSynchronousAsync(cancel);
            return pair;
        }
        catch
        {
            await primary.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the standby the primary, which then commits by itself. The old primary is left as it is.</summary>
    public async Task FailOverAsync(CancellationToken cancel)
    {
        await Standby.PromoteAsync(cancel);
        (Primary, Standby) = (Standby, Primary);
        await SetAsync("", cancel);
    }

    /// <summary>Rebuilds the old primary as the standby of the new one.</summary>
    public async Task RebuildAsync(CancellationToken cancel)
    {
        await Standby.FollowAsync(Primary, cancel);
        await BeSynchronousAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
    }

    private async Task BeSynchronousAsync(CancellationToken cancel)
    {
        await SetAsync("*", cancel);
        await Eventually.TrueAsync(async () => await Primary.AskAsync("SELECT COUNT(*) FROM pg_stat_replication WHERE sync_state = 'sync'", cancel) is 1L);
    }

    private async Task SetAsync(string standbys, CancellationToken cancel)
    {
        await Primary.AskAsync($"ALTER SYSTEM SET synchronous_standby_names = '{standbys}'", cancel);
        await Primary.AskAsync("SELECT pg_reload_conf()", cancel);
    }
}
