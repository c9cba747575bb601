using System.Data.Common;
using Signet.Traffic;

namespace Signet.Storage;

/// <inheritdoc cref="ITrafficStore"/>
public sealed class SqlTrafficStore(Database database) : ITrafficStore
{
    private const string Sums =
        """
        CAST(SUM(accepted) AS BIGINT), CAST(SUM(delivered) AS BIGINT), CAST(SUM(deferred) AS BIGINT),
            CAST(SUM(bounced) AS BIGINT), CAST(SUM(complained) AS BIGINT), CAST(SUM(rejected) AS BIGINT)
        """;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TrafficPoint>> ReadAsync(TrafficQuery query, CancellationToken cancel)
    {
        if (Conditions(query, query.Of?.Dimension) is not { } conditions)
        {
            return [];
        }

        var counted = await database.ReadAsync(
            session => session.QueryAsync(
                $"SELECT start - start % @step, {Sums} FROM traffic {conditions.Where} GROUP BY 1",
                r => new TrafficPoint(DateTimeOffset.UnixEpoch.AddMinutes(r.GetInt64(0)), Read(r)),
                [.. conditions.Values, ("step", (long)query.Step.TotalMinutes)]),
            cancel);
        return Timeline.Fill(counted, query.Since, query.Until, query.Step);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TrafficShare>> TopAsync(TrafficQuery query, TrafficDimension by, int limit, CancellationToken cancel)
    {
        if (query.Of is { } of && of.Dimension != by)
        {
            throw new ArgumentException($"traffic by {by} is not counted by {of.Dimension}", nameof(query));
        }

        if (Conditions(query, by) is not { } conditions)
        {
            return [];
        }

        conditions.Add($"name <> '{Tally.Others}'");
        return await database.ReadAsync(
            session => session.QueryAsync(
                $"""
                SELECT name, {Sums} FROM traffic {conditions.Where} GROUP BY name
                ORDER BY SUM(accepted + delivered + deferred + bounced + complained + rejected) DESC, name LIMIT @limit
                """,
                r => new TrafficShare(r.GetString(0), Read(r)),
                [.. conditions.Values, ("limit", limit)]),
            cancel);
    }

    // Null when the span is empty.
    private static Conditions? Conditions(TrafficQuery query, TrafficDimension? dimension)
    {
        var resolution = TrafficResolution.For(query.Step);
        var starts = Timeline.Starts(query.Since, query.Until, query.Step);
        if (starts.Count == 0)
        {
            return null;
        }

        var conditions = new Conditions();
        conditions.Add("resolution = @resolution", "resolution", resolution.Name);
        conditions.Add("dimension = @dimension", "dimension", dimension?.ToString() ?? "");
        conditions.Add("start >= @since", "since", resolution.StartOf(starts[0]));
        conditions.Add("start < @until", "until", resolution.StartOf(starts[^1] + query.Step));
        if (query.Of is { } of)
        {
            conditions.Add("name = @name", "name", of.Name);
        }
        else if (dimension is null)
        {
            conditions.Add($"name = '{Tally.Others}'");
        }

        if (query.Account is { } account)
        {
            conditions.Add("account = @account", "account", account.Value);
        }
        else if (!query.WithServerMail)
        {
            conditions.Add("account <> ''");
        }

        if (query.Region is { } region)
        {
            conditions.Add("region = @region", "region", region.Value);
        }

        return conditions;
    }

    private static TrafficCounts Read(DbDataReader row) => new(
        row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6));
}
