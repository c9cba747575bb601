namespace Signet.Server.Hosting;

/// <summary>The web page that a request comes from, as its browser tells it.</summary>
internal static class PageOrigin
{
    /// <summary>
    /// Whether the page is one of this server. Over TLS a page without it is not. Else the scheme is left out: a proxy in front may speak
    /// TLS while we do not.
    /// </summary>
    /// <param name="request">One with an Origin header.</param>
    public static bool IsOwn(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin)
        && (!request.IsHttps || origin.Scheme == Uri.UriSchemeHttps)
        && (origin.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)
            || (origin.IsDefaultPort && origin.Host.Equals(request.Host.Host, StringComparison.OrdinalIgnoreCase)
                && request.Host.Port is null or 80 or 443));
}
