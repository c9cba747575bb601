using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Signet.Accounts;
using Signet.Archive;
using Signet.Delivery;
using Signet.Queue;
using Signet.Server.Inspection;
using Signet.Server.Ses;
using Signet.Telemetry;
using Signet.Web;

namespace Signet.Server.Hosting;

/// <summary>
/// A Signet that runs: <c>dev</c> or <c>serve</c>. Starting opens the store, starts the background work and then the listeners;
/// stopping goes the other way, and gives what is under way <see cref="Patience"/> to end.
/// </summary>
internal sealed class ServerHost : IAsyncDisposable
{
    /// <summary>How long a stop waits for requests and deliveries that are under way.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The category of what a start says.</summary>
    internal const string LogName = "signet";

    // Of a store that took any name as a region there may be thousands.
    private const int MostRegionsNamed = 10;

    private readonly Settings settings;
    private readonly IHost app;
    private readonly MailSystem system;
    private readonly SignetMetrics metrics;
    private readonly Listeners listeners;

    private readonly LogThreshold threshold;
    private readonly ILoggerFactory loggers;
    private readonly IDisposable directory;

    private ServerHost(
        Settings settings,
        IHost app,
        MailSystem system,
        SignetMetrics metrics,
        Listeners listeners,
        LogThreshold threshold,
        ILoggerFactory loggers,
        IDisposable directory)
    {
        this.threshold = threshold;
        this.directory = directory;
        this.loggers = loggers;
        this.settings = settings;
        this.app = app;
        this.system = system;
        this.metrics = metrics;
        this.listeners = listeners;
    }

    /// <summary>What each listener answers at.</summary>
    public IReadOnlyList<(ListenerRole Role, Uri Url)> Urls => listeners.Urls;

    /// <summary>What a start prints.</summary>
    public IEnumerable<string> StartLines => Hosting.StartLines.For(settings, Urls);

