using System.Diagnostics.Metrics;
using Signet.Archive;
using Signet.Queue;
using Signet.Server.Aws;
using Signet.Server.Ses;
using Signet.Storage;
using Signet.Telemetry;

namespace Signet.Server.Hosting;

/// <summary>The composition root: the domain, which puts itself together (<see cref="MailServices"/>), and the SES API over it.</summary>
internal static class Composition
{
    /// <inheritdoc cref="OpenMailSystem"/>
    public static Task<MailSystem> OpenAsync(
        MailSystemOptions options, ArrivalSignal arrivals, SignetMetrics metrics, ILoggerFactory loggers, CancellationToken cancel) =>
        OpenAsync(options, arrivals, metrics, loggers, TimeProvider.System, cancel);

    /// <summary>The same by another clock.</summary>
    public static async Task<MailSystem> OpenAsync(
        MailSystemOptions options, ArrivalSignal arrivals, SignetMetrics metrics, ILoggerFactory loggers, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            return await MailServices.OpenAsync(options, arrivals, metrics, loggers, time, cancel);
        }
        catch (StoreOpenException e)
        {
            throw new StartException(e.Message, e);
        }
    }

    /// <summary>The SES API over the domain.</summary>
    public static SesEndpoint SesOver(
        MailSystem system, Settings settings, IMeterFactory meters, StoreOutageLog outages, ILogger<SesEndpoint> logger) => new(
            new SigV4(system.Keys.FindAsync, system.Regions, system.Time, settings.DevKeys),
            system,
            new UserPermissions(system.Accounts, system.PolicyLibrary, system.Time),
            new SesOptions
            {
                MaxMessageBytes = settings.MaxMessageSize,
                BodyMemory = BodyBudget.TotalFor(
                    GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, RequestBody.Bound(settings.MaxMessageSize)),
                LimitRequests = settings.EnforcesLimits,
                Unlimited = settings.IsDev ? (1_000_000, 1_000) : (-1, -1),
            },
            new SesMetrics(meters),
            outages,
            logger);
}
