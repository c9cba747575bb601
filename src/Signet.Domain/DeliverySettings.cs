using Signet.Delivery;
using Signet.Delivery.Destinations;
using Signet.Dkim;

namespace Signet;

/// <summary>What a server does with the mail that it has accepted.</summary>
/// <param name="Routes">First match wins; the last one matches everything.</param>
/// <param name="MxPort">The port of mail exchangers.</param>
/// <param name="ServerKey">What all mail is signed with besides the sender's own key; null for nothing.</param>
/// <param name="AllowsPrivateHosts">Whether a domain's mail exchangers may be on this machine or in a private network.</param>
/// <param name="Retain">How long contents are kept; see <see cref="Archive.Retention"/>.</param>
public sealed record DeliverySettings(
    IReadOnlyList<Route> Routes, int MxPort, SigningKey? ServerKey, bool AllowsPrivateHosts, TimeSpan Retain)
{
    /// <summary>Bytes of contents that are kept at most, in all; null for no limit. At least 1 MB.</summary>
    public long? MaxContent { get; init; }

    /// <summary>What the hosts of domains take.</summary>
    public Receivers Receivers { get; init; } = Receivers.Shipped;
}
