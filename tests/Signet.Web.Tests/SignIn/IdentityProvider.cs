using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Signet.Web.Tests.SignIn;

/// <summary>
/// A small OpenID Connect provider on loopback. It knows one person, lets them in without asking, and is strict with its client: the code
/// is good once, for the address it was given for, with the secret and the PKCE verifier.
/// </summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    public const string ClientId = "signet";
    public const string ClientSecret = "a secret of the test";

    private readonly RSA key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, IQueryCollection> codes = new();
    private readonly WebApplication app;

    private IdentityProvider(WebApplication app) => this.app = app;

    public Uri Url => new(app.Urls.Single());

    /// <summary>What it says of the person in the ID token.</summary>
    public JsonObject Claims { get; } = new() { ["email"] = "ana@example.com", ["email_verified"] = true };

    /// <summary>What it says at its UserInfo endpoint.</summary>
    public JsonObject UserInfo { get; } = [];

    /// <summary>The error that it sends people back with; null lets them in.</summary>
    public string? Error { get; set; }

    /// <summary>Where it was asked to send people back to.</summary>
    public ConcurrentQueue<string> ReturnAddresses { get; } = new();

    /// <summary>The settings of a server that asks here.</summary>
    public (string Name, string Value)[] Settings(string secret = ClientSecret, string claim = "email") =>
        [("oidc-authority", Url.ToString()), ("oidc-client-id", ClientId), ("oidc-client-secret", secret), ("oidc-claim", claim)];

    public static async Task<IdentityProvider> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var provider = new IdentityProvider(builder.Build());
        provider.Map();
        await provider.app.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
    }

    private void Map()
    {
        app.UseRouting();
        app.MapGet("/.well-known/openid-configuration", () => Json(new()
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = $"{Issuer}/authorize",
            ["token_endpoint"] = $"{Issuer}/token",
            ["userinfo_endpoint"] = $"{Issuer}/userinfo",
            ["jwks_uri"] = $"{Issuer}/keys",
        }));
        app.MapGet("/keys", () => Json(new()
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["alg"] = "RS256",
                ["kid"] = "test",
                ["n"] = WebEncoders.Base64UrlEncode(key.ExportParameters(false).Modulus!),
                ["e"] = WebEncoders.Base64UrlEncode(key.ExportParameters(false).Exponent!),
            }),
        }));
        app.MapGet("/authorize", Authorize);
        app.MapPost("/token", (Delegate)TokenAsync);
        app.MapGet("/userinfo", () =>
        {
            var said = (JsonObject)UserInfo.DeepClone();
            said["sub"] = "person-1";
            return Json(said);
        });
    }

    private string Issuer => Url.ToString().TrimEnd('/');

    private IResult Authorize(HttpContext context)
    {
        var query = context.Request.Query;
        var address = query["redirect_uri"].ToString();
        ReturnAddresses.Enqueue(address);
        if (query["client_id"] != ClientId || query["response_type"] != "code" || query["code_challenge_method"] != "S256")
        {
            return Results.BadRequest();
        }

        var answer = new Dictionary<string, string?> { ["state"] = query["state"] };
        if (Error is not null)
        {
            answer["error"] = Error;
        }
        else
        {
            var code = RandomNumberGenerator.GetHexString(16);
            codes[code] = query;
            answer["code"] = code;
        }

        return Results.Redirect(QueryHelpers.AddQueryString(address, answer));
    }

    private async Task<IResult> TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret)
        {
            return Json(new() { ["error"] = "invalid_client" }, HttpStatusCode.Unauthorized);
        }

        var challenge = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (form["grant_type"] != "authorization_code" || !codes.TryRemove(form["code"].ToString(), out var asked)
            || asked["redirect_uri"] != form["redirect_uri"] || asked["code_challenge"] != challenge)
        {
            return Json(new() { ["error"] = "invalid_grant" }, HttpStatusCode.BadRequest);
        }

        return Json(new()
        {
            ["access_token"] = "of no use",
            ["token_type"] = "Bearer",
            ["expires_in"] = 60,
            ["id_token"] = IdToken(asked["nonce"].ToString()),
        });
    }

    private string IdToken(string nonce)
    {
        var claims = (JsonObject)Claims.DeepClone();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        (claims["iss"], claims["aud"], claims["sub"], claims["nonce"]) = (Issuer, ClientId, "person-1", nonce);
        (claims["iat"], claims["exp"]) = (now, now + 60);
        var text = $"{Part(new() { ["alg"] = "RS256", ["kid"] = "test" })}.{Part(claims)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{WebEncoders.Base64UrlEncode(signature)}";
    }

    private static string Part(JsonObject json) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(json));

    private static IResult Json(JsonObject json, HttpStatusCode status = HttpStatusCode.OK) =>
        Results.Text(json.ToJsonString(), "application/json", statusCode: (int)status);
}
