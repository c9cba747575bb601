using System.Diagnostics.CodeAnalysis;
using Signet.Addresses;

namespace Signet.Delivery;

/// <summary>How deliveries of some recipient domains leave.</summary>
public sealed record Route(RoutePattern Pattern, RouteTarget Target)
{
    /// <summary>Everything to the inbox inside Signet.</summary>
    public static Route CaptureAll { get; } = new(new RoutePattern.All(), new RouteTarget.Capture());

    /// <summary>Parses <c>[PATTERN=]TARGET</c>. A target's own <c>=</c> (in a password) is written <c>%3D</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Route? route)
    {
        var equals = text?.IndexOf('=', StringComparison.Ordinal) ?? -1;
        RoutePattern? pattern = new RoutePattern.All();
        route = (equals < 0 || RoutePattern.TryParse(text![..equals], out pattern))
            && RouteTarget.TryParse(text?[(equals + 1)..], out var target)
                ? new Route(pattern, target)
                : null;
        return route is not null;
    }

    /// <summary>The target of the first route whose pattern matches; null when none does.</summary>
    public static RouteTarget? Find(IEnumerable<Route> routes, DomainName domain) =>
        routes.FirstOrDefault(r => r.Pattern.Matches(domain))?.Target;

    /// <summary>As written, the password hidden.</summary>
    public override string ToString() => Pattern is RoutePattern.All ? $"{Target}" : $"{Pattern}={Target}";
}