    /// <summary>Starts; when the task ends every listener answers.</summary>
    /// <exception cref="StartException">Something is in the way; everything that had been started is stopped again.</exception>
    public static async Task<ServerHost> StartAsync(
        Settings settings, SettingsSurroundings surroundings, OpenMailSystem open, TimeProvider time, CancellationToken cancel)
    {
        DataDirectory.Prepare(settings.Store.Data);
        var directory = DataDirectory.Lock(settings.Store.Data);
        Listeners listeners;
        try
        {
            listeners = Listeners.Bind(settings);
        }
        catch
        {
            directory.Dispose();
            throw;
        }

        var arrivals = new ArrivalSignal();
        var metrics = new SignetMetrics();
        var threshold = new LogThreshold(settings.LogLevel);
        var loggers = Logging.Create(threshold, settings.LogFormat, time, surroundings.OpenLog);
        MailSystem system;
        try
        {
            system = await open(Options(settings, listeners), arrivals, metrics, loggers, cancel);
        }
        catch
        {
            listeners.Dispose();
            metrics.Dispose();
            loggers.Dispose();
            directory.Dispose();
            throw;
        }

        var app = Build(settings, surroundings, listeners, system, metrics, loggers);
        var host = new ServerHost(settings, app, system, metrics, listeners, threshold, loggers, directory);
        try
        {
            await host.WarnOfRegionsAsync(cancel);
            await app.StartAsync(cancel);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        metrics.Begin();
        host.Warn();
        return host;
    }

    /// <summary>
    /// Reads again what may change while the server runs: the level of the log, and the certificate from the files that the server started
    /// with. What cannot be read stays as it is, and the log says why.
    /// </summary>
    /// <param name="read">Reads all settings.</param>
    public void ReadAgain(Func<Settings> read)
    {
        var logger = loggers.CreateLogger(LogName);
        Try(() => threshold.Level = read().LogLevel);
        Try(listeners.ReadCertificateAgain);
        Log.ReadAgain(logger, threshold.Level);

        void Try(Action part)
        {
            try
            {
                part();
            }
            catch (Exception exception) when (exception is SettingsException or StartException)
            {
                Log.NotReadAgain(logger, exception.Message);
            }
        }
    }

    /// <summary>Ends when the process is stopped (Ctrl-C, SIGTERM) or <paramref name="cancel"/> is, and all has stopped.</summary>
    /// <exception cref="StartException">The stop was not requested: background work failed, and a supervisor should restart it.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        await app.WaitForShutdownAsync(cancel);
        var broken = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().FirstOrDefault(s => s.ExecuteTask is { IsFaulted: true });
        if (broken is not null)
        {
            throw new StartException("signet stopped because its background work failed; the log says why", broken.ExecuteTask!.Exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await ((IAsyncDisposable)app).DisposeAsync();
        await system.DisposeAsync();
        listeners.Dispose();
        metrics.Dispose();
        loggers.Dispose();
        directory.Dispose();
    }

    private static MailSystemOptions Options(Settings settings, Listeners listeners) => new()
    {
        Store = settings.Store,
        Hostname = settings.Hostname,
        MachineName = settings.Hostname,
        PublicUrl = listeners.PublicUrl,
        DkimZone = settings.DkimZone,
        IsDev = settings.IsDev,
        Console = settings.IsDev && listeners.PublicUrl is { } url ? new Uri(url, $"{ConsoleHost.Path}/") : null,
        DevKeys = settings.DevKeys,
        Rules = settings.AccountRules,
        Regions = settings.Regions,
        MaxMessageSize = settings.MaxMessageSize,
        Dns = settings.Dns,
        Delivery = new DeliverySettings(
            settings.Routes, settings.MxPort, settings.Dkim is { } dkim ? ServerDkimKey.Load(dkim) : null, settings.AllowsPrivateHosts,
            settings.Retain),
    };

    private static IHost Build(
        Settings settings,
        SettingsSurroundings surroundings,
        Listeners listeners,
        MailSystem system,
        SignetMetrics metrics,
        ILoggerFactory loggers)
    {
        // Not `WebApplication`: it puts the authentication that the console needs before every request, those of the SES API too. No other
        // file or variable than ours changes what Signet does.
        var builder = new HostBuilder();
        TelemetryExport.Add(builder, surroundings);
        builder.ConfigureServices(services =>
        {
            services.Configure<SocketTransportOptions>(listeners.Configure);
            services.Configure<HostOptions>(o => o.ShutdownTimeout = Patience);
            services.AddSingleton<IMemoryPoolFactory<byte>, ReceiveBlocks>();
            services.AddSingleton(loggers);
            services.AddRouting();
            services.AddSingleton(settings);
            services.AddSingleton(system);
            services.AddSingleton(system.Time);
            services.AddSingleton(system.Queue);
            services.AddSingleton(metrics);
            services.AddSingleton<StoreOutageLog>();
            services.AddHostedService<ThreadRelief>();
            foreach (var work in system.BackgroundWork)
            {
                services.AddSingleton(work);
            }

            InspectionEndpoints.Add(services);
            ConsoleHost.Add(
                services,
                new ConsoleFacts(settings.IsDev, settings.Hostname, settings.Routes, settings.AllowsPrivateHosts),
                settings.External);
        });

        // Last, so that the listeners answer when all else runs.
        builder.ConfigureWebHost(
            web => web
                .UseSetting(WebHostDefaults.ApplicationKey, "signet")
                .UseKestrelCore().ConfigureKestrel(listeners.Configure)
                .Configure(app => Use(app, settings, system)),
            options => options.SuppressEnvironmentConfiguration = true);
        return builder.Build();
    }

    /// <summary>What a request passes, in this order.</summary>
    private static void Use(IApplicationBuilder app, Settings settings, MailSystem system)
    {
        var services = app.ApplicationServices;
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        TrustedProxies.Use(app, settings.TrustedProxies, IsMain);
        RequestGuard.Use(app);
        StrictTransport.Use(app);
        CrossSiteGuard.Use(app, settings.IsDev, settings.AllowedHosts);
        var outages = services.GetRequiredService<StoreOutageLog>();
        var ses = Composition.SesOver(
            system, settings, services.GetRequiredService<IMeterFactory>(), outages, services.GetRequiredService<ILogger<SesEndpoint>>());
        OtherServices.Use(app, IsMain);
        SesRoutes.UseCalls(app, ses, IsMain);
        StoreGuard.Use(app, outages);
        FrontPage.Use(app);
        ConsoleGate.Use(app, settings.IsDev, settings.PublicUrl);
        InspectionGuard.Use(app, settings.IsDev, outages);
        TelemetryExport.Use(app);

        // After the console, whose first page need not wait until the paths below are made.
        app.UseRouting();
        SesRoutes.UseForTheRest(app, ses, context => IsMain(context) && !CrossSiteGuard.MayBeLinked(context.Request.Path));
        InspectionGuard.UseForTheRest(app);
        app.UseEndpoints(paths =>
        {
            TelemetryExport.Map(paths);
            Health.Map(paths, system.CheckStoreAsync, system.Time, outages);
            InspectionEndpoints.Map(paths, new Inbox(system.Archive, system.Arrivals, system.Time, stopping), system, settings.IsDev);
            paths.MapGet("/_signet", FrontPage.ShowAsync).ExcludeFromDescription();
            paths.MapSesV2();
        });

        static bool IsMain(HttpContext context) => Listener.Of(context).Role == ListenerRole.Main;
    }

    private async Task WarnOfRegionsAsync(CancellationToken cancel)
    {
        var used = await system.AccountStore.ListRegionsInUseAsync(cancel);
        RegionUse[] unserved = [.. used.Where(u => !system.Regions.Contains(u.Region))];
        if (unserved.Length > 0)
        {
            var names = string.Join(", ", unserved.Take(MostRegionsNamed).Select(u => u.Region));
            Log.UnservedRegions(
                loggers.CreateLogger(LogName),
                unserved.Length > MostRegionsNamed ? $"{names} and {unserved.Length - MostRegionsNamed} more" : names,
                unserved.Sum(u => u.Identities),
                unserved.Sum(u => u.Settings));
        }
    }

    private void Warn()
    {
        var logger = loggers.CreateLogger(LogName);
        foreach (var variable in settings.PassedOver)
        {
            Log.VariablePassedOver(logger, variable);
        }

        if (!settings.AllowedHosts.IsEmpty)
        {
            Log.HostsAllowed(logger, settings.AllowedHosts.ToString());
        }

        if (!settings.HasFullHostname && settings.Routes.Any(r => r.Target is not RouteTarget.Capture))
        {
            Log.ShortHostname(logger, settings.Hostname.Value);
        }

        foreach (var (role, url) in listeners.Reachable)
        {
            switch (role)
            {
                case ListenerRole.Main when settings.IsDev:
                    Log.OpenDev(logger, url.Authority);
                    break;
                case ListenerRole.Main when url.Scheme == Uri.UriSchemeHttp:
                    Log.NoTls(logger, url.Authority);
                    break;
                case ListenerRole.Main:
                    break;
                case ListenerRole.Inspection:
                    Log.OpenInspection(logger, url.Authority);
                    break;
                default:
                    throw new UnreachableException($"{role}");
            }
        }
    }
}
