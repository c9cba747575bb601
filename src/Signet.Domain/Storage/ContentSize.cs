namespace Signet.Storage;

/// <summary>How much the contents of messages take up, and which of them go first.</summary>
internal static class ContentSize
{
    // Rows added up in one query, so that no reading transaction lasts long.
    private const int Portion = 50_000;

    /// <summary>Bytes of all contents.</summary>
    public static async Task<long> SumAsync(Database database, CancellationToken cancel)
    {
        for (var (sum, after) = (0L, ""); ;)
        {
            var (count, bytes, last) = await database.ReadAsync(
                async session => (await session.QueryAsync(
                    $"""
                    SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT), MAX(id)
                    FROM (SELECT id, size FROM message WHERE has_content = 1 AND id > @after ORDER BY id LIMIT {Portion}) part
                    """,
                    r => (r.GetInt64(0), r.GetInt64(1), r.TextOrNull(2)),
                    ("after", after)))[0],
                cancel);
            sum += bytes;
            if (count < Portion)
            {
                return sum;
            }

            after = last!;
        }
    }

    /// <summary>The messages whose contents go first, to make room for so many bytes: those that finished first.</summary>
    public static async Task<List<(string Id, long Size)>> OldestAsync(Session session, long bytes, int limit)
    {
        var finished = await session.QueryAsync(
            "SELECT id, size FROM message WHERE has_content = 1 AND finished_at IS NOT NULL ORDER BY finished_at LIMIT @limit",
            r => (Id: r.GetString(0), Size: r.GetInt64(1)), ("limit", limit));
        var left = bytes;
        var count = finished.TakeWhile(m => (left -= m.Size) > 0).Count();
        return finished[..Math.Min(count + 1, finished.Count)];
    }
}
