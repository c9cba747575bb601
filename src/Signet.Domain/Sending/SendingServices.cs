using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signet.Accounts;
using Signet.Identities;
using Signet.Sending.Limits;

namespace Signet.Sending;

internal static class SendingServices
{
    public static void Add(IServiceCollection services, SendingOptions options, bool limitsRefusals)
    {
        services.AddSingleton(options);
        services.AddSingleton<SendRate>();
        services.AddSingleton<SendAuthorization>();
        services.AddSingleton<PastDecisions>();
        services.AddSingleton<Submission>();
        if (limitsRefusals)
        {
            services.AddSingleton<RefusalLimit>();
        }

        services.AddSingleton(provider => new RefusalLog(
            provider.GetRequiredService<ISendingHistory>(), provider.GetService<RefusalLimit>(), options.Console,
            provider.GetRequiredService<ILogger<RefusalLog>>()));

        // The registry of identities sends confirmation mails by Submission, and Submission asks the registry about identities: one of the
        // two has to be found later, when the first mail is sent.
        services.AddSingleton<SendConfirmation>(provider =>
            (mail, cancel) => provider.GetRequiredService<Submission>().SendAsync(mail, cancel));
        services.AddSingleton<IsAccountPaused>(provider => provider.GetRequiredService<AccountRegistry>().IsPausedAsync);
    }
}
