using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signet.Dkim;
using Signet.Dns;
using Signet.Queue;

namespace Signet.Identities;

internal static class IdentityServices
{
    public static void Add(IServiceCollection services, VerificationOptions options, Action dkimLost, bool isServer)
    {
        services.AddSingleton(options);
        services.AddSingleton<IdentityRegistry>();
        services.AddSingleton<FindDomainKey>(provider => provider.GetRequiredService<IdentityRegistry>().FindSigningKeyAsync);
        services.AddSingleton<IdentityPolicies>();
        services.AddSingleton(provider => new IdentityChecks(
            provider.GetRequiredService<IIdentityStore>(),
            provider.GetRequiredService<IDnsLookup>(),
            options,
            provider.GetRequiredService<Duties>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<IdentityChecks>>(),
            dkimLost));
        if (isServer && !options.AtOnce)
        {
            services.AddHostedService(provider => provider.GetRequiredService<IdentityChecks>());
        }
    }
}
