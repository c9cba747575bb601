using Signet.Web;

namespace Signet.Server.Hosting;

/// <summary>What a person sees who opens the address of the API in a browser. Calls of the API never get it.</summary>
internal static class FrontPage
{
    private const string Html = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>Signet</title>
        <h1>Signet</h1>
        <p>What this server accepted, and what became of it.</p>
        <ul>
        <li><a href="/_signet/messages">Messages</a></li>
        <li><a href="/_signet/events">Events</a></li>
        <li><a href="/_signet/refusals">Refused sends</a></li>
        <li><a href="/_aws/ses">Messages in LocalStack's shape</a></li>
        <li><a href="/_signet/openapi.json">The inspection API</a></li>
        <li><a href="/metrics">Metrics</a></li>
        <li><a href="/health/ready">Health</a></li>
        </ul>
        </html>

        """;

    /// <summary>
    /// Before the API, which answers at the same path. Where the console is, the browser is sent there; the address of inspection has a page
    /// of links.
    /// </summary>
    public static void Use(IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (!IsBrowser(context.Request))
        {
            await next(context);
            return;
        }

        if (Listener.Of(context).Role == ListenerRole.Main)
        {
            context.Response.Redirect($"{ConsoleHost.Path}/messages");
            return;
        }

        await ShowAsync(context);
    });

    /// <summary>The page of links to what can be read here.</summary>
    public static Task ShowAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'";
        return Results.Text(Html, "text/html").ExecuteAsync(context);
    }

    private static bool IsBrowser(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Path == "/"
        && !request.Query.ContainsKey("Action")
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
