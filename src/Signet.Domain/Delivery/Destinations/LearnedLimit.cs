namespace Signet.Delivery.Destinations;

/// <summary>
/// How many messages a destination was seen to take on one connection before it ended it. Some receivers publish no figure, or another one for
/// each sender.
/// </summary>
internal sealed record LearnedLimit
{
    /// <summary>How long it counts.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private int Messages { get; init; } = int.MaxValue;

    /// <summary>After how many a connection broke without a word: any connection may, so it takes two that agree.</summary>
    private int Suspected { get; init; }

    /// <summary>Until when there is something to remember.</summary>
    public DateTimeOffset Until { get; private init; }

    public static LearnedLimit None { get; } = new();

    /// <summary>The destination ended a connection that was in use.</summary>
    /// <param name="messages">That it had taken on it.</param>
    /// <param name="said">Whether it said so, by 421.</param>
    /// <param name="now">The time.</param>
    public LearnedLimit End(int messages, bool said, DateTimeOffset now)
    {
        var limit = Math.Max(1, messages);
        return said || (Suspected == limit && now < Until)
            ? new LearnedLimit { Messages = limit, Suspected = limit, Until = now + Kept }
            : this with { Suspected = limit, Until = now + Kept };
    }

    /// <summary>Messages for one connection.</summary>
    public int Of(int most, DateTimeOffset now) => now < Until ? Math.Min(most, Messages) : most;
}
