using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signet.Accounts;
using Signet.Archive;
using Signet.Delivery;
using Signet.Dkim;
using Signet.Dns;
using Signet.Identities;
using Signet.Operators;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;
using Signet.Storage;
using Signet.Telemetry;
using Signet.Traffic;

namespace Signet;

/// <summary>Puts the domain together over its store. Each folder registers what it has; this is the list of the folders.</summary>
public static class MailServices
{
    /// <summary>
    /// Opens the store and puts the domain together over it. What has to be read from the store, or to be written into it, for that is
    /// done here: later nothing waits for it.
    /// </summary>
    /// <exception cref="StoreOpenException">The store cannot be opened; nothing in it has been changed.</exception>
    public static async Task<MailSystem> OpenAsync(
        MailSystemOptions options, ArrivalSignal arrivals, SignetMetrics metrics, ILoggerFactory loggers, TimeProvider time, CancellationToken cancel)
    {
        var store = await OpenedStore.OpenAsync(options, time, loggers, cancel);
        ServiceProvider services;
        try
        {
            services = Register(options, store, arrivals, metrics, loggers, time).BuildServiceProvider();
        }
        catch
        {
            await store.Database.DisposeAsync();
            throw;
        }

        try
        {
            return MailSystem.Of(services);
        }
        catch
        {
            // The container has made the database first, so it closes it.
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>All of the domain.</summary>
    internal static ServiceCollection Register(
        MailSystemOptions options, OpenedStore store, ArrivalSignal arrivals, SignetMetrics metrics, ILoggerFactory loggers, TimeProvider time)
    {
        var services = new ServiceCollection();
        services.AddSingleton(loggers);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton(time);
        services.AddSingleton(SharedRandom());
        services.AddSingleton(arrivals);
        services.AddSingleton(metrics);
        services.AddSingleton(store.Regions);

        var isServer = options.Delivery is not null;
        StorageServices.Add(services, store.Database, showsServerMail: options.IsDev);
        AccountServices.Add(services, store.Rules, options.DevKeys);
        OperatorServices.Add(services);
        PolicyServices.Add(services);
        DnsServices.Add(services, options.Dns);
        DkimServices.Add(services, options.Delivery?.ServerKey);
        QueueServices.Add(services, store.Node, isServer, isAlone: options.Store.Database is null);
        TelemetryServices.Add(services);

        // Plain dev limits nothing.
        SendingServices.Add(
            services,
            new SendingOptions(store.Names.Hostname, options.MaxMessageSize) { Console = options.Console },
            limitsRefusals: store.Rules.Defaults != AccountSettings.Unlimited);

        // The background work of a server starts in the order of these lines. It stops in the opposite one: first what only looks and
        // counts; then nothing more is claimed, what is in memory is delivered, and the results are written.
        DeliveryServices.Add(services, store.Names.Hostname, options.Delivery, metrics.Downgraded);
        IdentityServices.Add(services, Verification(options, store), metrics.DkimLost, isServer);
        ArchiveServices.Add(services, options.Delivery?.Retain, options.Delivery?.MaxContent);
        TrafficServices.Add(services, isServer);
        QueueServices.AddTotals(services, isServer);

        // Delivery and Dkim do not know each other.
        services.AddSingleton<SignMessage>(provider =>
        {
            var signer = provider.GetRequiredService<MessageSigner>();
            return (message, cancel) => signer.SignAsync(message.Content, message.Layout, message.Sender, cancel);
        });
        return services;
    }

    private static VerificationOptions Verification(MailSystemOptions options, OpenedStore store) => new()
    {
        AtOnce = store.Rules.VerifiesAtOnce,
        IsVouched = options.Vouches,
        Hostname = store.Names.Hostname,
        DkimZone = store.Names.DkimZone,
        ConfirmationUrl = new Uri(
            options.PublicUrl ?? new Uri($"http://{store.Names.Hostname}:8025"), VerificationOptions.ConfirmationPath),
    };

#pragma warning disable RS0030 // The one place where chance comes into the program.
    private static Random SharedRandom() => Random.Shared;
#pragma warning restore RS0030
}
