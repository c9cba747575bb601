using System.Diagnostics.Metrics;
using Signet.Queue;
using Signet.Server.Aws;
using Signet.Server.Inspection;
using Signet.Server.Ses;

namespace Signet.Server.Hosting;

/// <summary>What a request passes, in this order.</summary>
internal static class RequestPipeline
{
    public static void Use(IApplicationBuilder app, Settings settings, MailSystem system)
    {
        var services = app.ApplicationServices;
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        TrustedProxies.Use(app, settings.TrustedProxies, IsMain);
        RequestGuard.Use(app);
        StrictTransport.Use(app);
        CrossSiteGuard.Use(app, settings.IsDev, settings.AllowedHosts);
        var outages = services.GetRequiredService<StoreOutageLog>();
        var ses = Composition.SesOver(system, settings);
        var aws = Composition.Endpoint(
            system, settings, ses.BodyLimit, services.GetRequiredService<IMeterFactory>(), outages,
            services.GetRequiredService<ILogger<AwsEndpoint>>());
        OtherServices.Use(app, IsMain);
        SesRoutes.UseCalls(app, aws, ses, IsMain);
        StoreGuard.Use(app, outages);
        FrontPage.Use(app);
        ConsoleGate.Use(app, settings.IsDev, settings.PublicUrl);
        InspectionGuard.Use(app, settings.IsDev, outages);
        TelemetryExport.Use(app);

        // After the console, whose first page need not wait until the paths below are made.
        app.UseRouting();
        SesRoutes.UseForTheRest(app, aws, ses, context => IsMain(context) && !CrossSiteGuard.MayBeLinked(context.Request.Path));
        InspectionGuard.UseForTheRest(app);
        app.UseEndpoints(paths =>
        {
            TelemetryExport.Map(paths);
            Health.Map(paths, system.CheckStoreAsync, system.Time, outages);
            InspectionEndpoints.Map(paths, new Inbox(system.Archive, system.Arrivals, system.Time, stopping), system, settings.IsDev);
            paths.MapGet("/_signet", FrontPage.ShowAsync).AddEndpointFilterFactory(KnownParameters.Only).ExcludeFromDescription();
            paths.MapSesV2();
        });

        static bool IsMain(HttpContext context) => Listener.Of(context).Role == ListenerRole.Main;
    }
}
