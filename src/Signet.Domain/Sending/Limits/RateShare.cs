namespace Signet.Sending.Limits;

/// <summary>
/// What one node grants of a rate that all nodes share: an equal part. Parts that others do not use are not borrowed, which would need a write for
/// each account and second; the load balancer is to spread requests evenly.
/// </summary>
public static class RateShare
{
    /// <summary>No share is less, unless the whole rate is: in recipients per second. A client that sends one message a second to one node is served.</summary>
    public const double Least = 1;

    /// <summary>The share of one node, in recipients per second.</summary>
    /// <param name="rate">The rate of all nodes together, above 0.</param>
    /// <param name="nodes">How many nodes are alive, from 1.</param>
    public static double Of(double rate, int nodes) => Math.Max(rate / nodes, Math.Min(rate, Least));
}
