using Signet.Server.Aws;

namespace Signet.Server.Ses;

/// <summary>Where the SES API answers: <c>POST /</c> and <c>GET /?Action=…</c>.</summary>
internal static class SesRoutes
{
    /// <summary>
    /// Answers <c>POST /</c> where it stands. Nearly every request of a server is one, and needs nothing of what follows: every error has its
    /// answer in the endpoint.
    /// </summary>
    public static void UseCalls(IApplicationBuilder app, AwsEndpoint endpoint, SesService ses, Func<HttpContext, bool> isServedTo) =>
        app.Use((context, next) =>
            HttpMethods.IsPost(context.Request.Method) && context.Request.Path == "/" && isServedTo(context)
                ? endpoint.HandleAsync(context, ses)
                : next(context));

    /// <summary>
    /// Answers every path for which routing found nothing, <c>GET /</c> among them: a client whose endpoint ends in <c>/ses/</c> is served,
    /// and one that is wrong about it gets an error that it can read. Every method is served as GET or POST is: php-aws-ses deletes addresses
    /// by DELETE. CONNECT is none of them: it asks for a tunnel, and what would be done could not be answered.
    /// </summary>
    public static void UseForTheRest(IApplicationBuilder app, AwsEndpoint endpoint, SesService ses, Func<HttpContext, bool> isServedTo) =>
        app.Use((context, next) =>
            context.GetEndpoint() is null && !HttpMethods.IsConnect(context.Request.Method) && isServedTo(context)
                ? endpoint.HandleAsync(context, ses)
                : next(context));
}
