using Microsoft.Extensions.DependencyInjection;

namespace Signet.Queue;

internal static class QueueServices
{
    /// <summary>The key of the queue as the store has it; who asks for one without a key gets the one that is counted.</summary>
    public const string Stored = "stored";

    // Messages that are accepted and wait in memory for delivery; more wait in the store.
    private const int WindowMessages = 4_096;

    public static void Add(IServiceCollection services, Node node, bool delivers, bool isAlone)
    {
        services.AddSingleton(node);
        services.AddSingleton<AliveNodes>();
        services.AddSingleton(provider => isAlone
            ? Duties.Alone
            : new Duties(provider.GetRequiredService<INodes>(), node, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(_ => new ActiveQueue(delivers ? WindowMessages : 0));
    }

    /// <summary>What a server counts in the background.</summary>
    public static void AddTotals(IServiceCollection services, bool isServer)
    {
        if (isServer)
        {
            services.AddHostedService<TotalsLoop>();
        }
    }
}
