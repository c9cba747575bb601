using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;
using Signet.Operators;
using Signet.Web;
using Signet.Web.Shell;

namespace Signet.Server.Hosting;

/// <summary>
/// Stands before the console. It answers on the main listener only. In dev nobody logs in: whoever comes past
/// <see cref="CrossSiteGuard"/> may do everything. What a page of another origin sends is refused in serve too, the console's WebSocket
/// included. A strict policy goes with every answer: nothing is loaded from another host, no script runs but the console's own files.
/// </summary>
internal static class ConsoleGate
{
    // Blazor's components set style attributes, and MudBlazor writes the theme as a style element: styles cannot be forbidden inline.
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "frame-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    /// <summary>Bytes of a form: the longest name, password and token fit many times. A stranger's is read to find its token.</summary>
    private const long MaxForm = 32 * 1024;

    private static readonly ClaimsPrincipal Developer = new(
        new ClaimsIdentity(new Viewer("dev", OperatorRole.Administer, null).Claims, "dev"));

    public static void Use(IApplicationBuilder app, bool isDev, Uri? publicUrl) => ConsoleHost.Use(app, console => console.Use(async (context, next) =>
    {
        if (IsBehindTls(context.Request, publicUrl))
        {
            context.Request.Scheme = Uri.UriSchemeHttps;
        }

        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = ContentPolicy;

        // People's mail is kept by no cache; what is the same for all says otherwise itself.
        context.Response.OnStarting(() =>
        {
            headers.CacheControl = headers.CacheControl is { Count: > 0 } said ? said : "no-store";
            return Task.CompletedTask;
        });

        // Not `no-referrer`, with which browsers hide the origin of our own forms too.
        headers["Referrer-Policy"] = "same-origin";
        headers["X-DNS-Prefetch-Control"] = "off";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        if (Refusal(context) is var (status, refusal))
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(refusal + "\n", context.RequestAborted);
            return;
        }

        // The messages of an open page, which come as bodies where WebSockets do not get through, are bounded by the hub. They are no forms.
        var isForm = context.Request.HasFormContentType;
        if ((isForm || !context.Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase))
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
        {
            body.MaxRequestBodySize = MaxForm;
        }

        if (isForm)
        {
            await ReadFormAsync(context);
        }

        if (isDev)
        {
            context.User = Developer;
        }

        await next(context);
    }));

    // Whoever needs the form afterwards, be it the check for forgery or a page, finds it read. Read there, what cannot be read would be
    // taken for a fault of ours: a charset that this runtime refuses, say, which throws NotSupportedException.
    private static async Task ReadFormAsync(HttpContext context)
    {
        try
        {
            await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or ArgumentException)
        {
            throw new BadHttpRequestException("the form is not what its content type says, or has too many or too long fields", exception);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new BadHttpRequestException("the form ends too early", exception);
        }
    }

    private static (int Status, string Text)? Refusal(HttpContext context) =>
        Listener.Of(context).Role != ListenerRole.Main
            ? (StatusCodes.Status404NotFound, "the console is not served at this address but at those of `--http`")
        : context.Request.Headers.Origin.Count > 0 && !PageOrigin.IsOwn(context.Request)
            ? (StatusCodes.Status403Forbidden, "pages of another origin may not use the console")
        : null;

    // A proxy that ends TLS is believed by the name that people call us by, not by headers that anybody can send: what follows from it is
    // that cookies are for TLS only, and where an identity provider sends people back to.
    private static bool IsBehindTls(HttpRequest request, Uri? publicUrl) =>
        publicUrl?.Scheme == Uri.UriSchemeHttps && request.Host.HasValue
        && publicUrl.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
