using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signet.Queue;

namespace Signet.Archive;

internal static class ArchiveServices
{
    /// <param name="services">Gets the background work.</param>
    /// <param name="retain">How long a server keeps contents; null for a command, which works at nothing in the background.</param>
    /// <param name="maxContent">Bytes of contents that a server keeps at most; null for no limit.</param>
    public static void Add(IServiceCollection services, TimeSpan? retain, long? maxContent)
    {
        if (retain is not { } kept)
        {
            return;
        }

        services.AddHostedService(provider => new Retention(
            provider.GetRequiredService<IMessageArchive>(), kept, maxContent, provider.GetRequiredService<Duties>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Retention>>()));
        services.AddHostedService<SearchIndexing>();
    }
}
