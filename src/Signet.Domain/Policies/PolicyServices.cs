using Microsoft.Extensions.DependencyInjection;

namespace Signet.Policies;

internal static class PolicyServices
{
    public static void Add(IServiceCollection services) => services.AddSingleton<PolicyLibrary>();
}
