using System.Diagnostics.Metrics;
using System.Net;
using Signet.Accounts;
using Signet.Addresses;
using Signet.Archive;
using Signet.Delivery;
using Signet.Dkim;
using Signet.Dns;
using Signet.Identities;
using Signet.Names;
using Signet.Operators;
using Signet.Policies;
using Signet.Queue;
using Signet.Sending;
using Signet.Sending.Limits;
using Signet.Server.Aws;
using Signet.Server.Inspection;
using Signet.Server.Ses;
using Signet.Smtp;
using Signet.Storage;
using Signet.Telemetry;
using Signet.Traffic;
using Signet.Web;
using Signet.Web.Shell;

namespace Signet.Server.Hosting;

/// <summary>
/// The composition root: the one place that names the types of the store and puts the domain together over it. Everything else
/// gets what it needs handed in.
/// </summary>
internal static class Composition
{
    /// <summary>The SQLite file in the data directory.</summary>
    public const string DatabaseFile = "signet.db";

    /// <summary>The file in the data directory with the key that secrets are sealed with.</summary>
    public const string KeyFile = MasterKey.FileName;

    // Messages that are accepted and wait in memory for delivery; more wait in the store.
    private const int WindowMessages = 4_096;

    private static readonly TimeSpan DnsPatience = TimeSpan.FromSeconds(5);

    /// <inheritdoc cref="OpenMailSystem"/>
    public static Task<MailSystem> OpenAsync(
        MailSystemOptions options, ArrivalSignal arrivals, SignetMetrics metrics, ILoggerFactory loggers, CancellationToken cancel) =>
        OpenAsync(options, arrivals, metrics, loggers, TimeProvider.System, cancel);

