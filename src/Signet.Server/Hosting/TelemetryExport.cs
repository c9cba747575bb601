using System.Text;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Signet.Queue;
using Signet.Telemetry;

namespace Signet.Server.Hosting;

/// <summary>
/// Metrics for Prometheus at <c>/metrics</c>, and for an OTLP collector when OpenTelemetry's standard variable
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one.
/// </summary>
internal static class TelemetryExport
{
    public const string Path = "/metrics";

    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // The exporter's own boundaries are made for milliseconds.
    private static readonly double[] RequestSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    public static void Add(IHostBuilder builder, SettingsSurroundings surroundings)
    {
        var otlp = surroundings.Variable(OtlpEndpoint) is { Length: > 0 };
        builder.ConfigureServices(services => services.AddSingleton<QueueGauge>().AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("signet")).WithMetrics(metrics =>
            {
                metrics.AddMeter(SignetMetrics.MeterName, $"{SignetMetrics.MeterName}.*");

                metrics.AddView("signet.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = RequestSeconds });

                // The names stand as they are written in the documentation: no scope labels beside ours. Every scrape is fresh.
                metrics.AddPrometheusExporter(exporter =>
                {
                    exporter.ScopeInfoEnabled = false;
                    exporter.ScrapeResponseCacheDurationMilliseconds = 0;
                });
                if (otlp)
                {
                    metrics.AddOtlpExporter();
                }
            }));
        if (otlp)
        {
            // The exporter reads its other variables from the configuration, which is empty of everything else.
            builder.ConfigureAppConfiguration(configuration => configuration.AddEnvironmentVariables());
            builder.ConfigureServices(services => services.AddHostedService<QueueCounting>());
        }
    }

    /// <summary>Before <see cref="Map"/>: the numbers are brought up to date for each scrape.</summary>
    public static void Use(IApplicationBuilder app)
    {
        var gauge = app.ApplicationServices.GetRequiredService<QueueGauge>();
        app.UseWhen(context => context.Request.Path == Path, metrics => metrics.Use(async (context, next) =>
        {
            await gauge.RefreshAsync(context.RequestAborted);
            await WithoutEmptyBracesAsync(context, next);
        }));
    }

    public static void Map(IEndpointRouteBuilder paths) => paths.MapPrometheusScrapingEndpoint(Path);

    // The exporter writes `name{} 1` for a series without labels. That is allowed, but nobody else does it, and scripts that look
    // for the name and a blank would find nothing.
    private static async Task WithoutEmptyBracesAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Response.Body;
        await using var page = new MemoryStream();
        context.Response.Body = page;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }

        var text = Encoding.UTF8.GetString(page.ToArray()).Replace("{} ", " ", StringComparison.Ordinal);
        context.Response.ContentLength = null;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }
}

/// <summary>Brings the number of deliveries that wait, by state, from the store to the metrics.</summary>
internal sealed class QueueGauge(IMessageQueue queue, SignetMetrics metrics, StoreOutageLog outages, ILogger<QueueGauge> logger)
{
    /// <summary>Counts now. While the store is away the last numbers stay, and the log says so.</summary>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        try
        {
            metrics.QueueCounted(await queue.CountAsync(cancel));
        }
        catch (StoreUnavailableException exception)
        {
            outages.Note(StoreUser.Metrics, exception);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            // Whatever it is: a number that is missing must not end the server.
            Log.QueueNotCounted(logger, exception.Message);
        }
    }
}

/// <summary>Counts the queue twice a minute for collectors that are sent the metrics and never ask.</summary>
internal sealed class QueueCounting(QueueGauge gauge, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(30), time);
        do
        {
            await gauge.RefreshAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
