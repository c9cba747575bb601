using Signet.Queue;
using Signet.Server.Hosting;

namespace Signet.Server.Inspection;

/// <summary>
/// Stands before inspection and metrics, which ask for no login. In serve they answer on their own listener only. On a loopback
/// listener a request must name a loopback host, so that no web page can reach them by a name of its own that it lets point here
/// (DNS rebinding); what a page of another origin sends is refused everywhere. Errors become one JSON sentence here.
/// </summary>
internal sealed class InspectionGuard(RequestDelegate next, bool isDev, StoreOutageLog outages)
{
    private static readonly PathString[] Guarded = ["/_aws/ses", "/_signet", TelemetryExport.Path];

    public static void Use(IApplicationBuilder app, bool isDev, StoreOutageLog outages) =>
        app.Use(next => new InspectionGuard(next, isDev, outages).InvokeAsync);

    private Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        var listener = Listener.Of(context);
        if (path.StartsWithSegments(ConfirmPage.Path, StringComparison.OrdinalIgnoreCase) && listener.Role == ListenerRole.Main)
        {
            return next(context);
        }

        if (!Guarded.Any(g => path.StartsWithSegments(g, StringComparison.OrdinalIgnoreCase)))
        {
            return listener.Role == ListenerRole.Main || path.StartsWithSegments(Health.Path, StringComparison.OrdinalIgnoreCase)
                ? next(context)
                : AnswerAsync(context, StatusCodes.Status404NotFound, "this address answers inspection, metrics and health only");
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        return Refusal(context.Request, listener) is { } refusal
            ? AnswerAsync(context, StatusCodes.Status403Forbidden, refusal)
            : ProceedAsync(context);
    }

    private string? Refusal(HttpRequest request, Listener listener) =>
        listener.Role == ListenerRole.Main && !isDev
            ? "inspection and metrics are not served at this address but at the one of `--inspection`"
        : listener.IsLoopback && !LoopbackHost.Is(request.Host.Host)
            ? $"the host `{request.Host.Host}` is not this machine's loopback address"
        : request.Headers.Origin is { Count: > 0 } origin && origin != $"{request.Scheme}://{request.Host}"
            ? $"pages of `{origin}` may not ask here"
        : null;

    private async Task ProceedAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (InspectionException exception)
        {
            await AnswerAsync(context, exception.Status, exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            await AnswerAsync(context, exception.StatusCode, "the request cannot be read");
        }
        catch (StoreUnavailableException exception) when (!context.Response.HasStarted)
        {
            outages.Note(StoreUser.Inspection, exception);
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "the store does not answer");
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new ErrorAnswer(error), InspectionJson.Relaxed.ErrorAnswer);
    }
}