    /// <summary>The same by another clock.</summary>
    public static async Task<MailSystem> OpenAsync(
        MailSystemOptions options, ArrivalSignal arrivals, SignetMetrics metrics, ILoggerFactory loggers, TimeProvider time, CancellationToken cancel)
    {
        var database = await OpenDatabaseAsync(
            options.Store,
            new DatabaseOptions
            {
                Connections = options.Store.Connections,
                Patience = options.Delivery is null ? Timeout.InfiniteTimeSpan : DatabaseOptions.ServerPatience,
                MustExist = options.StoreMustExist,
                Time = time,
                Logger = loggers.CreateLogger<Database>(),
            },
            cancel);
        var identityStore = new SqlIdentityStore(database);
        var policies = new SqlPolicyStore(database);
        var accountStore = new SqlAccountStore(database);
        var history = new SqlSendingHistory(database);
        var names = await NamesAsync(identityStore, options, loggers, cancel);
        var node = Node.ForThisProcess(names.Hostname.Value);
        var queue = new ObservedQueue(new SqlMessageQueue(database), arrivals, metrics);
        if (options.Delivery is not null && options.Store.Database is null)
        {
            // A SQLite store belongs to one server: whatever is leased was leased by one that is gone.
            var now = time.GetUtcNow();
            await queue.ReleaseAllAsync(now, node.LeaseFrom(now).Until, cancel);
        }

        var passwords = new OperatorPasswords();
        var rules = await RulesAsync(accountStore, options, cancel);
        var regions = await RegionsAsync(accountStore, options, cancel);
        var accounts = new AccountRegistry(accountStore, rules, time);
        var verification = Verification(options, names, rules);

        // The registry sends confirmation mails by Submission, and Submission asks the registry about identities: one of the two has to know
        // the other later.
        Submission? submission = null;
        var identities = new IdentityRegistry(
            identityStore,
            verification,
            (mail, token) => submission!.SendAsync(mail, token),
            accounts.IsPausedAsync,
            time,
            loggers.CreateLogger<IdentityRegistry>());
        var library = new PolicyLibrary();
        var authorization = new SendAuthorization(identities, identityStore, policies, accounts, library);
        var checks = new IdentityChecks(
            identityStore, Lookup(options, DnsCaching.None), verification, time, loggers.CreateLogger<IdentityChecks>(), metrics.DkimLost);
        var queueControl = new SqlQueueControl(database, time);
        var window = new DeliveryWindow(options.Delivery is not null ? WindowMessages : 0);

        // Plain dev limits nothing.
        var refusalLimit = rules.Defaults == AccountSettings.Unlimited
            ? null
            : new RefusalLimit(time, loggers.CreateLogger<RefusalLimit>());
        var sending = SendingOptions(options, names, time);
        var refusals = new RefusalLog(history, refusalLimit, sending.Console, loggers.CreateLogger<RefusalLog>());
        submission = new Submission(
            authorization, accounts, new SendRate(time), refusals, queue, window, node, sending, time, SharedRandom(),
            loggers.CreateLogger<Submission>());

        return new MailSystem
        {
            AccountStore = accountStore,
            Accounts = accounts,
            Regions = regions,
            Keys = new AccessKeys(accountStore, options.DevKeys),
            Operators = new OperatorRegistry(new SqlOperatorStore(database), accountStore, passwords, time),
            SessionKeys = new SqlSessionKeyStore(database),
            IdentityStore = identityStore,
            Identities = identities,
            VerifiesAtOnce = verification.AtOnce,
            CheckIdentityAsync = checks.CheckAsync,
            PolicyStore = policies,
            IdentityPolicies = new IdentityPolicies(identityStore, policies),
            PolicyLibrary = library,
            Queue = queue,
            QueueControl = queueControl,
            Archive = new SqlMessageArchive(database, showsServerMail: options.IsDev),
            History = history,
            Refusals = refusals,
            Traffic = new SqlTrafficStore(database),
            Submission = submission,
            DecideAsync = authorization.DecideAsync,
            DecideWithAsync = authorization.DecideWithAsync,
            ConfirmAsync = identities.ConfirmAsync,
            AddTo = services =>
            {
                AddBackgroundWork(
                    services, options, names, queue, queueControl, node, window, identities, verification.AtOnce ? null : checks, metrics, time,
                    loggers);
                services.AddHostedService(_ =>
                    new SearchIndexing(new SqlSearchIndex(database), arrivals, time, loggers.CreateLogger<SearchIndexing>()));
                services.AddHostedService(_ =>
                    new TrafficCounting(new SqlTrafficCounter(database), time, loggers.CreateLogger<TrafficCounting>()));
            },
            CheckStoreAsync = token => database.CheckAsync(time.GetUtcNow(), token),
            CloseAsync = () =>
            {
                refusalLimit?.Dispose();
                passwords.Dispose();
                return database.DisposeAsync();
            },
        };
    }

    private static async Task<Database> OpenDatabaseAsync(StoreSettings store, DatabaseOptions options, CancellationToken cancel)
    {
        try
        {
            var secrets = store.SecretKey is { } key ? new SecretBox(key) : SecretBox.WithKeyIn(store.Data);
            return store.Database is { } connection
                ? await Database.OpenPostgresAsync(connection, secrets, options, cancel)
                : await Database.OpenSqliteAsync(Path.Combine(store.Data, DatabaseFile), secrets, options, cancel);
        }
        catch (StoreOpenException e)
        {
            throw new StartException(e.Message, e);
        }
    }

    private static async Task<AccountRules> RulesAsync(SqlAccountStore store, MailSystemOptions options, CancellationToken cancel)
    {
        if (options.Rules is not { } rules)
        {
            return await store.FindRulesAsync(cancel) ?? AccountRules.Serve;
        }

        await store.PutRulesAsync(rules, cancel);
        return rules;
    }

