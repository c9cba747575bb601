using System.Diagnostics.CodeAnalysis;
using Signet.Addresses;

namespace Signet.Delivery;

/// <summary>How deliveries of some recipient domains leave.</summary>
public sealed record Route(RoutePattern Pattern, RouteTarget Target)
{
    /// <summary>Everything to the inbox inside Signet.</summary>
    public static Route CaptureAll { get; } = new(new RoutePattern.All(), new RouteTarget.Capture());

    /// <summary>Parses <c>[PATTERN=]TARGET</c>. A target's own <c>=</c> (in a password) is written <c>%3D</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Route? route) => TryParse(text, out route, out _);

    /// <inheritdoc cref="TryParse(string?, out Route?)"/>
    /// <param name="text">The route.</param>
    /// <param name="route">What was parsed.</param>
    /// <param name="problem">What is wrong with the level of TLS, and what is allowed; null when something else is wrong.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Route? route, out string? problem)
    {
        (route, problem) = (null, null);
        var equals = text?.IndexOf('=', StringComparison.Ordinal) ?? -1;

        // The one of `?tls=` ends no pattern.
        equals = equals >= 0 && text!.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark && mark < equals ? -1 : equals;
        RoutePattern? pattern = new RoutePattern.All();
        if ((equals < 0 || RoutePattern.TryParse(text![..equals], out pattern))
            && RouteTarget.TryParse(text?[(equals + 1)..], pattern is RoutePattern.All ? "default route" : $"route {pattern}", out var target, out problem))
        {
            route = new Route(pattern, target);
        }

        return route is not null;
    }

    /// <summary>The target of the first route whose pattern matches; null when none does.</summary>
    public static RouteTarget? Find(IEnumerable<Route> routes, DomainName domain) =>
        routes.FirstOrDefault(r => r.Pattern.Matches(domain))?.Target;

    /// <summary>As written, the password hidden.</summary>
    public override string ToString() => Pattern is RoutePattern.All ? $"{Target}" : $"{Pattern}={Target}";
}
