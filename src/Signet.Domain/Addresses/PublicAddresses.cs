using System.Net;
using System.Net.Sockets;

namespace Signet.Addresses;

/// <summary>
/// Which addresses strangers may make us talk to. The rest is this machine, its network or its cloud, which whoever sets up a domain or
/// writes a link could otherwise reach through us.
/// </summary>
/// <remarks>
/// The table is the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190) as of 2025-10-09, at
/// https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/iana-ipv6-special-registry. A block is
/// public if its row says "Globally Reachable: True". A row that says "N/A" is not: such a block carries other addresses inside.
/// The last rows are not in these registries.
/// </remarks>
public static class PublicAddresses
{
    // The longest block that holds an address decides.
    private static readonly Block[] Table =
    [
        // IPv4.
        new("0.0.0.0/0", true), // What no other row names.
        new("0.0.0.0/8", false), // "This network"
        new("0.0.0.0/32", false), // "This host on this network"
        new("10.0.0.0/8", false), // Private-Use
        new("100.64.0.0/10", false), // Shared Address Space
        new("127.0.0.0/8", false), // Loopback
        new("169.254.0.0/16", false), // Link Local
        new("172.16.0.0/12", false), // Private-Use
        new("192.0.0.0/24", false), // IETF Protocol Assignments
        new("192.0.0.0/29", false), // IPv4 Service Continuity Prefix
        new("192.0.0.8/32", false), // IPv4 dummy address
        new("192.0.0.9/32", true), // Port Control Protocol Anycast
        new("192.0.0.10/32", true), // Traversal Using Relays around NAT Anycast
        new("192.0.0.170/32", false), // NAT64/DNS64 Discovery
        new("192.0.0.171/32", false), // NAT64/DNS64 Discovery
        new("192.0.2.0/24", false), // Documentation (TEST-NET-1)
        new("192.31.196.0/24", true), // AS112-v4
        new("192.52.193.0/24", true), // AMT
        new("192.88.99.0/24", false), // Deprecated (6to4 Relay Anycast): N/A
        new("192.88.99.2/32", false), // 6a44-relay anycast address
        new("192.168.0.0/16", false), // Private-Use
        new("192.175.48.0/24", true), // Direct Delegation AS112 Service
        new("198.18.0.0/15", false), // Benchmarking
        new("198.51.100.0/24", false), // Documentation (TEST-NET-2)
        new("203.0.113.0/24", false), // Documentation (TEST-NET-3)
        new("240.0.0.0/4", false), // Reserved
        new("255.255.255.255/32", false), // Limited Broadcast

        // IPv6.
        new("::1/128", false), // Loopback Address
        new("::/128", false), // Unspecified Address
        new("::ffff:0:0/96", false), // IPv4-mapped Address: see Inside
        new("64:ff9b::/96", false), // IPv4-IPv6 Translat.: see Inside
        new("64:ff9b:1::/48", false), // IPv4-IPv6 Translat.
        new("100::/64", false), // Discard-Only Address Block
        new("100:0:0:1::/64", false), // Dummy IPv6 Prefix
        new("2001::/23", false), // IETF Protocol Assignments
        new("2001::/32", false), // TEREDO: N/A
        new("2001:1::1/128", true), // Port Control Protocol Anycast
        new("2001:1::2/128", true), // Traversal Using Relays around NAT Anycast
        new("2001:1::3/128", true), // DNS-SD Service Registration Protocol Anycast
        new("2001:2::/48", false), // Benchmarking
        new("2001:3::/32", true), // AMT
        new("2001:4:112::/48", true), // AS112-v6
        new("2001:10::/28", false), // Deprecated (previously ORCHID)
        new("2001:20::/28", true), // ORCHIDv2
        new("2001:30::/28", true), // Drone Remote ID Protocol Entity Tags (DETs) Prefix
        new("2001:db8::/32", false), // Documentation
        new("2002::/16", false), // 6to4: N/A
        new("2620:4f:8000::/48", true), // Direct Delegation AS112 Service
        new("3fff::/20", false), // Documentation
        new("5f00::/16", false), // Segment Routing (SRv6) SIDs
        new("fc00::/7", false), // Unique-Local
        new("fe80::/10", false), // Link-Local Unicast

        // Multicast (RFC 5771). That of IPv6 is outside global unicast.
        new("224.0.0.0/4", false),

        // Where Azure answers each of its machines, with settings and secrets of that machine.
        new("168.63.129.16/32", false),

        // All that IANA gives to networks today is in 2000::/3 (https://www.iana.org/assignments/ipv6-address-space). Outside are
        // multicast, site-local, and IPv4-compatible addresses (RFC 4291 §2.5.5.1).
        new("::/0", false),
        new("2000::/3", true),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>
    /// Whether the address is globally reachable. An IPv4-mapped address, and one of NAT64's well-known prefix, is judged by the IPv4 address
    /// inside.
    /// </summary>
    public static bool Contains(IPAddress address)
    {
        var judged = Inside(address) ?? address;
        return Table.Where(b => b.Network.Contains(judged)).MaxBy(b => b.Network.PrefixLength)!.IsPublic;
    }

    private static IPAddress? Inside(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 && Nat64.Contains(address)
            ? new IPAddress(address.GetAddressBytes().AsSpan(12))
        : null;

    private sealed record Block(IPNetwork Network, bool IsPublic)
    {
        public Block(string network, bool isPublic)
            : this(IPNetwork.Parse(network), isPublic)
        {
        }
    }
}
