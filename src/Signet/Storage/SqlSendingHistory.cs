using Signet.Names;
using Signet.Policies;
using Signet.Sending;

namespace Signet.Storage;

/// <inheritdoc cref="ISendingHistory"/>
public sealed class SqlSendingHistory(Database database) : ISendingHistory
{
    /// <summary>SES: data points of the last fourteen days.</summary>
    private const long StatisticsMinutes = 14 * SendingCounter.MinutesPerDay;

    private const long PeriodMilliseconds = 15 * SendingCounter.MillisecondsPerMinute;

    /// <inheritdoc/>
    public Task<long> QuotaUsedAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) =>
        database.ReadAsync(session => SendingCounter.QuotaUsedAsync(session, owner, now), cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SendStatistics>> StatisticsAsync(AccountRegion owner, DateTimeOffset now, CancellationToken cancel) =>
        await database.ReadAsync(
            session => session.QueryAsync(
                """
                SELECT minute / 15, CAST(SUM(attempts) AS BIGINT), CAST(SUM(bounces) AS BIGINT), CAST(SUM(complaints) AS BIGINT),
                    CAST(SUM(rejects) AS BIGINT)
                FROM sending_counter WHERE account = @account AND region = @region AND minute > @after
                GROUP BY minute / 15 ORDER BY minute / 15
                """,
                r => new SendStatistics(
                    DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(0) * PeriodMilliseconds),
                    r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4)),
                ("account", owner.Account.Value), ("region", owner.Region.Value),
                ("after", SendingCounter.Minute(now) - StatisticsMinutes)),
            cancel);

    /// <inheritdoc/>
    public Task RecordRefusalAsync(RefusedSend refusal, CancellationToken cancel) => database.WriteAsync(
        session => session.ExecuteAsync(
            """
            INSERT INTO refusal (id, at, account, region, refusal, recipients, decision)
            VALUES (@id, @at, @account, @region, @refusal, @recipients, @decision)
            """,
            ("id", refusal.Id), ("at", refusal.At), ("account", refusal.Owner.Account.Value), ("region", refusal.Owner.Region.Value),
            ("refusal", refusal.Refusal),
            ("recipients", StorageJson.Write(refusal.Recipients, StorageJson.Default.IReadOnlyListString)),
            ("decision", DecisionJson.Write(refusal.Decision))),
        cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RefusedSend>> RefusalsAsync(AccountRegion? owner, int limit, CancellationToken cancel)
    {
        var conditions = new Conditions();
        conditions.Owner(owner);
        return await database.ReadAsync(
            session => session.QueryAsync(
                $"""
                SELECT id, at, account, region, refusal, recipients, decision FROM refusal
                {conditions.Where} ORDER BY id DESC LIMIT @limit
                """,
                r => new RefusedSend(
                    Guid.Parse(r.GetString(0)), r.Time(1), r.Scope(2), r.GetString(4),
                    StorageJson.Read(r.GetString(5), StorageJson.Default.IReadOnlyListString),
                    DecisionJson.Read(r.GetString(6))),
                [.. conditions.Values, ("limit", limit)]),
            cancel);
    }
}
