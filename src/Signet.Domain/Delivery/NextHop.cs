using Signet.Addresses;
using Signet.Delivery.Tls;

namespace Signet.Delivery;

/// <summary>Where a message goes next: deliveries to the same next hop share connections and transactions.</summary>
internal abstract record NextHop
{
    private NextHop()
    {
    }

    /// <summary>Whose hosts serve this hop, for the log and for attempts that reached none.</summary>
    public abstract string Name { get; }

    /// <summary>Where the target of a route sends mail for the domain; null for the inbox inside Signet.</summary>
    public static NextHop? Of(RouteTarget target, DomainName domain) => target switch
    {
        RouteTarget.Mx => new Domain(domain, target.Tls),
        RouteTarget.Smarthost smarthost => new Smarthost(smarthost),
        RouteTarget.Capture => null,
        _ => throw new System.Diagnostics.UnreachableException($"{target}"),
    };

    /// <summary>The mail exchangers of a domain.</summary>
    /// <param name="Value">The domain.</param>
    /// <param name="Tls">What its route asks for; null says nothing.</param>
    public sealed record Domain(DomainName Value, TlsPolicy? Tls = null) : NextHop
    {
        public override string Name => Value.Value;
    }

    /// <summary>A smarthost.</summary>
    public sealed record Smarthost(RouteTarget.Smarthost Target) : NextHop
    {
        public override string Name => Target.Host;
    }
}
