namespace Signet.Storage;

/// <summary>
/// How the 24-hour quota is read from <c>quota_use</c>, the running total that triggers keep beside the counters: what differs is that
/// units of PostgreSQL run side by side. All take <c>@account</c>, <c>@region</c> and <c>@expired</c>, the last minute that no longer
/// counts. The total may stand at another minute, of a node whose clock differs or of a send long ago: the minutes between are added
/// or taken off.
/// </summary>
/// <param name="Used">The recipients of all minutes after <c>@expired</c>.</param>
/// <param name="IsLeft">
/// 1 when less than <c>@quota</c> is used, else 0. Null where units run side by side: there <paramref name="Guard"/> is for that.
/// </param>
/// <param name="Guard">
/// Stops the unit (<see cref="UnitStoppedException"/>) when <c>@quota</c> is used up; until the unit ends, no other uses what it takes.
/// It goes in one round trip with the statements that it guards. Null where units run one after the other.
/// </param>
internal sealed record QuotaQueries(string Used, string? IsLeft, string? Guard)
{
    /// <summary>Takes off what has left the window, for an account that sends no more and would be added up at length each time.</summary>
    public const string Expire =
        """
        UPDATE quota_use SET
            recipients = recipients - (SELECT COALESCE(SUM(c.quota_recipients), 0) FROM sending_counter c
                WHERE c.account = quota_use.account AND c.region = quota_use.region AND c.slot = quota_use.slot
                    AND c.minute > quota_use.expired AND c.minute <= @expired),
            expired = @expired
        WHERE account = @account AND region = @region AND expired < @expired
        """;

    private const string UsedOnSqlite =
        """
        SELECT COALESCE(SUM(u.recipients
            - CASE WHEN u.expired < @expired THEN (SELECT COALESCE(SUM(c.quota_recipients), 0) FROM sending_counter c
                WHERE c.account = u.account AND c.region = u.region AND c.slot = u.slot AND c.minute > u.expired AND c.minute <= @expired)
                ELSE 0 END
            + CASE WHEN u.expired > @expired THEN (SELECT COALESCE(SUM(c.quota_recipients), 0) FROM sending_counter c
                WHERE c.account = u.account AND c.region = u.region AND c.slot = u.slot AND c.minute > @expired AND c.minute <= u.expired)
                ELSE 0 END), 0)
        FROM quota_use u WHERE u.account = @account AND u.region = @region
        """;

    /// <summary>What is read holds, for units run one after the other.</summary>
    public static QuotaQueries Sqlite { get; } = new(UsedOnSqlite, $"SELECT ({UsedOnSqlite}) < @quota", null);

    /// <summary>The functions of migration 0017.</summary>
    public static QuotaQueries Postgres { get; } = new(
        "SELECT quota_used(@account, @region, @expired)",
        null,
        $"SELECT hold_quota(@account, @region, @expired, @quota, {Addresses.MailboxLimit.Recipients.Max})");
}
