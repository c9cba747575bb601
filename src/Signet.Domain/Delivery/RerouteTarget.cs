using System.Diagnostics.CodeAnalysis;
using Signet.Addresses;
using Signet.Queue;

namespace Signet.Delivery;

/// <summary>
/// The target that an operator gives deliveries in the place of their route. It has no credentials, as it is stored and shown: a smarthost that
/// a node has a route to is used with the credentials of that route.
/// </summary>
public static class RerouteTarget
{
    /// <summary>The word for the configured route.</summary>
    public const string Default = "default";

    private const int MaxLength = 300;

    /// <summary>Reads what an operator writes: <c>mx</c>, <c>smtp://host[:port]</c>, <c>smtps://host[:port]</c> or <c>default</c>.</summary>
    /// <param name="text">What they wrote.</param>
    /// <param name="target">As it is stored; null for <c>default</c>.</param>
    /// <param name="refusal">Why it is none, in one sentence; null when it is one.</param>
    public static bool TryParse(string? text, out string? target, [NotNullWhen(false)] out string? refusal)
    {
        target = null;
        refusal = null;
        if (text == Default)
        {
            return true;
        }

        if (!RouteTarget.TryParse(text, out var parsed) || $"{parsed}".Length > MaxLength)
        {
            refusal = $"`{text}` is no target: give `mx`, `smtp://host[:port]`, `smtps://host[:port]` or `default`";
            return false;
        }

        refusal = parsed switch
        {
            RouteTarget.Capture => "mail that waits is not rerouted to `capture`, which would record it as delivered although nobody gets it: drop it instead",
            RouteTarget.Smarthost { User: not null } =>
                "a target has no user and no password, as it is stored and shown: configure them by `--route`, and name the same host and port here without them",
            _ => null,
        };
        target = refusal is null ? $"{parsed}" : null;
        return refusal is null;
    }

    /// <summary>What a stored target means on this node.</summary>
    /// <param name="stored">The target.</param>
    /// <param name="routes">The routes of the node, which know the credentials of smarthosts.</param>
    /// <returns>Null for a target that this version does not know.</returns>
    internal static RouteTarget? Find(string stored, IEnumerable<Route> routes) =>
        !RouteTarget.TryParse(stored, out var target) ? null
        : target is not RouteTarget.Smarthost named ? target
        : routes.Select(r => r.Target).OfType<RouteTarget.Smarthost>()
            .FirstOrDefault(s => (s.Host, s.Port, s.ImplicitTls) == (named.Host, named.Port, named.ImplicitTls)) ?? named;

    /// <summary>Where the deliveries of a lane go next; null when that cannot be read, or for the inbox inside Signet.</summary>
    /// <param name="lane">As <see cref="ClaimRequest.Admit"/> gets it.</param>
    /// <param name="routes">The routes of the node.</param>
    internal static NextHop? HopOf(string lane, IReadOnlyList<Route> routes)
    {
        var end = lane.IndexOf(ClaimRequest.Rerouted, StringComparison.Ordinal);
        return DomainName.TryParse(end < 0 ? lane : lane[..end], out var domain)
            && (end < 0 ? Route.Find(routes, domain) : Find(lane[(end + 1)..], routes)) is { } target
                ? NextHop.Of(target, domain)
                : null;
    }
}
