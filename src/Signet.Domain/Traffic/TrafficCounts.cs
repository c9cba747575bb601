namespace Signet.Traffic;

/// <summary>What happened to recipients in some time. All of it is counted by recipient, so that the numbers can be compared.</summary>
/// <param name="Accepted">Recipients of messages that were accepted.</param>
/// <param name="Delivered">Deliveries made; captured mail counts too.</param>
/// <param name="Deferred">Attempts that were put off: one delivery may be deferred many times.</param>
/// <param name="Bounced">Bounces: recipients given up or reported as failed. What an operator dropped is none.</param>
/// <param name="Complained">Complaints.</param>
/// <param name="Rejected">Recipients of messages rejected after acceptance.</param>
public readonly record struct TrafficCounts(
    long Accepted, long Delivered, long Deferred, long Bounced, long Complained, long Rejected)
{
    public long Total => Accepted + Delivered + Deferred + Bounced + Complained + Rejected;

    /// <summary>Bounces in proportion to what was accepted in the same time; null when nothing was. Those that come late may make it more than 1.</summary>
    public double? BounceRate => Rate(Bounced);

    /// <summary>Complaints likewise.</summary>
    public double? ComplaintRate => Rate(Complained);

    public static TrafficCounts operator +(TrafficCounts a, TrafficCounts b) => new(
        a.Accepted + b.Accepted, a.Delivered + b.Delivered, a.Deferred + b.Deferred, a.Bounced + b.Bounced,
        a.Complained + b.Complained, a.Rejected + b.Rejected);

    /// <summary>One of a kind.</summary>
    public static TrafficCounts Of(TrafficKind kind) => kind switch
    {
        TrafficKind.Accepted => new(1, 0, 0, 0, 0, 0),
        TrafficKind.Delivered => new(0, 1, 0, 0, 0, 0),
        TrafficKind.Deferred => new(0, 0, 1, 0, 0, 0),
        TrafficKind.Bounced => new(0, 0, 0, 1, 0, 0),
        TrafficKind.Complained => new(0, 0, 0, 0, 1, 0),
        TrafficKind.Rejected => new(0, 0, 0, 0, 0, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private double? Rate(long count) => Accepted == 0 ? null : (double)count / Accepted;
}

/// <summary>What is counted: the fields of <see cref="TrafficCounts"/>.</summary>
public enum TrafficKind
{
    Accepted,
    Delivered,
    Deferred,
    Bounced,
    Complained,
    Rejected,
}
