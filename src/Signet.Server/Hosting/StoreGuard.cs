using Signet.Queue;

namespace Signet.Server.Hosting;

/// <summary>
/// The last one to hear that the store is unavailable: what has an answer of its own (the SES API, inspection, health) gives it before.
/// That leaves the console, whose every page asks whether the session is still good.
/// </summary>
internal static class StoreGuard
{
    public static void Use(IApplicationBuilder app, StoreOutageLog outages) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (StoreUnavailableException e) when (!context.Response.HasStarted)
        {
            outages.Note(StoreUser.Console, e);
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync("The store does not answer just now. Try again in a moment.\n", context.RequestAborted);
        }
    });
}
