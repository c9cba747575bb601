using System.Net;
using System.Net.Sockets;

namespace Signet.Delivery.Destinations;

/// <summary>A local address that connections are made from.</summary>
/// <param name="Address">Of this machine.</param>
/// <param name="Weight">From 1: how much of the mail it gets, compared with the others.</param>
internal sealed record SourceAddress(IPAddress Address, int Weight);

/// <summary>The addresses of one sender for one destination, at most one for each version of IP.</summary>
/// <param name="V4">For IPv4 hosts.</param>
/// <param name="V6">For IPv6 hosts.</param>
internal sealed record Source(IPAddress? V4, IPAddress? V6)
{
    /// <summary>The system chooses.</summary>
    public static Source Any { get; } = new(null, null);

    /// <summary>
    /// The one for a host. Null when the system chooses; false when there are addresses of the other version of IP only, so that the host is not
    /// to be connected to: receivers judge mail by its address, and the system's choice is none of the operator's.
    /// </summary>
    public bool TryGet(IPAddress host, out IPAddress? address)
    {
        address = host.AddressFamily == AddressFamily.InterNetworkV6 ? V6 : V4;
        return address is not null || (V4 is null && V6 is null);
    }
}

/// <summary>
/// Chooses source addresses so that a sender keeps to one towards a destination: receivers judge each address by what came from it, and
/// greylisting waits for the same one. An address that is added or taken away moves only those who go to it or used it (rendezvous hashing:
/// D. Thaler and C. Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", 1998; weights as in the logarithmic method).
/// </summary>
internal static class SourceChoice
{
    /// <summary>Those of a sender at a destination.</summary>
    /// <param name="addresses">To choose from.</param>
    /// <param name="sender">Who sends: an account or a pool.</param>
    /// <param name="destination">Which hosts.</param>
    public static Source Of(IReadOnlyList<SourceAddress> addresses, string sender, string destination)
    {
        if (addresses.Count == 0)
        {
            return Source.Any;
        }

        var key = Hash(destination, Hash(sender, 14695981039346656037));
        return new Source(
            Best(addresses, AddressFamily.InterNetwork, key),
            Best(addresses, AddressFamily.InterNetworkV6, key));
    }

    private static IPAddress? Best(IReadOnlyList<SourceAddress> addresses, AddressFamily family, ulong key)
    {
        IPAddress? best = null;
        var highest = double.NegativeInfinity;
        foreach (var candidate in addresses)
        {
            if (candidate.Address.AddressFamily != family)
            {
                continue;
            }

            // From 0 to 1, neither of them.
            var chance = ((Mix(Hash(candidate.Address, key)) >> 11) + 0.5) / (1UL << 53);
            var score = candidate.Weight / -Math.Log(chance);
            if (score > highest)
            {
                (best, highest) = (candidate.Address, score);
            }
        }

        return best;
    }

    // FNV-1a: the same on every machine and in every process, unlike string.GetHashCode.
    private static ulong Hash(string text, ulong hash)
    {
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return (hash ^ 0xFFFF) * 1099511628211;
    }

    private static ulong Hash(IPAddress address, ulong hash)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        foreach (var b in bytes[..length])
        {
            hash = (hash ^ b) * 1099511628211;
        }

        return hash;
    }

    // The last bytes do not reach the high bits of FNV; this spreads them (the finalizer of SplitMix64).
    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
