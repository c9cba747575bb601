using Signet.Names;

namespace Signet.Sending;

/// <summary>What an account has used and what came of it: quota, statistics and refusals.</summary>
public interface ISendingHistory
{
    /// <summary>Recipients that count against the quota, accepted in the 24 hours before <paramref name="now"/> (to the minute).</summary>
    Task<long> QuotaUsedAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel);

    /// <summary>Counts in periods of 15 minutes, oldest first, empty periods left out, of the last two weeks.</summary>
    Task<IReadOnlyList<SendStatistics>> StatisticsAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel);

    /// <summary>How many refusals of a kind are kept of one account, in all its regions, whose callers are proven.</summary>
    const int MaxRefusals = 1_000;

    /// <summary>How many are kept whose callers are not proven: of one account whose key they name, and of all that name no key there is.</summary>
    const int MaxUnprovenRefusals = 100;

    /// <summary>Keeps a refusal so that it can be explained later; the oldest of its kind goes when there are too many.</summary>
    Task RecordRefusalAsync(RefusedRequest refusal, CancellationToken cancel);

    /// <summary>A page of the refusals that match, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="before">The last of the page before, which need not be there any more; null begins.</param>
    /// <param name="limit">The size of a page.</param>
    /// <param name="cancel">Gives up.</param>
    Task<IReadOnlyList<RefusedRequest>> RefusalsAsync(RefusalFilter filter, Guid? before, int limit, CancellationToken cancel);

    /// <summary>One refusal; null when it is unknown or no longer kept.</summary>
    Task<RefusedRequest?> FindRefusalAsync(Guid id, CancellationToken cancel);
}

/// <summary>All that is given must match; an empty one matches every refusal.</summary>
public sealed record RefusalFilter
{
    /// <summary>The caller's, or that of the access key an unproven request names.</summary>
    public AccountId? Account { get; init; }

    /// <summary>The caller's.</summary>
    public Region? Region { get; init; }

    /// <summary>Part of the refusal, its code, the caller, the action, an address that was checked or a recipient; case does not count.</summary>
    public string? Text { get; init; }

    /// <summary>Refused at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Refused before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Those of an account in a region; of all without one.</summary>
    public static RefusalFilter Of(AccountRegion? owner) => new() { Account = owner?.Account, Region = owner?.Region };
}

/// <summary>One data point of GetSendStatistics.</summary>
/// <param name="Start">Start of the 15 minutes.</param>
/// <param name="DeliveryAttempts">Recipients accepted.</param>
/// <param name="Bounces">Hard bounces.</param>
/// <param name="Complaints">Complaints.</param>
/// <param name="Rejects">Messages rejected after acceptance.</param>
public sealed record SendStatistics(DateTimeOffset Start, long DeliveryAttempts, long Bounces, long Complaints, long Rejects);
