using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Signet.Web.Shell;

namespace Signet.Web.SignIn;

/// <summary>Who vouches for people.</summary>
/// <param name="Authority">The issuer; its discovery document is below <c>/.well-known/openid-configuration</c>.</param>
/// <param name="ClientId">As registered there.</param>
/// <param name="ClientSecret">As given there.</param>
/// <param name="NameClaim">The claim that an operator is called by: <c>email</c>, say.</param>
public sealed record ExternalSignIn(Uri Authority, string ClientId, string ClientSecret, string NameClaim);

/// <summary>
/// Sign-in by OpenID Connect: code flow with PKCE. The provider says who somebody is; what they may do is the operator's of that name,
/// who has to exist. Nothing of the provider's tokens is kept.
/// </summary>
internal static class OpenIdConnect
{
    public const string Scheme = OpenIdConnectDefaults.AuthenticationScheme;

    private const string Email = "email";
    private const string EmailVerified = "email_verified";

    public static void Configure(OpenIdConnectOptions options, ExternalSignIn external)
    {
        options.SignInScheme = Sessions.Scheme;
        options.Authority = external.Authority.ToString();
        options.RequireHttpsMetadata = !external.Authority.IsLoopback;
        options.ClientId = external.ClientId;
        options.ClientSecret = external.ClientSecret;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.MapInboundClaims = false;
        options.SaveTokens = false;
        options.CallbackPath = "/sign-in/external/done";
        options.Scope.Clear();
        options.Scope.Add("openid");
        options.Scope.Add("email");
        options.Scope.Add("profile");
        options.TokenValidationParameters.NameClaimType = external.NameClaim;

        // The answer comes as a link that is followed, which Lax cookies go with; None would need TLS even on loopback.
        foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }

        // Some providers tell it in the ID token, others only when asked for it.
        options.GetClaimsFromUserInfoEndpoint = true;
        options.ClaimActions.MapUniqueJsonKey(external.NameClaim, external.NameClaim);
        options.ClaimActions.MapUniqueJsonKey(EmailVerified, EmailVerified);
        options.Events.OnTicketReceived = context => BecomeOperatorAsync(context, external.NameClaim);
        options.Events.OnRemoteFailure = context =>
        {
            Tell(context.HttpContext, context.Failure?.Message ?? "no reason is known");
            context.HandleResponse();
            context.Response.Redirect(Sessions.Way("external", context.Properties?.RedirectUri));
            return Task.CompletedTask;
        };
    }

    /// <summary>Sends the browser to the provider.</summary>
    public static async Task BeginAsync(HttpContext context)
    {
        var target = Sessions.Target(context.Request.Query["return"]);
        try
        {
            await context.ChallengeAsync(Scheme, new AuthenticationProperties { RedirectUri = target });
        }
        catch (InvalidOperationException exception) when (!context.Response.HasStarted)
        {
            // The provider's discovery document cannot be had.
            Tell(context, exception.Message);
            context.Response.Redirect(Sessions.Way("external", target));
        }
    }

    private static async Task BecomeOperatorAsync(TicketReceivedContext context, string nameClaim)
    {
        var console = context.HttpContext.RequestServices.GetRequiredService<ConsoleContext>();
        var claims = context.Principal!;
        var name = claims.FindFirst(nameClaim)?.Value;
        var problem = name is null ? "nameless"
            : nameClaim == Email && !IsTrue(claims.FindFirst(EmailVerified)?.Value) ? "unverified"
            : "unknown";
        var client = context.HttpContext.Connection.RemoteIpAddress;
        if (problem != "unknown" || await console.Domain.Operators.SignInVouchedForAsync(name!, context.HttpContext.RequestAborted) is not { } person)
        {
            console.Acts.SignInRefused(name, ActLog.OpenIdConnect, client, problem switch
            {
                "nameless" => "the provider gives no name",
                "unverified" => "the provider has not checked the address",
                _ => "there is no such operator",
            });
            context.HandleResponse();
            context.Response.Redirect(Sessions.Way(problem, context.ReturnUri));
            return;
        }

        var now = console.Domain.Time.GetUtcNow();
        context.Principal = Sessions.Of(person, now);
        context.Properties = new AuthenticationProperties { ExpiresUtc = now + Sessions.Length, IsPersistent = false };
        console.Acts.SignedIn(person.Name, ActLog.OpenIdConnect, client);
    }

    // An address that the provider does not say it has checked says nothing about who somebody is. Some write the word as a string.
    private static bool IsTrue(string? claim) => string.Equals(claim, "true", StringComparison.OrdinalIgnoreCase);

    // Anybody may come with a failure, as often as they like: the log has no more of one client than attempts to sign in are allowed.
    private static void Tell(HttpContext context, string why)
    {
        var (services, client) = (context.RequestServices, context.Connection.RemoteIpAddress);
        if (services.GetRequiredService<SignInThrottle>().Allows(client ?? IPAddress.None))
        {
            services.GetRequiredService<ConsoleContext>().Acts.SignInRefused(null, ActLog.OpenIdConnect, client, why);
        }
    }
}
