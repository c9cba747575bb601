using Signet.Events;
using Signet.Names;

namespace Signet.Storage;

/// <summary>The counters per minute that quota and statistics are added up from.</summary>
internal static class SendingCounter
{
    public const long MillisecondsPerMinute = 60_000;

    public const long MinutesPerDay = 24 * 60;

    public static long Minute(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / MillisecondsPerMinute;

    /// <summary>Counts an accepted message.</summary>
    public static SqlStatement Accepted(Dialect dialect, AccountRegion owner, DateTimeOffset at, string messageId, int quotaUse, int recipients) =>
        Add(dialect, owner, at, messageId, (quotaUse, recipients, 0, 0, 0));

    /// <summary>Counts accepted messages, in sets, each account and minute once and in one order.</summary>
    public static IReadOnlyList<SqlStatement> Accepted(IEnumerable<Queue.NewMessage> messages) => RowSets.Of(messages
        .Where(m => m.Owner is not null)
        .GroupBy(m => (Owner: m.Owner!.Value, Minute: Minute(m.AcceptedAt)))
        .OrderBy(g => $"{g.Key.Owner.Account} {g.Key.Owner.Region}", StringComparer.Ordinal).ThenBy(g => g.Key.Minute)
        .Select(g => Add(g.Key.Owner, g.First().AcceptedAt, 0, (g.Sum(m => m.QuotaUse), g.Sum(m => m.Recipients.Count), 0, 0, 0))));

    /// <summary>Counts an event that statistics know; null for the others, and for mail of the server itself.</summary>
    public static SqlStatement? Happened(Dialect dialect, MessageEvent happened) => (happened.Type, happened.Owner) switch
    {
        (EventType.Bounce, { } owner) => Add(dialect, owner, happened.At, happened.MessageId.Value, (0, 0, 1, 0, 0)),
        (EventType.Complaint, { } owner) => Add(dialect, owner, happened.At, happened.MessageId.Value, (0, 0, 0, 1, 0)),
        (EventType.Reject, { } owner) => Add(dialect, owner, happened.At, happened.MessageId.Value, (0, 0, 0, 0, 1)),
        _ => null,
    };

    /// <summary>Recipients that count against the quota in the 24 hours before <paramref name="now"/>, to the minute.</summary>
    public static Task<long> QuotaUsedAsync(Session session, AccountRegion owner, DateTimeOffset now) =>
        session.CountAsync(session.Dialect.QuotaUsed, Window(owner, now));

    /// <summary>Brings the total up to date for an account that is refused and so counts nothing, which would do the same.</summary>
    public static SqlStatement Expire(AccountRegion owner, DateTimeOffset now) => new(QuotaQueries.Expire, Window(owner, now));

    private static (string Name, object? Value)[] Window(AccountRegion owner, DateTimeOffset now) =>
        [("account", owner.Account.Value), ("region", owner.Region.Value), ("expired", Minute(now) - MinutesPerDay)];

    private static SqlStatement Add(
        Dialect dialect, AccountRegion owner, DateTimeOffset at, string messageId,
        (int Quota, int Attempts, int Bounces, int Complaints, int Rejects) counts) =>
        Add(owner, at, (uint)messageId.GetHashCode(StringComparison.Ordinal) % dialect.CounterSlots, counts);

    private static SqlStatement Add(
        AccountRegion owner, DateTimeOffset at, long slot, (int Quota, int Attempts, int Bounces, int Complaints, int Rejects) counts) => new(
        """
        INSERT INTO sending_counter (account, region, minute, slot, quota_recipients, attempts, bounces, complaints, rejects)
        VALUES (@account, @region, @minute, @slot, @quota, @attempts, @bounces, @complaints, @rejects)
        ON CONFLICT (account, region, minute, slot) DO UPDATE SET
            quota_recipients = sending_counter.quota_recipients + excluded.quota_recipients,
            attempts = sending_counter.attempts + excluded.attempts,
            bounces = sending_counter.bounces + excluded.bounces,
            complaints = sending_counter.complaints + excluded.complaints,
            rejects = sending_counter.rejects + excluded.rejects
        """,
        ("account", owner.Account.Value), ("region", owner.Region.Value), ("minute", Minute(at)),
        ("slot", slot),
        ("quota", counts.Quota), ("attempts", counts.Attempts), ("bounces", counts.Bounces),
        ("complaints", counts.Complaints), ("rejects", counts.Rejects));
}
