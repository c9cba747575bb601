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
        <p>An email sending service that speaks the Amazon SES API at this address.</p>
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

    private const string ServeHtml = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>Signet</title>
        <h1>Signet</h1>
        <p>An email sending service that speaks the Amazon SES API at this address.</p>
        </html>

        """;

    /// <summary>Before the API, which answers at the same path.</summary>
    public static void Use(WebApplication app, bool isDev) => app.Use(async (context, next) =>
    {
        if (!IsBrowser(context.Request))
        {
            await next(context);
            return;
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'";
        var showsInspection = isDev || Listener.Of(context).Role == ListenerRole.Inspection;
        await Results.Text(showsInspection ? Html : ServeHtml, "text/html").ExecuteAsync(context);
    });

    private static bool IsBrowser(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Path == "/"
        && !request.Query.ContainsKey("Action")
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
