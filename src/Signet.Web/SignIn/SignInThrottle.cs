using System.Net;
using System.Threading.RateLimiting;
using Signet.Addresses;

namespace Signet.Web.SignIn;

/// <summary>
/// How often one client may try to sign in, whatever the names: the waits of <see cref="Signet.Operators.SignInWaits"/> are for each name. In
/// memory, for it only slows down.
/// </summary>
internal sealed class SignInThrottle : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> limiter = PartitionedRateLimiter.Create<IPAddress, string>(client =>
        RateLimitPartition.GetSlidingWindowLimiter(ClientNetwork.Of(client), _ => new SlidingWindowRateLimiterOptions
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
}
