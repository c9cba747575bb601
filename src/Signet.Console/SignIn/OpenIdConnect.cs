using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Signet.Console.SignIn;

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

        options.Events.OnTokenValidated = context => BecomeOperatorAsync(context, external.NameClaim);
        options.Events.OnRemoteFailure = context =>
        {
            context.HandleResponse();
            context.Response.Redirect($"{ConsoleHost.Path}/sign-in?problem=external");
            return Task.CompletedTask;
        };
    }

    /// <summary>Sends the browser to the provider.</summary>
    public static Task BeginAsync(HttpContext context) => context.ChallengeAsync(
        Scheme, new AuthenticationProperties { RedirectUri = Sessions.Target(context.Request.Query["return"]) });

    private static async Task BecomeOperatorAsync(TokenValidatedContext context, string nameClaim)
    {
        var domain = context.HttpContext.RequestServices.GetRequiredService<ConsoleDomain>();
        var claims = context.Principal!;
        var name = claims.FindFirst(nameClaim)?.Value;

        // An address that the provider has not checked says nothing about who somebody is.
        var isUnverified = nameClaim == "email" && claims.FindFirst("email_verified")?.Value is { } verified
            && !verified.Equals("true", StringComparison.OrdinalIgnoreCase);
        if (name is null || isUnverified
            || await domain.Operators.SignInVouchedForAsync(name, context.HttpContext.RequestAborted) is not { } person)
        {
            context.HandleResponse();
            context.Response.Redirect($"{ConsoleHost.Path}/sign-in?problem=unknown");
            return;
        }

        var now = domain.Time.GetUtcNow();
        context.Principal = Sessions.Of(person, now);
        context.Properties!.ExpiresUtc = now + Sessions.Length;
        context.Properties.IsPersistent = false;
    }
}
