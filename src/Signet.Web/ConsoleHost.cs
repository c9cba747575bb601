using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MudBlazor.Services;
using Signet.Web.Assets;
using Signet.Web.Messages;
using Signet.Web.Shell;
using Signet.Web.SignIn;

namespace Signet.Web;

/// <summary>
/// The console in the browser: Blazor pages over the domain, below <see cref="Path"/>. Who may come in is decided before it
/// (<c>Hosting/ConsoleGate.cs</c> of the server); what a person may see and do, by <see cref="Viewer"/>.
/// </summary>
public static class ConsoleHost
{
    public const string Path = "/console";

    // A page holds a filter and a few dozen lines; what browsers send is short.
    private const long MaxBrowserMessage = 256 * 1024;

    /// <param name="services">Gets what the pages need; the domain and a clock are there.</param>
    /// <param name="facts">What the pages tell of the server; in dev nobody signs in.</param>
    /// <param name="external">Who else vouches for people; null for nobody.</param>
    public static void Add(IServiceCollection services, ConsoleFacts facts, ExternalSignIn? external)
    {
        services.AddSingleton(provider => new ConsoleContext(
            provider.GetRequiredService<MailSystem>(),
            facts,
            new ActLog(provider.GetRequiredService<ILogger<ActLog>>()),
            new LeftSessions(provider.GetRequiredService<TimeProvider>()),
            new ContentTurns(),
            provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub => hub.MaximumReceiveMessageSize = MaxBrowserMessage);
        services.AddCascadingAuthenticationState();
        services.AddMudServices();
        services.AddScoped<Browser>();
        services.AddScoped<OneDialog>();
        if (facts.IsDev)
        {
            SignInServices.AddForDev(services);
        }
        else
        {
            SignInServices.AddForServe(services, external);
        }
    }

    /// <summary>Everything below the path is the console's: what it does not know is answered by its own page.</summary>
    public static void Use(IApplicationBuilder app, Action<IApplicationBuilder> admit) => app.Map(Path, console =>
    {
        admit(console);
        console.UseRouting();
        console.UseAuthentication();
        console.UseAuthorization();
        console.UseAntiforgery();
        console.UseEndpoints(Map);
    });

    private static void Map(IEndpointRouteBuilder endpoints)
    {
        AssetFiles.Map(endpoints);
        var members = endpoints.MapGroup("").RequireAuthorization();
        MessageFiles.Map(members, endpoints.ServiceProvider.GetRequiredService<ConsoleContext>());
        if (endpoints.ServiceProvider.GetService<ExternalSignIn>() is not null)
        {
            endpoints.MapGet("sign-in/external", OpenIdConnect.BeginAsync).AllowAnonymous();
        }

        endpoints.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null).RequireAuthorization();
    }
}
