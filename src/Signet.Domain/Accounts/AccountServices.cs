using Microsoft.Extensions.DependencyInjection;

namespace Signet.Accounts;

internal static class AccountServices
{
    public static void Add(IServiceCollection services, AccountRules rules, DevKeys devKeys)
    {
        services.AddSingleton(rules);
        services.AddSingleton<AccountRegistry>();
        services.AddSingleton(provider => new AccessKeys(provider.GetRequiredService<IAccountStore>(), devKeys));
    }
}
