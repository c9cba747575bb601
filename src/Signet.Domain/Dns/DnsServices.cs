using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Signet.Dns;

internal static class DnsServices
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Who asks for a look-up gets one without a cache; the key <see cref="DnsCaching.ByTtl"/> gives the one that keeps answers.</summary>
    /// <param name="services">Gets both.</param>
    /// <param name="resolver">Which to ask; null is the system's.</param>
    public static void Add(IServiceCollection services, IPEndPoint? resolver)
    {
        services.AddSingleton<IDnsLookup>(_ => Lookup(resolver, DnsCaching.None));
        services.AddKeyedSingleton<IDnsLookup>(DnsCaching.ByTtl, (_, _) => Lookup(resolver, DnsCaching.ByTtl));
    }

    private static DnsClientLookup Lookup(IPEndPoint? resolver, DnsCaching caching) => resolver is { } server
        ? DnsClientLookup.Of(server, caching, Patience)
        : DnsClientLookup.OfSystem(caching, Patience);
}
