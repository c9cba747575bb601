using System.Net;
using System.Net.Sockets;

namespace Signet.Addresses;

/// <summary>
/// Which addresses strangers may make us talk to. The rest is this machine or its network, which whoever sets up a domain or writes a link
/// could otherwise reach through us (ses/delivery.md §2).
/// </summary>
public static class PublicAddresses
{
    private static readonly IPNetwork[] Reserved =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
            "224.0.0.0/4", "240.0.0.0/4", "::/128", "::1/128", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>False for loopback, private, link-local, multicast and unspecified addresses, also when an IPv6 address wraps one.</summary>
    public static bool Contains(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return Contains(address.MapToIPv4());
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6 && Nat64.Contains(address))
        {
            return Contains(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        }

        return !Array.Exists(Reserved, n => n.Contains(address));
    }
}
