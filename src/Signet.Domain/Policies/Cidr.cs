using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Signet.Policies;

/// <summary>
/// A range of IPv4 or IPv6 addresses (RFC 4632 §3.1, RFC 4291 §2.3); a bare address is a range of one. Bits behind the prefix do not
/// count. A range of IPv4-mapped addresses is the IPv4 range; the two families never match each other.
/// </summary>
internal sealed class Cidr
{
    private readonly AddressFamily _family;
    private readonly UInt128 _network;
    private readonly UInt128 _mask;

    private Cidr(AddressFamily family, UInt128 address, UInt128 mask)
    {
        _family = family;
        _network = address & mask;
        _mask = mask;
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out Cidr? range)
    {
        range = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryParseAddress(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var prefix = bits;
        if (slash >= 0
            && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits))
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6 && prefix >= 96)
        {
            address = address.MapToIPv4();
            bits = 32;
            prefix -= 96;
        }

        var mask = prefix == 0 ? UInt128.Zero : UInt128.MaxValue << (bits - prefix);
        range = new Cidr(address.AddressFamily, ToNumber(address), mask);
        return true;
    }

    public bool Contains(IPAddress address) => address.AddressFamily == _family && (ToNumber(address) & _mask) == _network;

    /// <summary>Only the usual spellings: not <c>10.1</c>, <c>0x7f000001</c> or <c>fe80::1%eth0</c>, which .NET reads too.</summary>
    private static bool TryParseAddress(string text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address)
        && (address.AddressFamily == AddressFamily.InterNetwork
            ? address.ToString() == text
            : text.AsSpan().IndexOfAny('%', '[', '/') < 0);

    private static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
