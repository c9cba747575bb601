using System.Net;
using Signet.Delivery.Destinations;

namespace Signet.Delivery.Tls;

/// <summary>
/// The one place that decides what TLS must be: everybody who has a say is asked, and the strictest wins. Of equals the first is named.
/// <see cref="OfDomain"/> runs when the hosts of a domain are known, so a policy of the domain itself (MTA-STS) belongs there;
/// <see cref="At"/> runs for each connection, so what the DNS says of one host (DANE) belongs there.
/// </summary>
internal static class TlsPolicies
{
    private static readonly TlsPolicy _smtps = new(TlsLevel.Required, "smtps");
    private static readonly TlsPolicy _password = new(TlsLevel.Verified, "smarthost password");

    /// <summary>For the exchangers of a domain. Its level is part of what tells destinations apart.</summary>
    /// <param name="route">What the route of the domain asks for.</param>
    /// <param name="receiver">Who receives there.</param>
    public static TlsPolicy OfDomain(TlsPolicy? route, Receiver receiver) => Strictest([route, receiver.Limits.Tls]);

    /// <summary>For a smarthost.</summary>
    /// <param name="smarthost">Which.</param>
    /// <param name="isLocal">Whether its address is one of loopback: a password that goes there does not leave the machine.</param>
    public static TlsPolicy OfSmarthost(RouteTarget.Smarthost smarthost, bool isLocal) => Strictest(
        [smarthost.Tls, smarthost.ImplicitTls ? _smtps : null, smarthost.User is not null && !isLocal ? _password : null]);

    /// <summary>For a connection.</summary>
    /// <param name="batch">What it is opened for.</param>
    /// <param name="address">Where it goes.</param>
    public static TlsPolicy At(DeliveryBatch batch, HostAddress address) => batch.Hop is NextHop.Smarthost { Target: var smarthost }
        ? OfSmarthost(smarthost, IPAddress.IsLoopback(address.EndPoint.Address))
        : batch.Tls;

    private static TlsPolicy Strictest(ReadOnlySpan<TlsPolicy?> asking)
    {
        TlsPolicy? strictest = null;
        foreach (var policy in asking)
        {
            if (policy is not null && !(policy.Level <= strictest?.Level))
            {
                strictest = policy;
            }
        }

        return strictest ?? TlsPolicy.Default;
    }
}
