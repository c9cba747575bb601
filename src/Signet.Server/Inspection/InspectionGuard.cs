using Signet.Display;
using Signet.Queue;
using Signet.Server.Hosting;

namespace Signet.Server.Inspection;

/// <summary>
/// Decides which listener answers what: in serve, inspection and metrics, which ask for no login, have one of their own. Errors of
/// inspection become one JSON sentence here. That no web page gets this far, <see cref="CrossSiteGuard"/> sees to.
/// </summary>
internal sealed class InspectionGuard(RequestDelegate next, bool isDev, StoreOutageLog outages)
{
    /// <summary>Characters of a path that an answer repeats.</summary>
    private const int MaxEcho = 200;

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

        KeepPrivate(context.Response);
        return listener.Role == ListenerRole.Main && !isDev
            ? AnswerAsync(
                context, StatusCodes.Status403Forbidden, "inspection and metrics are not served at this address but at the one of `--inspection`")
            : ProceedAsync(context);
    }

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

    /// <summary>Answers 404 wherever routing found nothing and the API does not answer either.</summary>
    public static void UseForTheRest(IApplicationBuilder app) => app.Use((context, next) =>
        context.GetEndpoint() is null
            ? AnswerAsync(
                context,
                StatusCodes.Status404NotFound,
                $"nothing is at `{VisibleText.Cut(context.Request.Path.ToString(), MaxEcho)}`")
            : next(context));

    /// <summary>Answers with one JSON sentence.</summary>
    public static Task AnswerAsync(HttpContext context, int status, string error)
    {
        KeepPrivate(context.Response);
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new ErrorAnswer(error), InspectionJson.Relaxed.ErrorAnswer);
    }

    private static void KeepPrivate(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
    }
}
