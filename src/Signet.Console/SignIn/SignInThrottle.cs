using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Signet.Console.SignIn;

/// <summary>
/// How often one client may try to sign in, whatever the names: the waits of <see cref="Signet.Operators.SignInWaits"/> are for each name. In
/// memory, for it only slows down.
/// </summary>
internal sealed class SignInThrottle : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> limiter = PartitionedRateLimiter.Create<IPAddress, string>(client =>
        RateLimitPartition.GetSlidingWindowLimiter(Group(client), _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = 30,
            Window = TimeSpan.FromMinutes(1),
            SegmentsPerWindow = 6,
            QueueLimit = 0,
        }));

    public bool Allows(IPAddress client)
    {
        using var lease = limiter.AttemptAcquire(client);
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

    // A network of IPv6 is one client: who has one address of it has all.
    private static string Group(IPAddress client)
    {
        var address = client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client;
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
