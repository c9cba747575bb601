using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Signet.Archive;
using Signet.Queue;
using Signet.Server.Inspection;
using Signet.Telemetry;
using Signet.Web;

namespace Signet.Server.Hosting;

/// <summary>
/// A Signet that runs: <c>dev</c> or <c>serve</c>. Starting opens the store, starts the background work and then the listeners;
/// stopping goes the other way, and gives what is under way <see cref="Patience"/> to end.
/// </summary>
internal sealed class ServerHost(
    Settings settings,
    IHost app,
    MailSystem system,
    SignetMetrics metrics,
    Listeners listeners,
    LogThreshold threshold,
    ILoggerFactory loggers,
    OpenedParts parts) : IAsyncDisposable
{
    /// <summary>How long a stop waits for requests and deliveries that are under way.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The category of what a start says.</summary>
    internal const string LogName = "signet";

    /// <summary>What each listener answers at.</summary>
    public IReadOnlyList<(ListenerRole Role, Uri Url)> Urls => listeners.Urls;

    /// <summary>What a start prints.</summary>
    public IEnumerable<string> StartLines => Hosting.StartLines.For(settings, Urls);

    /// <summary>Starts; when the task ends every listener answers.</summary>
    /// <exception cref="StartException">Something is in the way; everything that had been started is stopped again.</exception>
    public static async Task<ServerHost> StartAsync(
        Settings settings, SettingsSurroundings surroundings, OpenMailSystem open, TimeProvider time, CancellationToken cancel)
    {
        var host = await OpenAsync(settings, surroundings, open, time, cancel);
        try
        {
            await host.BeginAsync(cancel);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
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
        await parts.DisposeAsync();
    }

    private static async Task<ServerHost> OpenAsync(
        Settings settings, SettingsSurroundings surroundings, OpenMailSystem open, TimeProvider time, CancellationToken cancel)
    {
        DataDirectory.Prepare(settings.Store.Data);
        var parts = new OpenedParts();
        try
        {
            parts.Add(DataDirectory.Lock(settings.Store.Data));
            var threshold = new LogThreshold(settings.LogLevel);
            var loggers = parts.Add(Logging.Create(threshold, settings.LogFormat, time, surroundings.OpenLog));
            var metrics = parts.Add(new SignetMetrics());
            var listeners = parts.Add(Listeners.Bind(settings));
            var system = parts.Add(
                await open(Composition.Options(settings, listeners.PublicUrl), new ArrivalSignal(), metrics, loggers, cancel));
            var app = parts.Add(Build(settings, surroundings, listeners, system, metrics, loggers));
            return new ServerHost(settings, app, system, metrics, listeners, threshold, loggers, parts);
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    private async Task BeginAsync(CancellationToken cancel)
    {
        var warnings = new StartWarnings(settings, loggers.CreateLogger(LogName));
        await warnings.OfRegionsAsync(system, cancel);
        await app.StartAsync(cancel);
        metrics.Begin();
        warnings.OfSettings(listeners.Reachable);
    }

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
                .Configure(app => RequestPipeline.Use(app, settings, system)),
            options => options.SuppressEnvironmentConfiguration = true);
        return builder.Build();
    }
}
