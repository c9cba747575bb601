using System.Net;

namespace Signet.Addresses;

/// <summary>The network by which clients are distinguished.</summary>
public static class ClientNetwork
{
    /// <summary>The address; of IPv6 the network of 64 bits, which one client has whole.</summary>
    public static string Of(IPAddress client)
    {
        var address = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        return address.GetAddressBytes() is { Length: 16 } bytes
            ? $"{new IPAddress([.. bytes[..8], .. new byte[8]])}/64"
            : address.ToString();
    }
}
