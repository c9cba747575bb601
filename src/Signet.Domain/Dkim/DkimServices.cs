using Microsoft.Extensions.DependencyInjection;

namespace Signet.Dkim;

internal static class DkimServices
{
    public static void Add(IServiceCollection services, SigningKey? serverKey) => services.AddSingleton(provider =>
        new MessageSigner(provider.GetRequiredService<FindDomainKey>(), serverKey, provider.GetRequiredService<TimeProvider>()));
}
