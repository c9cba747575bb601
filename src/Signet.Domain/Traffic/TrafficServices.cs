using Microsoft.Extensions.DependencyInjection;

namespace Signet.Traffic;

internal static class TrafficServices
{
    public static void Add(IServiceCollection services, bool isServer)
    {
        if (isServer)
        {
            services.AddHostedService<TrafficCounting>();
        }
    }
}
