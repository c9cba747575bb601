using System.Data.Common;
using Signet.Names;
using Signet.Policies;
using Signet.Sending;

namespace Signet.Storage;

/// <inheritdoc cref="ISendingHistory"/>
public sealed class SqlSendingHistory(Database database) : ISendingHistory
{
    /// <summary>SES: data points of the last fourteen days.</summary>
    private const long StatisticsMinutes = 14 * SendingCounter.MinutesPerDay;

    private const string RefusalColumns = "id, at, account, region, refusal, recipients, decision, proven, caller, action, code, status";

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
    public Task RecordRefusalAsync(RefusedRequest refusal, CancellationToken cancel)
    {
        var account = refusal.Owner?.Account.Value ?? "";
        IReadOnlyList<SqlStatement> statements =
        [
            new(
                $"""
                INSERT INTO refusal ({RefusalColumns}, searched)
                VALUES (@id, @at, @account, @region, @refusal, @recipients, @decision, @proven, @caller, @action, @code, @status, @searched)
                """,
                ("id", refusal.Id), ("at", refusal.At), ("account", account), ("region", refusal.Owner?.Region.Value ?? ""),
                ("refusal", refusal.Refusal),
                ("recipients", StorageJson.Write(refusal.Recipients, StorageJson.Default.IReadOnlyListString)),
                ("decision", DecisionOf(refusal)),
                ("proven", refusal.IsProven), ("caller", refusal.Caller), ("action", refusal.Action),
                ("code", refusal.Code), ("status", refusal.Status), ("searched", Searched(refusal))),
            new(
                """
                DELETE FROM refusal WHERE account = @account AND proven = @proven AND (decision = '') = (@decided = 0) AND id <= (
                    SELECT id FROM refusal WHERE account = @account AND proven = @proven AND (decision = '') = (@decided = 0)
                    ORDER BY id DESC LIMIT 1 OFFSET @kept)
                """,
                ("account", account), ("proven", refusal.IsProven), ("decided", refusal.Decision is not null),
                ("kept", refusal.IsProven ? ISendingHistory.MaxRefusals : ISendingHistory.MaxUnprovenRefusals)),
        ];
        return database.WriteAsync(session => session.ExecuteAllAsync(statements), cancel);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RefusedRequest>> RefusalsAsync(RefusalFilter filter, Guid? before, int limit, CancellationToken cancel)
    {
        var conditions = Of(filter, before);
        return await database.ReadAsync(
            session => session.QueryReadableAsync(
                $"SELECT {RefusalColumns} FROM refusal {conditions.Where} ORDER BY id DESC LIMIT @limit",
                ReadRefusal, [.. conditions.Values, ("limit", limit)]),
            cancel);
    }

    /// <inheritdoc/>
    public async Task<RefusedRequest?> FindRefusalAsync(Guid id, CancellationToken cancel) => (await database.ReadAsync(
        session => session.QueryReadableAsync($"SELECT {RefusalColumns} FROM refusal WHERE id = @id", ReadRefusal, ("id", id)),
        cancel)).SingleOrDefault();

    private Conditions Of(RefusalFilter filter, Guid? before)
    {
        var conditions = new Conditions();
        if (before is { } last)
        {
            conditions.Add("id < @before", "before", last);
        }

        if (filter.Account is { } account)
        {
            conditions.Add("account = @account", "account", account.Value);
        }

        if (filter.Region is { } region)
        {
            conditions.Add("region = @region", "region", region.Value);
        }

        if (filter.Since is { } since)
        {
            conditions.Add("at >= @since", "since", since);
        }

        if (filter.Until is { } until)
        {
            conditions.Add("at < @until", "until", until);
        }

        if (filter.Text is { } text)
        {
            conditions.Add($"{database.Dialect.Position}(searched, @text) > 0", "text", StoredText.Fold(text));
        }

        return conditions;
    }

    // A line each, so that a text is found within one of them.
    private static string Searched(RefusedRequest refusal) => StoredText.Fold(string.Join(
        '\n',
        new[] { refusal.Refusal, refusal.Code, refusal.Caller, refusal.Action }
            .Concat(refusal.Decision?.Checks.Select(c => c.Address) ?? []).Concat(refusal.Recipients).Distinct()));

    private static RefusedRequest ReadRefusal(DbDataReader row)
    {
        var at = row.Time(1);
        var recipients = StorageJson.TextsToShow(row.GetString(5));
        var decision = row.GetString(6) is { Length: > 0 } text
            ? DecisionJson.Read(text, wasAllowed: false, SendFacts.OfRefusal(row.GetString(8), row.GetString(9), row.Owner(2), at, recipients))
            : null;
        return new RefusedRequest(
            Guid.Parse(row.GetString(0)),
            at,
            row.Owner(2),
            row.Flag(7),
            row.GetString(8) is { Length: > 0 } caller ? caller : decision?.Principal ?? "",
            row.GetString(9) is { Length: > 0 } action ? action : decision?.Action ?? "",
            row.GetString(10),
            row.Int(11),
            row.GetString(4),
            recipients,
            decision);
    }

    private static string DecisionOf(RefusedRequest refusal) => refusal.Decision is not { } decision ? "" : StorageJson.Versioned(
        DecisionJson.Store(decision, SendFacts.OfRefusal(refusal.Caller, refusal.Action, refusal.Owner, refusal.At, refusal.Recipients)));
}
