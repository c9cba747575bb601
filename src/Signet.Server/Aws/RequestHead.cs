using Microsoft.AspNetCore.Http.Features;

namespace Signet.Server.Aws;

/// <summary>What a signature covers of a request beside its body, as received: nothing decoded, nothing normalised.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">Begins with a slash.</param>
/// <param name="Query">Without the question mark; empty if there is none.</param>
/// <param name="Headers">All header fields.</param>
internal sealed record RequestHead(string Method, string Path, string Query, IHeaderDictionary Headers)
{
    public static RequestHead Of(HttpRequest request)
    {
        // Path and query of HttpRequest are decoded; the target is what was on the wire.
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/'))
        {
            // Absolute form, as proxies are asked (RFC 9112 §3.2.2): the path begins after the authority.
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            var path = authority < 0 ? -1 : target.IndexOfAny(['/', '?'], authority + 3);
            target = path < 0 ? "/" : target[path..];
        }

        var question = target.IndexOf('?', StringComparison.Ordinal);
        var (rawPath, query) = question < 0 ? (target, "") : (target[..question], target[(question + 1)..]);
        return new RequestHead(request.Method, rawPath.Length == 0 ? "/" : rawPath, query, request.Headers);
    }
}
