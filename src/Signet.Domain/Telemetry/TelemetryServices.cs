using Microsoft.Extensions.DependencyInjection;
using Signet.Archive;
using Signet.Queue;

namespace Signet.Telemetry;

internal static class TelemetryServices
{
    public static void Add(IServiceCollection services) => services.AddSingleton<IMessageQueue>(provider => new ObservedQueue(
        provider.GetRequiredKeyedService<IMessageQueue>(QueueServices.Stored),
        provider.GetRequiredService<ArrivalSignal>(),
        provider.GetRequiredService<SignetMetrics>()));
}