    // Only a server stores its regions. A command may be given others, to look at a region that is no longer served.
    private static async Task<RegionSet> RegionsAsync(SqlAccountStore store, MailSystemOptions options, CancellationToken cancel)
    {
        if (options is { Regions: { } regions, Rules: not null })
        {
            await store.PutRegionsAsync(regions, cancel);
        }

        return options.Regions ?? await store.FindRegionsAsync(cancel) ?? RegionSet.Aws;
    }

    // Only a server stores its names. A command may be given others, for that call.
    private static async Task<ServerNames> NamesAsync(
        SqlIdentityStore store, MailSystemOptions options, ILoggerFactory loggers, CancellationToken cancel)
    {
        var stored = await store.FindServerNamesAsync(cancel);
        var kept = options.Rules is null ? stored : null;
        var hostname = options.Hostname ?? kept?.Hostname ?? options.MachineName;
        var names = new ServerNames(hostname, options.DkimZone ?? kept?.DkimZone ?? ServerNames.ZoneOf(hostname));
        if (options.Rules is not null)
        {
            if (stored is not null && stored.DkimZone != names.DkimZone)
            {
                Log.ZoneChanged(loggers.CreateLogger(ServerHost.LogName), names.DkimZone.Value, stored.DkimZone.Value);
            }

            await store.PutServerNamesAsync(names, cancel);
        }

        return names;
    }

    private static VerificationOptions Verification(MailSystemOptions options, ServerNames names, AccountRules rules) => new()
    {
        AtOnce = rules.VerifiesAtOnce,
        IsVouched = options.Vouches,
        Hostname = names.Hostname,
        DkimZone = names.DkimZone,
        ConfirmationUrl = new Uri(options.PublicUrl ?? new Uri($"http://{names.Hostname}:8025"), ConfirmPage.Path),
    };

    // They stop in the opposite order: nothing more is leased, what is in memory is delivered, the results are written.
    private static void AddBackgroundWork(
        IServiceCollection services,
        MailSystemOptions options,
        ServerNames names,
        IMessageQueue queue,
        IOperatorRequests requests,
        Node node,
        DeliveryWindow window,
        IdentityRegistry identities,
        IdentityChecks? checks,
        SignetMetrics metrics,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        var settler = new Settler(queue, node, time, loggers.CreateLogger<Settler>());
        services.AddHostedService(_ => settler);
        if (options.Delivery is { } delivery)
        {
            var signer = new MessageSigner(identities.FindSigningKeyAsync, delivery.ServerKey, time);
            var leases = new Leases(queue, node, time, loggers.CreateLogger<Leases>());
            var worker = new DeliveryWorker(
                window, DeliveryOptions(options, names, delivery, signer, queue, metrics, time, loggers), settler, leases, time,
                loggers.CreateLogger<DeliveryWorker>());
            services.AddHostedService(_ => worker);
            services.AddHostedService(_ => new RequestLoop(requests, worker, leases, node, time, loggers.CreateLogger<RequestLoop>()));
            services.AddHostedService(_ => new LeaseLoop(queue, window, worker, node, time, loggers.CreateLogger<LeaseLoop>()));
        }

        if (checks is not null)
        {
            services.AddHostedService(_ => checks);
        }
    }

    private static SendingOptions SendingOptions(MailSystemOptions options, ServerNames names, TimeProvider time)
    {
        var sending = new SendingOptions(names.Hostname, options.MaxMessageSize);
        if (options.Delivery is not { } delivery)
        {
            return sending;
        }

        var results = new Signet.Delivery.Results(names.Hostname.Value, time, SharedRandom());
        return sending with
        {
            Capture = message => CaptureRoute.Capture(message, delivery.Routes, results),
            Console = options is { IsDev: true, PublicUrl: { } url } ? new Uri(url, $"{ConsoleHost.Path}/") : null,
        };
    }

