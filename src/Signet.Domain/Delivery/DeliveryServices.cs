using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signet.Addresses;
using Signet.Dns;
using Signet.Queue;
using Signet.Smtp;

namespace Signet.Delivery;

internal static class DeliveryServices
{
    /// <param name="services">Gets them.</param>
    /// <param name="hostname">Our name in EHLO and in events.</param>
    /// <param name="settings">Null for a command: it captures nothing and delivers nothing.</param>
    /// <param name="downgraded">See <see cref="ConnectionOpener"/>.</param>
    public static void Add(IServiceCollection services, DomainName hostname, DeliverySettings? settings, Action downgraded)
    {
        services.AddSingleton(provider => new ResultFactory(
            hostname.Value, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<Random>()));
        services.AddSingleton(provider => new CaptureRoute(settings?.Routes ?? [], provider.GetRequiredService<ResultFactory>()));
        services.AddSingleton<CaptureMessage>(provider => provider.GetRequiredService<CaptureRoute>().Capture);
        if (settings is null)
        {
            return;
        }

        AddWayOut(services, hostname, settings, downgraded);
        services.AddSingleton<Claims>();
        services.AddSingleton<OutcomeWriter>();
        services.AddSingleton<DestinationRecorder>();
        services.AddSingleton<DeliveryWorker>();
        services.AddSingleton(provider => new Heartbeat(
            provider.GetRequiredService<INodes>(), provider.GetRequiredService<Node>(), provider.GetRequiredService<AliveNodes>(),
            () => provider.GetRequiredService<DeliveryWorker>().Forget(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Heartbeat>>()));

        // In this order, see MailServices.
        services.AddHostedService(provider => provider.GetRequiredService<Heartbeat>());
        services.AddHostedService(provider => provider.GetRequiredService<Claims>());
        services.AddHostedService(provider => provider.GetRequiredService<OutcomeWriter>());
        services.AddHostedService(provider => provider.GetRequiredService<DestinationRecorder>());
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryWorker>());
        services.AddHostedService<RequestLoop>();
        services.AddHostedService<ClaimLoop>();
        services.AddHostedService<ExpiryLoop>();
        services.AddHostedService<SuspensionUpkeep>();
    }

    private static void AddWayOut(IServiceCollection services, DomainName hostname, DeliverySettings settings, Action downgraded)
    {
        services.AddSingleton(provider => new MxResolver(
            provider.GetRequiredKeyedService<IDnsLookup>(DnsCaching.ByTtl),
            hostname,
            settings.AllowsPrivateHosts ? _ => true : PublicAddresses.Contains,
            provider.GetRequiredService<Random>()));
        services.AddSingleton(provider => new HostFinder(
            provider.GetRequiredService<MxResolver>(), settings.MxPort, System.Net.Dns.GetHostAddressesAsync));
        services.AddSingleton(provider => new ConnectionOpener(
            ConnectionOpener.DialAsync, hostname.Value, SmtpTimeouts.Default, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ConnectionOpener>>(), downgraded));
        services.AddSingleton(provider => new DeliveryOptions
        {
            Routes = settings.Routes,
            Hosts = provider.GetRequiredService<HostFinder>(),
            Connector = provider.GetRequiredService<ConnectionOpener>(),
            Results = provider.GetRequiredService<ResultFactory>(),
            ReadContent = provider.GetRequiredService<IMessageQueue>().ReadContentAsync,
            MayBegin = () => provider.GetRequiredService<Heartbeat>().IsAlive,
            Receivers = settings.Receivers,
            Chance = provider.GetRequiredService<Random>().NextDouble,
            NoteHosts = provider.GetRequiredService<DestinationRecorder>().Note,
            Sign = provider.GetRequiredService<SignMessage>(),
        });
    }
}
