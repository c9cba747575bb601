using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Signet.Server.Hosting;

/// <summary>
/// Takes client address, scheme and host of a request from <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> where a proxy that is
/// trusted says so. The client is the last address that no trusted proxy has: what a client writes into these headers itself stands before
/// it. Only the listeners of <c>--http</c> do so.
/// </summary>
internal static class TrustedProxies
{
    public static void Use(IApplicationBuilder app, IReadOnlyList<IPNetwork> proxies, Func<HttpContext, bool> isServedTo)
    {
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in proxies)
        {
            options.KnownIPNetworks.Add(network);
        }

        app.UseWhen(isServedTo, main => main.UseForwardedHeaders(options));
    }
}
