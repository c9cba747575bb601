using Microsoft.AspNetCore.HttpOverrides;
using Signet.Display;
using Signet.Server.Aws;
using Signet.Server.Inspection;
using Signet.Server.Ses;
using Signet.Web;

namespace Signet.Server.Hosting;

/// <summary>
/// Stands before everything that answers without a login, so that no web page that somebody opens can use it: in dev the whole listener,
/// whose key everybody knows, in serve the listener of inspection. A request has to name a loopback host or one that <c>--allow-host</c>
/// names, which defeats a name that a page lets point here (DNS rebinding), and must not come from a page of another origin. Pages on other
/// ports of this machine are refused too: development servers show other people's content.
/// </summary>
internal static class CrossSiteGuard
{
    /// <summary>Characters of a stranger's header that a refusal repeats.</summary>
    private const int MaxEcho = 200;

    // Where a link may lead that somebody follows: what is read there changes nothing. A link can call the API, so that is not among them.
    private static readonly PathString[] Pages =
        [ConsoleHost.Path, "/_aws/ses", "/_signet", Health.Path, TelemetryExport.Path];

    /// <summary>True of the paths that a link of another page may lead to. The API never answers there.</summary>
    public static bool MayBeLinked(PathString path) => Pages.Any(p => path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase));

    public static void Use(IApplicationBuilder app, bool isDev, AllowedHosts allowed) => app.Use((context, next) =>
    {
        var listener = Listener.Of(context);
        if (!isDev && listener.Role != ListenerRole.Inspection)
        {
            return next(context);
        }

        if ((isDev || listener.IsLoopback) && HostRefusal(context.Request.Host.Host, isDev, allowed) is { } refusal)
        {
            return RefuseAsync(context, refusal);
        }

        TakeForwardedHost(context.Request, allowed);
        return Refusal(context.Request) is { } other ? RefuseAsync(context, other) : next(context);
    });

    private static string? HostRefusal(string host, bool isDev, AllowedHosts allowed) =>
        LoopbackHost.Is(host) || allowed.Include(host) ? null
        : $"the host `{VisibleText.Cut(host, MaxEcho)}` is not this machine's loopback address: use `localhost` or `127.0.0.1`"
            + (isDev ? ", or name the host with `--allow-host`" : "");

    // What forwards a port from elsewhere (GitHub Codespaces, tunnels) asks for `localhost` and says here what the browser was told. It is
    // looked at only after the host itself: a page that lets a name of its own point here may set any header.
    private static void TakeForwardedHost(HttpRequest request, AllowedHosts allowed)
    {
        if (request.Headers[ForwardedHeadersDefaults.XForwardedHostHeaderName] is [{ } text] && HostString.FromUriComponent(text) is var host && allowed.Include(host.Host))
        {
            request.Host = host;
            request.Scheme = request.Headers[ForwardedHeadersDefaults.XForwardedProtoHeaderName] == Uri.UriSchemeHttps ? Uri.UriSchemeHttps : request.Scheme;
        }
    }

    private static string? Refusal(HttpRequest request) =>
        request.Headers.Origin is { Count: > 0 } origin
            ? PageOrigin.IsOwn(request) ? null : $"pages of `{VisibleText.Cut(origin.ToString(), MaxEcho)}` may not use this server"
        : IsOfAnotherSite(request) ? "pages of other sites may not use this server"
        : null;

    // Images, scripts, frames and links carry no Origin. Browsers say where these come from in headers that no page can set
    // (https://www.w3.org/TR/fetch-metadata/), also to loopback addresses without TLS; other clients send none.
    private static bool IsOfAnotherSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site" && !IsFollowedLink(request);

    private static bool IsFollowedLink(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers["Sec-Fetch-Mode"] == "navigate"
        && request.Headers["Sec-Fetch-Dest"] == "document"
        && (request is { Path.Value: "/", QueryString.HasValue: false } || MayBeLinked(request.Path));

    // Each in the form of what is asked, so that a client shows the sentence.
    private static Task RefuseAsync(HttpContext context, string refusal)
    {
        var path = context.Request.Path;
        if (path == "/")
        {
            return SesXml.RefuseAsync(context, AwsError.AccessDenied(refusal));
        }

        if (path.StartsWithSegments(SesV2.Path, StringComparison.OrdinalIgnoreCase))
        {
            return JsonError.WriteAsync(context, StatusCodes.Status403Forbidden, "AccessDeniedException", refusal);
        }

        return InspectionGuard.AnswerAsync(context, StatusCodes.Status403Forbidden, refusal);
    }
}
