using System.Diagnostics.Metrics;
using Signet.Archive;
using Signet.Queue;
using Signet.Server.Aws;
using Signet.Server.Ses;
using Signet.Storage;
using Signet.Telemetry;
using Signet.Web;

namespace Signet.Server.Hosting;

/// <summary>The composition root: the domain, which puts itself together (<see cref="MailServices"/>), and the AWS APIs over it.</summary>
internal static class Composition
{
    /// <summary>What the domain of a server is opened with.</summary>
    public static MailSystemOptions Options(Settings settings, Uri publicUrl) => new()
    {
        Store = settings.Store,
        Hostname = settings.Hostname,
        MachineName = settings.Hostname,
        PublicUrl = publicUrl,
        DkimZone = settings.DkimZone,
        IsDev = settings.IsDev,
        Console = settings.IsDev ? new Uri(publicUrl, $"{ConsoleHost.Path}/") : null,
        DevKeys = settings.DevKeys,
        Rules = settings.AccountRules,
        Regions = settings.Regions,
        MaxMessageSize = settings.MaxMessageSize,
        Dns = settings.Dns,
        Delivery = new DeliverySettings(
            settings.Routes, settings.MxPort, settings.Dkim is { } dkim ? ServerDkimKey.Load(dkim) : null, settings.AllowsPrivateHosts,
            settings.Retain)
        {
            MaxContent = settings.RetainSize,
            Receivers = SourceAddressCheck.Of(settings.Receivers),
        },
    };

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

    /// <summary>What answers the calls of every service, whose bodies have at most <paramref name="largestBody"/> bytes.</summary>
    public static AwsEndpoint Endpoint(
        MailSystem system, Settings settings, int largestBody, IMeterFactory meters, StoreOutageLog outages, ILogger<AwsEndpoint> logger)
    {
        var signatures = new SigV4(system.Keys.FindAsync, system.Regions, system.Time, settings.DevKeys);
        var memory = BodyBudget.TotalFor(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, largestBody);
        return new AwsEndpoint(
            new CallSteps(
                signatures,
                new UserPermissions(system.Accounts, system.PolicyLibrary, system.Time),
                new BodyBudget(memory, largestBody, system.Time),
                system.Time),
            new RefusedRequests(system.Refusals, signatures, system.Time),
            new AwsMetrics(meters),
            outages,
            system.Time,
            logger);
    }

    /// <summary>The SES API over the domain.</summary>
    public static SesService SesOver(MailSystem system, Settings settings) => new(
        system,
        new SesOptions
        {
            MaxMessageBytes = settings.MaxMessageSize,
            LimitRequests = settings.EnforcesLimits,
            Unlimited = settings.IsDev ? (1_000_000, 1_000) : (-1, -1),
        });
}
