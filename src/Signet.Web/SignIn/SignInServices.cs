using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Signet.Web.SignIn;

/// <summary>How people sign in: sessions in a cookie and, where it is set up, OpenID Connect.</summary>
internal static class SignInServices
{
    /// <summary>In dev: nobody signs in, and what seals the forms of pages lasts as long as the process.</summary>
    public static void AddForDev(IServiceCollection services)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAntiforgery(Configure);
        services.AddAuthentication();
        AddAuthorization(services);
    }

    public static void AddForServe(IServiceCollection services, ExternalSignIn? external)
    {
        services.AddDataProtection().SetApplicationName("signet");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(
            keys => keys.XmlRepository = new SessionKeyRing(provider.GetRequiredService<MailSystem>().SessionKeyStore)));
        var authentication = services.AddAuthentication(Sessions.Scheme).AddCookie(Configure);
        if (external is not null)
        {
            services.AddSingleton(external);
            authentication.AddOpenIdConnect(options => OpenIdConnect.Configure(options, external));
        }

        AddAuthorization(services);
        services.AddAntiforgery(Configure);
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<SessionCheck>();
        services.AddScoped<AuthenticationStateProvider, SessionWatch>();
    }

    private static void AddAuthorization(IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationPolicyProvider, UncachedPolicies>();
        services.AddAuthorization();
    }

    private static void Configure(AntiforgeryOptions options)
    {
        options.Cookie.Name = "signet-form";
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
    }

    private static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "signet-console";
        options.Cookie.HttpOnly = true;

        // Lax: a link to a page of the console, in a mail from a colleague say, finds its reader signed in.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = Sessions.Length;
        options.SlidingExpiration = false;
        options.LoginPath = "/sign-in";
        options.AccessDeniedPath = "/sign-in";
        options.ReturnUrlParameter = "return";
        options.Events.OnValidatePrincipal = async context =>
        {
            var check = context.HttpContext.RequestServices.GetRequiredService<SessionCheck>();
            if (!await check.IsGoodAsync(context.Principal!, context.HttpContext.RequestAborted))
            {
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(Sessions.Scheme);
            }
        };
        // Where signing in leads is said by the page (Sessions.Target). The handler would take `return` as it is.
        options.Events.OnRedirectToReturnUrl = _ => Task.CompletedTask;
        var redirect = options.Events.OnRedirectToLogin;
        options.Events.OnRedirectToLogin = context =>
        {
            // Without scheme and host, which a proxy in front may know better. Who comes with a cookie had a session: a word why it is asked.
            var had = context.Request.Cookies.ContainsKey(options.Cookie.Name!);
            context.RedirectUri = new Uri(context.RedirectUri).PathAndQuery + (had ? "&problem=ended" : "");
            return redirect(context);
        };
    }

    /// <summary>
    /// The cache of policies by endpoint asks for every path of the server when it is made, so that all of them, those of inspection too,
    /// would be compiled before the first page.
    /// </summary>
    private sealed class UncachedPolicies(IOptions<AuthorizationOptions> options) : DefaultAuthorizationPolicyProvider(options)
    {
        public override bool AllowsCachingPolicies => false;
    }
}
