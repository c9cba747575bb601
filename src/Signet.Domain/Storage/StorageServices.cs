using Microsoft.Extensions.DependencyInjection;
using Signet.Accounts;
using Signet.Archive;
using Signet.Identities;
using Signet.Operators;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;
using Signet.Traffic;

namespace Signet.Storage;

/// <summary>Registers the stores of all folders over one database.</summary>
internal static class StorageServices
{
    public static void Add(IServiceCollection services, Database database, bool showsServerMail)
    {
        // By a function, so that the container closes it.
        services.AddSingleton(_ => database);
        services.AddSingleton<IAccountStore, SqlAccountStore>();
        services.AddSingleton<IOperatorStore, SqlOperatorStore>();
        services.AddSingleton<ISessionKeyStore, SqlSessionKeyStore>();
        services.AddSingleton<IIdentityStore, SqlIdentityStore>();
        services.AddSingleton<IPolicyStore, SqlPolicyStore>();
        services.AddSingleton<ISendingHistory, SqlSendingHistory>();
        services.AddKeyedSingleton<IMessageQueue, SqlMessageQueue>(QueueServices.Stored);
        services.AddSingleton<INodes, SqlNodes>();
        services.AddSingleton<IQueueTotals>(provider => new SqlQueueTotals(database, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new SqlQueueControl(database, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IQueueControl>(provider => provider.GetRequiredService<SqlQueueControl>());
        services.AddSingleton<IOperatorRequests>(provider => provider.GetRequiredService<SqlQueueControl>());
        services.AddSingleton<ISuspensions, SqlSuspensions>();
        services.AddSingleton<IDestinationDomains, SqlDestinationDomains>();
        services.AddSingleton<IMessageArchive>(_ => new SqlMessageArchive(database, showsServerMail));
        services.AddSingleton<ISearchIndex, SqlSearchIndex>();
        services.AddSingleton<ITrafficStore, SqlTrafficStore>();
        services.AddSingleton<ITrafficCounter, SqlTrafficCounter>();
    }
}
