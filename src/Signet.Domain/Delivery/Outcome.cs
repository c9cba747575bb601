namespace Signet.Delivery;

/// <summary>How an attempt to deliver ended for one recipient.</summary>
public abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>The next hop has the message.</summary>
    public sealed record Delivered : Outcome;

    /// <summary>Not now.</summary>
    /// <param name="NotBefore">When trying again makes sense at the earliest; null leaves it to the schedule.</param>
    public sealed record Deferred(DateTimeOffset? NotBefore = null) : Outcome;

    /// <summary>Never.</summary>
    public sealed record Failed : Outcome;
}