    private static DeliveryOptions DeliveryOptions(
        MailSystemOptions options, ServerNames names, DeliverySettings delivery, MessageSigner signer, IMessageQueue queue,
        SignetMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        var exchangers = new MxResolver(
            Lookup(options, DnsCaching.ByTtl), names.Hostname, delivery.AllowsPrivateHosts ? _ => true : PublicAddresses.Contains, SharedRandom());
        return new DeliveryOptions
        {
            Routes = delivery.Routes,
            Hosts = new HopHosts(exchangers, delivery.MxPort, System.Net.Dns.GetHostAddressesAsync),
            Connector = new HopConnector(
                HopConnector.DialAsync, names.Hostname.Value, SmtpTimeouts.Default, time, loggers.CreateLogger<HopConnector>(), metrics.Downgraded),
            Results = new Signet.Delivery.Results(names.Hostname.Value, time, SharedRandom()),
            ReadContent = queue.ReadContentAsync,
            Sign = (message, cancel) => signer.SignAsync(message.Content, message.Sender, cancel),
        };
    }

    private static DnsClientLookup Lookup(MailSystemOptions options, DnsCaching caching) => Lookup(options.Dns, caching);

    private static DnsClientLookup Lookup(IPEndPoint? resolver, DnsCaching caching) => resolver is { } server
        ? DnsClientLookup.Of(server, caching, DnsPatience)
        : DnsClientLookup.OfSystem(caching, DnsPatience);

#pragma warning disable RS0030 // The one place where chance comes into the program.
    private static Random SharedRandom() => Random.Shared;
#pragma warning restore RS0030

    /// <summary>The console over the domain.</summary>
    public static ConsoleDomain ConsoleOver(
        MailSystem system, Settings settings, ArrivalSignal arrivals, TimeProvider time, ILoggerFactory loggers, CancellationToken stopping) => new()
        {
            Archive = system.Archive,
            Arrivals = arrivals,
            Queue = system.QueueControl,
            History = system.History,
            IdentityStore = system.IdentityStore,
            Identities = system.Identities,
            CheckIdentityAsync = system.CheckIdentityAsync,
            Policies = system.PolicyStore,
            IdentityPolicies = system.IdentityPolicies,
            Accounts = system.Accounts,
            Dns = Lookup(settings.Dns, DnsCaching.None),
            DecideAsync = system.DecideAsync,
            DecideWithAsync = system.DecideWithAsync,
            AcceptAsync = system.Submission.AcceptAsync,
            Operators = system.Operators,
            SessionKeys = system.SessionKeys,
            Traffic = system.Traffic,
            Acts = new ActLog(loggers.CreateLogger<ActLog>()),
            Time = time,
            Stopping = stopping,
            Facts = new ConsoleFacts(
                settings.IsDev, settings.Hostname, system.VerifiesAtOnce, settings.Routes, settings.AllowsPrivateHosts, system.Regions),
        };

    /// <summary>The SES API over the domain.</summary>
    public static SesEndpoint SesOver(
        MailSystem system, Settings settings, IMeterFactory meters, StoreOutageLog outages, TimeProvider time, ILoggerFactory loggers) =>
        new(
            new SigV4(system.Keys.FindAsync, system.Regions, time, settings.DevKeys),
            new SesDomain
            {
                Identities = system.Identities,
                IdentityStore = system.IdentityStore,
                Policies = system.PolicyStore,
                IdentityPolicies = system.IdentityPolicies,
                Accounts = system.Accounts,
                History = system.History,
                Accept = system.Submission.AcceptAsync,
                Time = time,
                Unlimited = settings.IsDev ? (1_000_000, 1_000) : (-1, -1),
            },
            new UserPermissions(system.Accounts, system.PolicyLibrary, time),
            system.Refusals,
            new SesOptions
            {
                MaxMessageBytes = settings.MaxMessageSize,
                BodyMemory = BodyBudget.TotalFor(
                    GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, RequestBody.Bound(settings.MaxMessageSize)),
                LimitRequests = settings.EnforcesLimits,
            },
            new SesMetrics(meters),
            outages,
            time,
            loggers.CreateLogger<SesEndpoint>());
}
