using Microsoft.Extensions.Logging;
using Signet.Accounts;
using Signet.Identities;
using Signet.Names;
using Signet.Queue;

namespace Signet.Storage;

/// <summary>A store that is open, and what it says to whoever works over it. A server writes its own there; a command finds it.</summary>
/// <param name="Database">The connection to its engine.</param>
/// <param name="Names">What records to publish are made of.</param>
/// <param name="Rules">How accounts are treated.</param>
/// <param name="Regions">Those that a caller may name.</param>
/// <param name="Node">This process among those that share the store.</param>
internal sealed record OpenedStore(Database Database, ServerNames Names, AccountRules Rules, RegionSet Regions, Node Node)
{
    // What a start says has one category.
    private const string LogName = "signet";

    /// <exception cref="StoreOpenException">It cannot be opened; nothing in it has been changed.</exception>
    public static async Task<OpenedStore> OpenAsync(
        MailSystemOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancel)
    {
        var database = await OpenDatabaseAsync(
            options.Store,
            new DatabaseOptions
            {
                Connections = options.Store.Connections,
                Patience = options.Delivery is null ? Timeout.InfiniteTimeSpan : DatabaseOptions.ServerPatience,
                MustExist = options.StoreMustExist,
                Time = time,
                Logger = loggers.CreateLogger<Database>(),
            },
            cancel);
        try
        {
            var names = await NamesAsync(new SqlIdentityStore(database), options, loggers, cancel);
            var node = Node.ForThisProcess(names.Hostname.Value);
            if (options.Delivery is not null)
            {
                await JoinAsync(new SqlNodes(database), node, isAlone: options.Store.Database is null, cancel);
            }

            var accounts = new SqlAccountStore(database);
            var rules = await RulesAsync(accounts, options, cancel);
            return new OpenedStore(database, names, rules, await RegionsAsync(accounts, options, cancel), node);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    // Before anything is claimed: a node that others do not know counts as dead. A SQLite store belongs to one server, so that whatever is claimed
    // was claimed by one that is gone.
    private static async Task JoinAsync(SqlNodes nodes, Node node, bool isAlone, CancellationToken cancel)
    {
        if (isAlone)
        {
            await nodes.FreeAllAsync(cancel);
        }

        await nodes.BeatAsync(node.Name, node.Life, cancel);
    }

    private static async Task<Database> OpenDatabaseAsync(StoreSettings store, DatabaseOptions options, CancellationToken cancel)
    {
        var secrets = store.SecretKey is { } key ? new SecretBox(key) : SecretBox.WithKeyIn(store.Data);
        return store.Database is { } connection
            ? await Database.OpenPostgresAsync(connection, secrets, options, cancel)
            : await Database.OpenSqliteAsync(Path.Combine(store.Data, StoreSettings.DatabaseFile), secrets, options, cancel);
    }

    private static async Task<AccountRules> RulesAsync(SqlAccountStore store, MailSystemOptions options, CancellationToken cancel)
    {
        if (options.Rules is not { } rules)
        {
            return await store.FindRulesAsync(cancel) ?? AccountRules.Serve;
        }

        await store.PutRulesAsync(rules, cancel);
        return rules;
    }

    // Only a server stores its regions. A command may be given others, to look at a region that is no longer served.
    private static async Task<RegionSet> RegionsAsync(SqlAccountStore store, MailSystemOptions options, CancellationToken cancel)
    {
        if (options is { Regions: { } regions, Rules: not null })
        {
            await store.PutRegionsAsync(regions, cancel);
        }

        return options.Regions ?? await store.FindRegionsAsync(cancel) ?? RegionSet.Aws;
    }

    // Only a server stores its names. A command may be given others, for that call.
    private static async Task<ServerNames> NamesAsync(
        SqlIdentityStore store, MailSystemOptions options, ILoggerFactory loggers, CancellationToken cancel)
    {
        var stored = await store.FindServerNamesAsync(cancel);
        var kept = options.Rules is null ? stored : null;
        var hostname = options.Hostname ?? kept?.Hostname ?? options.MachineName;
        var names = new ServerNames(hostname, options.DkimZone ?? kept?.DkimZone ?? ServerNames.ZoneOf(hostname));
        if (options.Rules is not null)
        {
            if (stored is not null && stored.DkimZone != names.DkimZone)
            {
                Log.ZoneChanged(loggers.CreateLogger(LogName), names.DkimZone.Value, stored.DkimZone.Value);
            }

            await store.PutServerNamesAsync(names, cancel);
        }

        return names;
    }
}
