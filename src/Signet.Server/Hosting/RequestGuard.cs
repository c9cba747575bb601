namespace Signet.Server.Hosting;

/// <summary>
/// Answers requests that cannot be read: a body that ends too early, is too large, comes too slowly or breaks the grammar of RFC 9112 §7.
/// What has an answer of its own (the SES API, inspection) gives it before. Left to the server, each would be an error in the log with its
/// stack, and a stranger could fill the log.
/// </summary>
internal static class RequestGuard
{
    public static void Use(IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException) when (context.Response.HasStarted)
        {
            context.Abort();
        }
        catch (BadHttpRequestException exception)
        {
            context.Response.Clear();
            context.Response.StatusCode = exception.StatusCode;
            await context.Response.WriteAsync("The request cannot be read.\n", context.RequestAborted);
        }
    });
}
