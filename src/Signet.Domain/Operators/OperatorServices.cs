using Microsoft.Extensions.DependencyInjection;

namespace Signet.Operators;

internal static class OperatorServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<OperatorPasswords>();
        services.AddSingleton<OperatorRegistry>();
    }
}
