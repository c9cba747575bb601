namespace Signet.Storage;

/// <summary>
/// How the 24-hour quota is read from <c>quota_use</c>, the running total that triggers keep beside the counters. All take <c>@account</c>,
/// <c>@region</c> and <c>@expired</c>, the last minute that no longer counts. The total may stand at another minute, of a node whose clock
/// differs or of a send long ago: the minutes between are added or taken off.
/// </summary>
internal static class QuotaQueries
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

    /// <summary>The recipients of all minutes after <c>@expired</c>.</summary>
    public const string UsedOnSqlite =
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

    /// <summary>The same by the function of migration 0017.</summary>
    public const string UsedOnPostgres = "SELECT quota_used(@account, @region, @expired)";
}
