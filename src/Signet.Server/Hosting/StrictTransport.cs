namespace Signet.Server.Hosting;

/// <summary>
/// Tells browsers to come by TLS from now on, in every answer that goes out by TLS (HTTP Strict Transport Security, RFC 6797): a
/// password of the console is then not typed into a page that somebody put in between. Subdomains are not ours to speak for.
/// </summary>
internal static class StrictTransport
{
    // 180 days: whoever signs in twice a year never comes without TLS; who gives TLS up has not to wait for ever.
    private const string Policy = "max-age=15552000";

    public static void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        // The policy is for a host with all its ports: on this machine other programs have some of them.
        if (context.Request.IsHttps && !LoopbackHost.Is(context.Request.Host.Host))
        {
            context.Response.Headers.StrictTransportSecurity = Policy;
        }

        return next(context);
    });
}
