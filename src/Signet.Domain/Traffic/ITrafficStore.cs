using Signet.Names;

namespace Signet.Traffic;

/// <summary>
/// What was accepted, delivered, deferred, bounced, complained about and rejected over time. It is counted after the fact
/// (<see cref="TrafficCounting"/>), so an answer is a few seconds behind; further only while mail comes in faster than it is counted.
/// What happened to a message that was deleted before it was counted is in no answer.
/// </summary>
public interface ITrafficStore
{
    /// <summary>
    /// A point for each step that the span touches, oldest first. Steps begin at multiples of their length since 1970, and the first
    /// and last are whole ones. Where nothing was counted, or it is no longer kept (<see cref="TrafficResolution.Kept"/>: 15 days in
    /// steps of whole hours, 3 days in quarters of an hour, 12 hours in other minutes), the numbers are zero.
    /// </summary>
    /// <exception cref="ArgumentException">The step is not made of whole minutes, or there would be too many.</exception>
    Task<IReadOnlyList<TrafficPoint>> ReadAsync(TrafficQuery query, CancellationToken cancel);

    /// <summary>
    /// Those with most traffic of all kinds in what <see cref="ReadAsync"/> would show, the busiest first. In each period of an account
    /// only the first <see cref="Tally.MostNames"/> names or so are kept apart: of a name that is rare some may be missing.
    /// </summary>
    /// <param name="query">The span; also of one identity or to one destination only if it is of the same kind.</param>
    /// <param name="by">What to tell apart.</param>
    /// <param name="limit">How many.</param>
    /// <param name="cancel">Gives up.</param>
    Task<IReadOnlyList<TrafficShare>> TopAsync(TrafficQuery query, TrafficDimension by, int limit, CancellationToken cancel);
}

/// <summary>What traffic is broken down by. The two are counted separately, not one within the other.</summary>
public enum TrafficDimension
{
    /// <summary>The ARN of the identity that let it be sent. Signet's own mail has none.</summary>
    Identity,

    /// <summary>The recipient's domain.</summary>
    Destination,
}

/// <summary>Which traffic, and how finely.</summary>
/// <param name="Since">From the step that this time is in.</param>
/// <param name="Until">To the step before this time, or that it is in.</param>
/// <param name="Step">Whole minutes.</param>
public sealed record TrafficQuery(DateTimeOffset Since, DateTimeOffset Until, TimeSpan Step)
{
    /// <summary>Who sent; null is everybody.</summary>
    public AccountId? Account { get; init; }

    /// <summary>
    /// Whether mail of the server itself counts too (<see cref="Queue.ServerMail"/>). Off unless set, because only administrators of the
    /// whole server may see that it was sent.
    /// </summary>
    public bool WithServerMail { get; init; }

    /// <summary>Where; null is everywhere.</summary>
    public Region? Region { get; init; }

    /// <summary>One identity or one destination; null is all.</summary>
    public TrafficName? Of { get; init; }
}

/// <summary>An identity's ARN, or a destination's domain.</summary>
public sealed record TrafficName(TrafficDimension Dimension, string Name)
{
    public static TrafficName Identity(IdentityArn arn) => new(TrafficDimension.Identity, arn.ToString());

    public static TrafficName Destination(Addresses.DomainName domain) => new(TrafficDimension.Destination, domain.Value);
}

/// <summary>One step of a chart.</summary>
public sealed record TrafficPoint(DateTimeOffset Start, TrafficCounts Counts);

/// <summary>What one identity or destination had in a span.</summary>
public sealed record TrafficShare(string Name, TrafficCounts Counts);
